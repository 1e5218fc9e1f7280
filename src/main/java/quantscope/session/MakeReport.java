package quantscope.session;

import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import quantscope.compare.Comparison;
import quantscope.compare.Inspect;
import quantscope.compare.LayerInsight;
import quantscope.compare.Saturation;
import quantscope.dataset.LoadedImages;
import quantscope.export.Configuration;
import quantscope.export.report.Gallery;
import quantscope.export.report.HtmlReport;
import quantscope.export.report.Machine;
import quantscope.export.report.ReportContent;
import quantscope.export.report.Thumbnails;
import quantscope.ptq.Convert;
import quantscope.task.Cancellation;
import quantscope.task.Progress;

/** Gathers all that a report says about a run. */
record MakeReport(Inspect inspect, Machine machine) {

    /** @param images that calibrated */
    String html(CalibrationRun run, Configuration configuration, Comparison comparison, Saturation saturation,
                LoadedImages images, Progress progress, Cancellation cancellation) {
        List<LayerInsight> insights = inspect.run(run.prepared(), run.calibration(),
                Convert.run(run.prepared(), run.calibration()), run.prepared().int8Layers(), images::input, images.count(),
                progress, cancellation);
        List<String> notes = new ArrayList<>(run.job().model().model().notes());
        notes.addAll(run.calibration().warnings());
        return HtmlReport.write(new ReportContent(configuration, run.prepared(), run.calibration(), comparison,
                run.job().model().classNames(), notes, insights, Optional.of(saturation),
                Thumbnails.of(run.job().images().root(), Gallery.pictured(comparison), cancellation), machine,
                ZonedDateTime.now()));
    }
}
