package quantscope;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import javafx.scene.input.KeyCode;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import quantscope.compare.Comparison;
import quantscope.compare.Drift;
import quantscope.dataset.ImageSelection;
import quantscope.ptq.Precision;
import quantscope.ptq.Specification;
import quantscope.quant.QuantParams;
import quantscope.session.CalibrationRun;
import quantscope.session.Job;
import quantscope.session.OpenModel;
import quantscope.session.Session;
import quantscope.task.Cancellation;
import quantscope.task.Progress;

/** conv1 to int8 on the sample's images: calibrate, compare, look inside, take away. */
class MainJobWalkTest extends WindowWalk {

    private static final Cancellation GO_ON = Cancellation.NEVER;

    /** What the session computes for the window's choices, without a window. */
    private record Expected(CalibrationRun run, Comparison comparison) {

        static Expected of(ImageSelection selection) throws Exception {
            Session session = Composition.session();
            OpenModel model = session.open(SAMPLES.resolve("alexnet-xnor.pt2"), Progress.NONE, GO_ON);
            Job job = new Job(model, Specification.EMPTY.withPrecision("conv1", Optional.of(Precision.INT8)),
                    session.images(SAMPLES.resolve("images"), GO_ON), selection, model.preprocessing());
            CalibrationRun run = session.calibrate(job, Progress.NONE, GO_ON);
            return new Expected(run, session.compare(run, Progress.NONE, GO_ON));
        }
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.1f %%", share * 100);
    }

    @Test
    void theWindowShowsTheNumbersThatTheSessionComputes() throws Exception {
        untilReady();
        tickConv1();
        assertEquals("Ready.", text("#calibration-readiness"));
        type("#calibration-text", "40");
        type("#evaluation-text", "60");
        type("#seed-text", "3");
        type("#batch-text", "16");
        run();
        Expected expected = Expected.of(new ImageSelection(40, 60, 3, 16));
        Drift drift = expected.comparison().drift();
        assertEquals(60, drift.imageCount());
        assertEquals("Top-1 drift " + percent(drift.top1Drift()), text("#drift-headline"));
        assertEquals("95 % CI " + percent(drift.top1DriftCi95().low()) + " to " + percent(drift.top1DriftCi95().high())
                + "  ·  " + drift.drifted().size() + " of 60 images", text("#drift-interval"));
        assertTrue(text("#drift-top1").startsWith("Top-1 accuracy: fp32 " + percent(drift.fp32Top1().getAsDouble())
                + ", converted " + percent(drift.convertedTop1().getAsDouble())), text("#drift-top1"));
        assertTrue(text("#drift-top5").startsWith("Top-5: fp32 " + percent(drift.fp32Top5().getAsDouble())),
                text("#drift-top5"));
        galleryShowsBothAnswers(drift);
        scalesAreThoseOf(expected.run());
    }

    private void galleryShowsBothAnswers(Drift drift) throws Exception {
        press("#filter-ALL");
        until("pictures of the gallery", () -> lookup(".image-card").queryAll().stream().anyMatch(WindowWalk::visible));
        var first = drift.images().stream().filter(i -> i.path().equals(fx(() -> spoken(".image-card")))).findFirst()
                .orElseThrow();
        OpenModel model = Composition.session().open(SAMPLES.resolve("alexnet-xnor.pt2"), Progress.NONE, GO_ON);
        List<String> card = read(".image-card");
        assertEquals(List.of("fp32", model.className(first.fp32().top1()),
                percent(first.fp32().probabilities().getFirst()), "→", model.className(first.converted().top1()),
                percent(first.converted().probabilities().getFirst()),
                "True: " + model.className(first.label().getAsInt())), card);
    }

    private String spoken(String query) {
        return find(query).orElseThrow().getAccessibleText().split(": ")[0];
    }

    private void scalesAreThoseOf(CalibrationRun run) throws Exception {
        press("#tab-calibration");
        QuantParams conv1 = run.calibration().activations().get("conv1").params();
        until("scales", () -> !rows("#scale-table").isEmpty());
        List<String> row = rows("#scale-table").stream().filter(r -> r.getFirst().equals("conv1")).findFirst()
                .orElseThrow();
        assertEquals(String.format(Locale.ROOT, "%.3g", conv1.scale(0)), row.get(1));
        assertEquals(Integer.toString(conv1.zeroPoint(0)), row.get(2));
    }

    @Test
    void unreadableImagesAreCountedAndListed() throws Exception {
        untilReady();
        Path images = someImages(12);
        Files.writeString(images.resolve("apple/003.jpg"), "no picture");
        Files.write(images.resolve("car/004.jpg"), new byte[0]);
        chooseImages(images);
        untilText("#tool-images", "24 images");
        tickConv1();
        run();
        press("#tab-calibration");
        untilText("#skipped-images", "2 images were skipped");
        press("#skipped-images");
        until("the list", () -> read("#skipped-list").contains("apple/003.jpg")
                && read("#skipped-list").contains("car/004.jpg"));
    }

    @Test
    void theInspectorShowsWeightsAndActivationsAndSavesThem() throws Exception {
        untilReady();
        tickConv1();
        run();
        press("#tab-weight");
        untilText("#weight-title", "Weight of conv1");
        untilText("#weight-bits", "of 8");
        for (String fact : List.of("scales", "zeroPoint", "sqnr", "cosine", "mse", "maxError", "levels")) {
            assertTrue(text("#weight-" + fact).matches(".*\\d.*"), fact + ": " + text("#weight-" + fact));
        }
        String overall = text("#weight-sqnr");
        press("#weight-view");
        type(KeyCode.DOWN).type(KeyCode.ENTER);
        untilShown("#weight-scale");
        type("#weight-channel", "5");
        type(KeyCode.ENTER);
        until("channel 5", () -> !text("#weight-sqnr").equals(overall));
        press("#tab-output");
        untilText("#output-title", "Output of conv1, over the calibration images");
        Expected expected = Expected.of(selection());
        QuantParams params = expected.run().calibration().activations().get("conv1").params();
        assertEquals(Float.toString((float) params.scale(0)), text("#output-scale"));
        assertEquals(Integer.toString(params.zeroPoint(0)), text("#output-zeroPoint"));
        assertTrue(text("#output-clipRange").contains(" … "), text("#output-clipRange"));
        assertTrue(text("#output-clipped").matches("\\d+\\.\\d{3} %"), text("#output-clipped"));
        assertTrue(text("#output-sqnr").endsWith("dB"), text("#output-sqnr"));
        press("#output-chart-log-true");
        moveTo(fx(() -> find("#output-chart .histogram-chart").orElseThrow()));
        until("a reading", () -> text(".histogram-reading").matches("(?s)fp32 .* to .*: .*level .*: .*"));
        Path png = folder.resolve("output.png");
        Path csv = folder.resolve("output.csv");
        saveChart(png, "Save as PNG...");
        saveChart(csv, "Save as CSV...");
        until("both files", () -> Files.exists(png) && Files.exists(csv));
        assertTrue(ImageIO.read(png.toFile()).getWidth() > 300);
        assertEquals("values,from,to,count", Files.readAllLines(csv).getFirst());
        press("#tab-input");
        untilText("#input-title", "Input of conv1");
        assertTrue(text("#input-scale").matches("0\\.\\d+"), text("#input-scale"));
    }

    private void saveChart(Path file, String entry) throws Exception {
        answers.next.add(file);
        press("#output-chart-save");
        clickOn(entry);
    }

    @Test
    void signsThatFlipAtABinaryLayerAreShown() throws Exception {
        untilReady();
        tickConv1();
        run();
        press("#look-TABLE");
        pressRow("conv2");
        press("#tab-input");
        until("sign flips of conv2", () -> text("#input-sign-flips")
                .matches("\\d+\\.\\d{3} % of the signs at this layer's input flip"));
    }

    @Test
    void aConfigurationIsTakenAwayAndOpenedAgainWithTheSameDrift() throws Exception {
        untilReady();
        tickConv1();
        run();
        String headline = text("#drift-headline");
        String interval = text("#drift-interval");
        Path json = folder.resolve("conv1.json");
        Path python = folder.resolve("conv1_int8.py");
        press("#tool-export");
        until("a preview", () -> text("#export-text").contains("conv1"));
        answers.next.add(json);
        press("#save-export");
        untilText("#export-saved", "Saved " + json);
        press("#format-pytorch");
        until("Python in the preview", () -> text("#export-text").contains("import torch"));
        answers.next.add(python);
        press("#save-export");
        untilText("#export-saved", "Saved " + python);
        String script = Files.readString(python, StandardCharsets.UTF_8);
        assertTrue(script.contains("conv1") && script.contains("QuantStub") && script.contains("DeQuantStub"));
        String saved = Files.readString(json, StandardCharsets.UTF_8);
        assertTrue(saved.contains("\"conv1\"") && saved.contains("HistogramObserver"), saved);
        shortcut(KeyCode.Z);
        until("no stub", () -> lookup(".form-stub").queryAll().isEmpty());
        press("#tab-calibration");
        type("#seed-text", "9");
        press("#tab-export");
        answers.next.add(json);
        press("#open-configuration-panel");
        until("the configuration's choices", () -> lookup(".form-stub").queryAll().size() == 2
                && text("#tool-run").startsWith("Calibrate"));
        until("fresh results", () -> find("#export-stale").isEmpty() && find("#stale").isEmpty());
        press("#tab-drift");
        assertEquals(headline, text("#drift-headline"));
        assertEquals(interval, text("#drift-interval"));
        press("#tab-calibration");
        assertEquals("0", text("#seed-text"));
    }
}
