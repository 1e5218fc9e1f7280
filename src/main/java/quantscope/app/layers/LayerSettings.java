package quantscope.app.layers;

import java.util.List;
import java.util.Optional;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.CheckBox;
import javafx.scene.control.Label;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.Separator;
import javafx.scene.control.TitledPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;
import org.kordamp.ikonli.feather.Feather;
import quantscope.app.control.EmptyState;
import quantscope.app.control.ObstacleList;
import quantscope.app.control.Segments;
import quantscope.app.state.Choosing;
import quantscope.app.state.Runs;
import quantscope.app.state.Workspace;
import quantscope.app.text.Texts;
import quantscope.figure.Formats;
import quantscope.figure.Layers;
import quantscope.graph.Cost;
import quantscope.graph.Op;
import quantscope.graph.QuantFacts;
import quantscope.ptq.Int8Support;
import quantscope.ptq.Obstacle;
import quantscope.ptq.Precision;
import quantscope.ptq.Prepared;

/** The selected layer: what it is, what it runs in, how it is observed, what stands in its way. */
public final class LayerSettings extends VBox {

    private final Workspace workspace;
    private final Choosing choosing;
    private final Runs runs;
    private final Texts texts = Texts.of("layers");
    private final Label name = styled("layer-title");
    private final Label facts = styled("layer-facts");
    private final Segments<Precision> precision;
    private final Label precisionHint = styled("hint");
    private final VBox obstacles = new VBox();
    private final CheckBox own = new CheckBox();
    private final QConfigEditor editor;
    private final QConfigEditor defaults;
    private final TitledPane defaultPane;
    private final VBox qconfigBox;
    private final VBox page;
    private final ScrollPane scroll;

    public LayerSettings(Workspace workspace, Choosing choosing, Runs runs) {
        this.workspace = workspace;
        this.runs = runs;
        this.choosing = choosing;
        getStyleClass().add("layer-settings");
        precision = new Segments<>("precision", List.of(Precision.values()), Precision::label,
                p -> selected().ifPresent(l -> choosing.setPrecision(l, p)));
        own.setId("own-qconfig");
        own.setOnAction(_ -> selected().ifPresent(l -> choosing.setQConfig(l,
                own.isSelected() ? Optional.of(workspace.specification().qconfig(l)) : Optional.empty())));
        editor = new QConfigEditor("qconfig", q -> selected().ifPresent(l -> choosing.setQConfig(l, Optional.of(q))));
        defaults = new QConfigEditor("default-qconfig", choosing::setDefaultQConfig);
        defaultPane = new TitledPane(texts.text("qconfig.default"), defaults);
        defaultPane.setId("default-qconfig");
        defaultPane.setExpanded(false);
        defaultPane.setAnimated(false);
        defaultPane.getStyleClass().addAll("dense");
        facts.setWrapText(true);
        VBox words = new VBox(2, name, facts);
        HBox.setHgrow(words, Priority.ALWAYS);
        precision.setMinWidth(USE_PREF_SIZE);
        HBox head = new HBox(10, words, precision);
        head.setAlignment(Pos.CENTER_LEFT);
        precisionHint.setWrapText(true);
        qconfigBox = new VBox(8, own, editor);
        qconfigBox.getStyleClass().add("section");
        page = new VBox(10, head, precisionHint, obstacles, new Separator(), qconfigBox, defaultPane);
        page.getStyleClass().add("page");
        scroll = new ScrollPane(page);
        scroll.setFitToWidth(true);
        VBox.setVgrow(scroll, Priority.ALWAYS);
        workspace.preparedProperty().addListener((_, _, _) -> show());
        workspace.selectedLayerProperty().addListener((_, _, _) -> show());
        runs.results().comparisonProperty().addListener((_, _, _) -> show());
        show();
    }

    private Optional<String> selected() {
        return workspace.selectedLayer();
    }

    private void show() {
        Optional<Prepared> prepared = workspace.prepared();
        Optional<String> layer = selected();
        if (prepared.isEmpty() || layer.isEmpty()) {
            Node empty = new EmptyState(Feather.MOUSE_POINTER, texts.text("none.title"), texts.text("none.hint"));
            VBox.setVgrow(empty, Priority.ALWAYS);
            getChildren().setAll(empty);
            return;
        }
        getChildren().setAll(scroll);
        show(prepared.get(), layer.get());
    }

    private void show(Prepared prepared, String layer) {
        quantscope.graph.Node node = prepared.graph().node(layer);
        quantscope.graph.Node described = prepared.source().find(layer).orElse(node);
        Cost cost = Cost.of(described);
        String weights = Layers.weighted(described.op()) ? texts.text("facts.cost",
                Formats.count(cost.parameters()), Formats.count(cost.macs())) : "";
        name.setText(layer);
        facts.setText(texts.text("facts", described.op().kind(), Formats.shape(node.shape())) + weights + kernel(layer));
        List<Precision> offered = choosing.offered(layer);
        precision.setVisible(!offered.isEmpty() && !prepared.fusedInto().containsKey(layer));
        precision.show(choosing.precision(layer));
        List<Obstacle> all = prepared.obstacles(layer);
        boolean blocked = all.stream().anyMatch(o -> o.blocking() && o.fix().isEmpty());
        precision.allow(offered.stream().filter(p -> p != Precision.INT8 || !blocked).toList());
        hint(hint(prepared, layer, node.op(), blocked));
        obstacles.getChildren().setAll(all.isEmpty() ? List.of() : List.of(new ObstacleList(choosing, all)));
        obstacles.setManaged(!all.isEmpty());
        boolean observed = choosing.precision(layer) == Precision.INT8 && !prepared.fusedInto().containsKey(layer);
        boolean chosen = workspace.specification().choice(layer).qconfig().isPresent();
        qconfigBox.setDisable(!observed);
        boolean given = prepared.source().find(layer).filter(Int8Support::isInt8).isPresent();
        qconfigBox.setVisible(!given);
        qconfigBox.setManaged(!given);
        own.setText(texts.text("qconfig.ownFor", layer));
        own.setSelected(chosen);
        editor.setDisable(!chosen);
        editor.show(workspace.specification().qconfig(layer));
        defaults.show(workspace.specification().defaultQConfig());
    }

    /** What multiplied when the layer last ran. */
    private String kernel(String layer) {
        return runs.results().comparison().flatMap(c -> Optional.ofNullable(c.kernels().get(layer)))
                .map(way -> texts.text("facts.kernel", way)).orElse("");
    }

    private String hint(Prepared prepared, String layer, Op op, boolean blocked) {
        if (prepared.fusedInto().containsKey(layer)) {
            return texts.text("hint.fused", prepared.fusedInto().get(layer));
        }
        Optional<String> given = prepared.source().find(layer).flatMap(QuantFacts::sentence);
        if (given.isPresent()) {
            return texts.text("hint.given", given.get());
        }
        if (Layers.stub(op)) {
            return texts.text(op instanceof Op.QuantStub ? "hint.quant" : "hint.dequant");
        }
        if (blocked) {
            return texts.text("hint.blocked");
        }
        return switch (choosing.precision(layer)) {
            case FP32 -> choosing.offered(layer).isEmpty() ? "" : texts.text("hint.fp32");
            case INT8 -> texts.text("hint.int8");
            case BINARY -> texts.text("hint.binary");
        };
    }

    private void hint(String text) {
        precisionHint.setText(text);
        precisionHint.setManaged(!text.isEmpty());
    }

    private static Label styled(String style) {
        Label label = new Label();
        label.getStyleClass().add(style);
        return label;
    }
}
