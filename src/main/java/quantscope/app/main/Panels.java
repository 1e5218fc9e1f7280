package quantscope.app.main;

import java.util.List;
import quantscope.app.calibration.CalibrationView;
import quantscope.app.control.FileDialogs;
import quantscope.app.drift.DriftView;
import quantscope.app.export.ExportView;
import quantscope.app.inspector.InspectorView;
import quantscope.app.inspector.StatisticsView;
import quantscope.app.layers.LayerSettings;
import quantscope.app.saturation.SaturationView;
import quantscope.app.state.Choosing;
import quantscope.app.state.Forecasts;
import quantscope.app.state.Runs;
import quantscope.app.state.Workspace;
import quantscope.app.task.TaskRunner;
import quantscope.app.text.Texts;
import quantscope.session.Session;

/** The slices that go into the frame's tabs. A new slice is plugged in here. */
final class Panels {

    private final List<Panel> inspector;
    private final List<Panel> lower;

    Panels(Workspace workspace, Choosing choosing, Runs runs, TaskRunner tasks, FileDialogs files, Session session) {
        Texts texts = Texts.of("main");
        inspector = List.of(new Panel("settings", texts.text("tab.settings"), new LayerSettings(workspace, choosing, runs)),
                values(InspectorView.Part.WEIGHT, workspace, runs, tasks, files),
                values(InspectorView.Part.INPUT, workspace, runs, tasks, files),
                values(InspectorView.Part.OUTPUT, workspace, runs, tasks, files),
                new Panel("statistics", texts.text("tab.statistics"),
                        new StatisticsView(workspace, runs, tasks, files, session)));
        lower = List.of(
                new Panel("calibration", texts.text("tab.calibration"), new CalibrationView(workspace, runs, files)),
                new Panel("drift", texts.text("tab.drift"), new DriftView(workspace, choosing, runs, tasks, files)),
                new Panel("saturation", texts.text("tab.saturation"),
                        new SaturationView(workspace, choosing, runs, new Forecasts(session, tasks, runs))),
                new Panel("export", texts.text("tab.export"), new ExportView(runs, session, tasks, files)));
    }

    private static Panel values(InspectorView.Part part, Workspace workspace, Runs runs, TaskRunner tasks,
                                FileDialogs files) {
        return new Panel(part.name().toLowerCase(java.util.Locale.ROOT), Texts.of("main").text("tab." + part),
                new InspectorView(part, workspace, runs, tasks, files));
    }

    /** Beside the graph, on top. */
    List<Panel> inspector() {
        return inspector;
    }

    /** Beside the graph, below; "drift" comes to the front after a comparison, "export" at Ctrl+E. */
    List<Panel> lower() {
        return lower;
    }
}
