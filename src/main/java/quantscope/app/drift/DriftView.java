package quantscope.app.drift;

import java.util.List;
import java.util.Optional;
import javafx.geometry.Orientation;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.control.SplitPane;
import javafx.scene.layout.BorderPane;
import javafx.scene.layout.FlowPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.VBox;
import org.kordamp.ikonli.feather.Feather;
import org.kordamp.ikonli.javafx.FontIcon;
import quantscope.app.control.EmptyState;
import quantscope.app.control.FileDialogs;
import quantscope.app.control.Segments;
import quantscope.app.state.Choosing;
import quantscope.app.state.Runs;
import quantscope.app.state.Workspace;
import quantscope.app.task.TaskRunner;
import quantscope.app.text.Texts;
import quantscope.compare.Comparison;
import quantscope.compare.Drift;

/** What quantization changed: how many answers, which ones, and how far each layer is off. */
public final class DriftView extends BorderPane {

    /** Above this width pictures and table stand side by side. */
    private static final double WIDE = 720;

    private enum Page { IMAGES, LAYERS }

    private final Runs runs;
    private final Texts texts = Texts.of("drift");
    private final DriftText words = new DriftText(texts);
    private final Label headline = styled("headline");
    private final Label interval = styled("interval");
    private final Label profile = styled("interval");
    private final Choosing choosing;
    private final Label top1 = styled("accuracy");
    private final Label top5 = styled("accuracy");
    private final Label stale = styled("stale");
    private final Segments<Page> pages;
    private final VBox head;
    private final Gallery gallery;
    private final ErrorTable errors;
    private final EmptyState before;
    private Page page = Page.IMAGES;

    public DriftView(Workspace workspace, Choosing choosing, Runs runs, TaskRunner tasks, FileDialogs dialogs) {
        this.runs = runs;
        this.choosing = choosing;
        getStyleClass().add("drift");
        gallery = new Gallery(workspace, runs, tasks, dialogs, texts);
        errors = new ErrorTable(workspace, runs, tasks, dialogs, texts);
        before = new EmptyState(Feather.SHUFFLE, texts.text("before.title"), texts.text("before.hint"));
        headline.setId("drift-headline");
        interval.setId("drift-interval");
        profile.setId("drift-profile");
        top1.setId("drift-top1");
        top5.setId("drift-top5");
        stale.setId("drift-stale");
        stale.setText(texts.text("stale"));
        stale.setGraphic(new FontIcon(Feather.ALERT_CIRCLE));
        pages = new Segments<>("page", List.of(Page.values()), p -> texts.text("page." + p), p -> {
            page = p;
            arrange();
        });
        FlowPane answer = new FlowPane(10, 0, headline, interval, profile);
        answer.setRowValignment(javafx.geometry.VPos.BASELINE);
        head = new VBox(3, answer, new FlowPane(18, 2, top1, top5), stale, new HBox(pages));
        head.getStyleClass().add("drift-head");
        widthProperty().addListener((_, old, now) -> {
            if (old.doubleValue() >= WIDE != now.doubleValue() >= WIDE) {
                arrange();
            }
        });
        runs.results().comparisonProperty().addListener((_, _, _) -> show());
        runs.results().staleProperty().addListener((_, _, _) -> show());
        show();
    }

    private void show() {
        Optional<Drift> drift = runs.results().comparison().map(Comparison::drift);
        drift.ifPresent(d -> {
            headline.setText(words.headline(d));
            interval.setText(words.interval(d));
            profile.setText(runs.results().run().map(r -> texts.text("profile",
                    choosing.describe(r.job().specification().profile()))).orElse(""));
            top1.setText(words.accuracy("top1", d.fp32Top1(), d.convertedTop1()));
            top5.setText(d.fp32Top5().isPresent() ? words.accuracy("top5", d.fp32Top5(), d.convertedTop5()) : "");
        });
        stale.setVisible(runs.results().stale());
        stale.setManaged(runs.results().stale());
        arrange();
    }

    private void arrange() {
        boolean there = runs.results().comparison().isPresent();
        boolean wide = getWidth() >= WIDE;
        pages.show(page);
        pages.getParent().setVisible(!wide);
        pages.getParent().setManaged(!wide);
        setTop(there ? head : null);
        setCenter(!there ? before : wide ? side() : switch (page) {
            case IMAGES -> gallery;
            case LAYERS -> errors;
        });
    }

    private Node side() {
        SplitPane split = new SplitPane(gallery, errors);
        split.setOrientation(Orientation.HORIZONTAL);
        split.setDividerPositions(0.5);
        return split;
    }

    private static Label styled(String style) {
        Label label = new Label();
        label.getStyleClass().add(style);
        return label;
    }
}
