package quantscope.app.layers;

import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import javafx.geometry.Pos;
import javafx.scene.control.Label;
import javafx.scene.control.MenuButton;
import javafx.scene.control.MenuItem;
import javafx.scene.layout.HBox;
import javafx.scene.layout.VBox;
import quantscope.app.text.Texts;
import quantscope.quant.ObserverKind;
import quantscope.quant.QConfig;

/** Edits a qconfig: PyTorch's presets, and each observer by itself. It shows one and tells of another. */
final class QConfigEditor extends VBox {

    private final Texts texts = Texts.of("layers");
    private final Consumer<QConfig> changed;
    private final MenuButton preset = new MenuButton();
    private final ObserverEditor activation;
    private final ObserverEditor weight;
    private QConfig shown = QConfig.FBGEMM;

    QConfigEditor(String id, Consumer<QConfig> changed) {
        this.changed = changed;
        getStyleClass().add("qconfig-editor");
        preset.setId(id + "-preset");
        preset.getStyleClass().add("small");
        preset.getItems().setAll(preset("fbgemm", QConfig.FBGEMM), preset("qnnpack", QConfig.QNNPACK),
                preset("onednn", QConfig.ONEDNN));
        List<ObserverKind> perTensor = Arrays.stream(ObserverKind.values()).filter(k -> !k.perChannel()).toList();
        activation = new ObserverEditor(id + "-activation", texts.text("qconfig.activation"), perTensor,
                spec -> change(new QConfig(spec, shown.weight())));
        weight = new ObserverEditor(id + "-weight", texts.text("qconfig.weight"), List.of(ObserverKind.values()),
                spec -> change(new QConfig(shown.activation(), spec)));
        Label label = new Label(texts.text("qconfig.preset"));
        label.getStyleClass().add("field-label");
        HBox first = new HBox(8, label, preset);
        first.setAlignment(Pos.CENTER_LEFT);
        getChildren().addAll(first, activation, weight);
    }

    private MenuItem preset(String name, QConfig qconfig) {
        MenuItem item = new MenuItem(texts.text("qconfig." + name));
        item.setOnAction(_ -> change(qconfig));
        return item;
    }

    private void change(QConfig next) {
        changed.accept(next);
    }

    void show(QConfig qconfig) {
        shown = qconfig;
        preset.setText(texts.text(qconfig.equals(QConfig.FBGEMM) ? "qconfig.fbgemm"
                : qconfig.equals(QConfig.QNNPACK) ? "qconfig.qnnpack"
                : qconfig.equals(QConfig.ONEDNN) ? "qconfig.onednn" : "qconfig.own"));
        activation.show(qconfig.activation());
        weight.show(qconfig.weight());
    }
}
