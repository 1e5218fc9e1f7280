package quantscope;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Element;
import quantscope.cli.CommandLineApp;
import quantscope.cli.ExitCode;
import quantscope.dataset.ImageSet;
import quantscope.export.Configuration;
import quantscope.export.ConfigurationJson;
import quantscope.export.report.ReportDom;
import quantscope.run.KernelProvider;
import quantscope.run.ParallelImageRunner;
import quantscope.session.CalibrationRun;
import quantscope.session.EvaluationChoice;
import quantscope.session.Job;
import quantscope.session.OpenModel;
import quantscope.session.Session;
import quantscope.task.Cancellation;
import quantscope.task.Progress;

/** The main job without a window: every subcommand on the sample model and images, and what it says when it cannot. */
class CommandLineTest {

    private static final String MODEL = "sample-models/alexnet-xnor.pt2";
    private static final String IMAGES = "sample-models/images";

    @TempDir
    static Path folder;
    private static Session session;
    private static Path configuration;

    private record Ran(int exit, String out, String err) {

        JsonNode json() throws IOException {
            return new ObjectMapper().readTree(out);
        }
    }

    @BeforeAll
    static void calibrateOnce() {
        session = Composition.session();
        configuration = folder.resolve("conv1.json");
        Ran ran = run("calibrate", MODEL, "--images", IMAGES, "--int8", "conv1", "--limit", "40", "--out",
                configuration.toString());
        assertEquals(0, ran.exit(), ran.err());
        assertTrue(ran.out().contains("calibrated on 40 images"), ran.out());
        assertTrue(ran.out().contains("quant_conv1"), ran.out());
    }

    private static Ran run(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int exit = CommandLineApp.run(arguments, () -> session, new PrintWriter(out), new PrintWriter(err));
        return new Ran(exit, out.toString(), err.toString());
    }

    @Test
    void aWrongWishForKernelsIsOneLineAndNoTrace() {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        String before = System.getProperty(KernelProvider.PROPERTY);
        System.setProperty(KernelProvider.PROPERTY, "gpu");
        try {
            assertEquals(ExitCode.USAGE.code(), CommandLineApp.run(new String[] {"graph", MODEL}, Composition::session,
                    new PrintWriter(out), new PrintWriter(err)));
        } finally {
            if (before == null) {
                System.clearProperty(KernelProvider.PROPERTY);
            } else {
                System.setProperty(KernelProvider.PROPERTY, before);
            }
        }
        assertEquals("", out.toString());
        assertEquals(List.of("quantscope: -Dquantscope.kernels=gpu, expected emitted, vector or scalar"),
                err.toString().lines().toList());
    }

    @Test
    void saturationIsForecastForTheProfile() throws IOException {
        JsonNode onnx = run("saturation", MODEL, "--images", IMAGES, "--config", configuration.toString(), "--profile",
                "onnxruntime", "--json").json();
        assertEquals("onnxruntime-avx2", onnx.get("profile").asText());
        assertEquals(40, onnx.get("imageCount").asInt());
        JsonNode conv1 = onnx.get("layers").get(0);
        assertEquals("conv1", conv1.get("name").asText());
        assertTrue(conv1.get("dotProducts").asLong() > 40_000, conv1.toString());
        assertTrue(conv1.get("moved").asLong() <= conv1.get("saturating").asLong(), conv1.toString());
        assertTrue(run("saturation", MODEL, "--images", IMAGES, "--config", configuration.toString()).out()
                .contains("int8 layers saturate on fbgemm-avx2, over 40 images"));
        assertTrue(run("saturation", MODEL, "--images", IMAGES, "--config", configuration.toString(), "--profile",
                "qnnpack").out().contains("nothing can saturate"));
    }

    @Test
    void aReportHasTheNumbersOfTheComparison() throws IOException {
        Path file = folder.resolve("report.html");
        assertEquals(0, run("report", MODEL, "--images", IMAGES, "--config", configuration.toString(), "--limit", "30", "--out",
                file.toString()).exit());
        JsonNode compared = run("compare", MODEL, "--images", IMAGES, "--config", configuration.toString(), "--limit", "30",
                "--json").json();
        ReportDom report = ReportDom.parse(Files.readString(file));
        assertEquals(List.of(compared.get("top1Drift").asDouble()), ReportDom.numbers(report.byId("summary-drift")));
        List<Element> rows = report.rows("layers", 0);
        assertEquals(compared.get("layers").size(), rows.size());
        for (int i = 0; i < rows.size(); i++) {
            JsonNode layer = compared.get("layers").get(i);
            assertEquals(layer.get("name").asText(), ReportDom.name(rows.get(i)));
            List<Double> numbers = ReportDom.numbers(rows.get(i));
            for (String metric : List.of("sqnrDb", "cosine", "mse", "maxError")) {
                assertTrue(numbers.contains(layer.get(metric).asDouble()), metric + " of " + layer + " in " + numbers);
            }
        }
        assertTrue(report.byId("setup").getTextContent().contains("40 images of the folder"));
        Ran unwritable = run("report", MODEL, "--images", IMAGES, "--config", configuration.toString(), "--limit", "2", "--out",
                folder.resolve("missing").resolve("report.html").toString());
        assertEquals(6, unwritable.exit());
        assertTrue(unwritable.err().contains("its folder does not exist"), unwritable.err());
    }

    @Test
    void reducedWeightsAndTheProfileAreInTheConfiguration() throws IOException {
        Path reduced = folder.resolve("reduced.json");
        assertEquals(0, run("calibrate", MODEL, "--images", IMAGES, "--int8", "conv1", "--limit", "8", "--profile",
                "onnxruntime-avx2", "--reduce", "conv1", "--out", reduced.toString()).exit());
        JsonNode json = new ObjectMapper().readTree(reduced.toFile());
        assertEquals("onnxruntime-avx2", json.at("/specification/profile").asText());
        assertTrue(json.at("/specification/layers/conv1/qconfig/weight/reduceRange").asBoolean());
        assertTrue(run("saturation", MODEL, "--images", IMAGES, "--config", reduced.toString(), "--json").json()
                .get("layers").get(0).get("safe").asBoolean());
        Ran wrong = run("compare", MODEL, "--images", IMAGES, "--config", reduced.toString(), "--profile", "tpu");
        assertEquals(2, wrong.exit());
        assertTrue(wrong.err().contains("--profile is tpu, expected one of fbgemm, fbgemm-avx2, qnnpack"), wrong.err());
    }

    @Test
    void graphListsLayersAndTheirObstacles() throws IOException {
        JsonNode xnor = run("graph", MODEL, "--json").json();
        JsonNode conv1 = layer(xnor, "conv1");
        assertEquals("Conv2d", conv1.get("kind").asText());
        assertEquals("fp32", conv1.get("precision").asText());
        assertEquals("[1,48,32,32]", conv1.get("outputShape").toString());
        assertEquals(7_104, conv1.get("parameters").asLong());
        assertEquals(7_225_344, conv1.get("macs").asLong());
        assertEquals("binary", layer(xnor, "conv2").get("precision").asText());
        JsonNode relu = layer(run("graph", "sample-models/not-quantizable.pt2", "--json").json(), "block1.relu");
        assertTrue(relu.get("obstacles").toString().contains("self.relu(out)"), relu.toString());
        Ran text = run("graph", MODEL);
        assertTrue(text.out().lines().anyMatch(l -> l.matches("conv2 +BinaryConv2d +binary .*")), text.out());
    }

    @Test
    void graphShowsScalesAndZeroPointsOfQuantizedModels() throws IOException {
        String model = "src/test/resources/golden/onnx-quantized/qdq-s8s8-asymmetric/model.onnx";
        JsonNode conv = layer(run("graph", model, "--json").json(), "left");
        assertEquals("int8", conv.get("precision").asText());
        assertEquals("qint8", conv.get("dtype").asText());
        assertEquals(13, conv.get("zeroPoint").asInt());
        assertTrue(conv.get("scale").asDouble() > 0);
        assertEquals(4, conv.get("weight").get("scales").size());
        assertEquals(0, conv.get("obstacles").size());
        Ran text = run("graph", model);
        assertTrue(text.out().lines().anyMatch(l -> l.matches("left +QuantizedConv2d +int8 .*")), text.out());
        assertTrue(text.out().lines().anyMatch(l -> l.contains("output qint8, scale ") && l.contains("zero point 13; weight qint8")),
                text.out());
    }

    @Test
    void whatIsFp32InAQuantizedModelIsQuantizedAsEver(@TempDir Path folder) throws IOException {
        String model = "src/test/resources/golden/onnx-quantized/qdq-partly/model.onnx";
        String config = folder.resolve("fc.json").toString();
        Ran calibrated = run("calibrate", model, "--images", IMAGES, "--limit", "8", "--int8", "fc", "--out", config);
        assertEquals(0, calibrated.exit(), calibrated.err());
        assertEquals("onnxruntime", new ObjectMapper().readTree(Path.of(config).toFile()).at("/specification/profile").asText());
        Ran compared = run("compare", model, "--images", IMAGES, "--config", config, "--limit", "8", "--json");
        assertEquals(0, compared.exit(), compared.err());
        assertTrue(compared.json().toString().contains("\"fc\""), compared.out());
        Path exported = folder.resolve("fc.onnx");
        Ran written = run("export", model, "--config", config, "--to", "onnx", "--out", exported.toString());
        assertEquals(0, written.exit(), written.err());
        JsonNode again = run("graph", exported.toString(), "--json").json();
        assertEquals("QuantizedLinear", layer(again, "fc.real").get("kind").asText());
        assertEquals("QuantizedConv2d", layer(again, "conv1.real").get("kind").asText());
        Ran python = run("export", model, "--config", config, "--to", "pytorch", "--out", folder.resolve("fc.py").toString());
        assertTrue(python.exit() != 0 && python.err().contains("is int8 in the model file already"), python.err());
        assertTrue(python.err().contains("numbers are onnxruntime's"), python.err());
        assertFalse(written.err().contains("levels may differ"), written.err());
    }

    private static JsonNode layer(JsonNode graph, String name) {
        for (JsonNode layer : graph.get("layers")) {
            if (layer.get("name").asText().equals(name)) {
                return layer;
            }
        }
        throw new AssertionError(name + " is not in " + graph);
    }

    @Test
    void compareReportsDriftAccuracyAndEachImage() throws IOException {
        Ran ran = run("compare", MODEL, "--images", IMAGES, "--config", configuration.toString(), "--limit", "30",
                "--json");
        assertEquals(0, ran.exit(), ran.err());
        JsonNode result = ran.json();
        assertEquals(30, result.get("imageCount").asInt());
        assertEquals(30, result.get("images").size());
        long changed = 0;
        for (JsonNode image : result.get("images")) {
            assertTrue(Files.isRegularFile(Path.of(IMAGES, image.get("path").asText())), image.toString());
            assertTrue(image.get("fp32").asInt() >= 0 && image.get("fp32").asInt() < 10, image.toString());
            changed += image.get("fp32").asInt() == image.get("converted").asInt() ? 0 : 1;
        }
        double drift = result.get("top1Drift").asDouble();
        assertEquals(changed / 30.0, drift, 1e-12);
        assertTrue(result.get("top1DriftCi95").get(0).asDouble() <= drift
                && drift <= result.get("top1DriftCi95").get(1).asDouble(), result.get("top1DriftCi95").toString());
        assertTrue(result.get("fp32Top1Accuracy").asDouble() > 0.5);
        assertTrue(result.get("convertedTop1Accuracy").asDouble() > 0.5);
    }

    @Test
    void aFlatFolderHasNoAccuracy() throws IOException {
        Path flat = Files.createDirectories(folder.resolve("flat"));
        for (String name : List.of("car", "fish")) {
            Files.copy(Path.of(IMAGES, name, "000.jpg"), flat.resolve(name + ".jpg"));
        }
        JsonNode result = run("compare", MODEL, "--images", flat.toString(), "--config", configuration.toString(),
                "--json").json();
        assertEquals(2, result.get("imageCount").asInt());
        assertTrue(result.get("fp32Top1Accuracy").isNull() && result.get("convertedTop1Accuracy").isNull());
    }

    @Test
    void theSameChoicesGiveTheSameFileAndOthersOthers() throws IOException {
        List<byte[]> files = new ArrayList<>();
        for (String seed : List.of("0", "0", "1")) {
            Path out = folder.resolve("seed" + files.size() + ".json");
            assertEquals(0, run("calibrate", MODEL, "--images", IMAGES, "--int8", "conv1", "--limit", "40", "--seed",
                    seed, "--out", out.toString()).exit());
            files.add(Files.readAllBytes(out));
        }
        assertArrayEquals(files.get(0), files.get(1));
        assertFalse(java.util.Arrays.equals(files.get(0), files.get(2)));
    }

    @Test
    void aReopenedConfigurationGivesTheCalibrationsOwnNumbers() throws Exception {
        OpenModel model = session.open(Path.of(MODEL), Progress.NONE, Cancellation.NEVER);
        Configuration written = ConfigurationJson.load(configuration);
        ImageSet images = session.images(Path.of(IMAGES), Cancellation.NEVER);
        CalibrationRun fresh = session.calibrate(new Job(model, written.specification(), images, written.selection(),
                written.preprocessing()), Progress.NONE, Cancellation.NEVER);
        CalibrationRun again = session.restore(model, written, images, written.preprocessing());
        fresh.calibration().activations().forEach((node, a) -> assertEquals(a.params(),
                again.calibration().activations().get(node).params(), node));
        EvaluationChoice choice = new EvaluationChoice(true, 40, 0);
        assertEquals(session.compare(fresh, choice, Progress.NONE, Cancellation.NEVER).drift(),
                session.compare(again, choice, Progress.NONE, Cancellation.NEVER).drift());
    }

    @Test
    void theNumberOfThreadsChangesNoByte() throws IOException {
        List<byte[]> files = new ArrayList<>();
        List<String> answers = new ArrayList<>();
        Session shared = session;
        try {
            for (int threads = 1; threads <= 3; threads++) {
                session = Composition.session(new ParallelImageRunner(threads));
                Path out = folder.resolve("threads" + threads + ".json");
                assertEquals(0, run("calibrate", MODEL, "--images", IMAGES, "--int8", "conv1", "--limit", "40", "--out",
                        out.toString()).exit());
                files.add(Files.readAllBytes(out));
                answers.add(run("compare", MODEL, "--images", IMAGES, "--config", out.toString(), "--limit", "20",
                        "--json").out());
            }
        } finally {
            session = shared;
        }
        for (int i = 1; i < files.size(); i++) {
            assertArrayEquals(files.getFirst(), files.get(i));
            assertEquals(answers.getFirst(), answers.get(i));
        }
        assertFalse(answers.getFirst().isEmpty());
    }

    @Test
    void aFullSizeAlexNetIsTheSameForTheSameSeedAndOpens() throws IOException {
        Path first = folder.resolve("alexnet.onnx");
        Path second = folder.resolve("again.onnx");
        for (Path file : List.of(first, second)) {
            assertEquals(0, run("make-alexnet", "--seed", "3", "--out", file.toString()).exit());
        }
        assertEquals(-1, Files.mismatch(first, second));
        JsonNode graph = run("graph", first.toString(), "--json").json();
        JsonNode last = graph.get("layers").get(graph.get("layers").size() - 1);
        assertEquals("[1,1000]", last.get("outputShape").toString());
        long parameters = 0;
        for (JsonNode layer : graph.get("layers")) {
            parameters += layer.get("parameters").asLong();
        }
        assertEquals(61_100_840, parameters);
        Files.delete(first);
        Files.delete(second);
    }

    @Test
    void aConfigurationIsAStartForAnother() throws IOException {
        Path out = folder.resolve("more.json");
        Ran ran = run("calibrate", MODEL, "--images", IMAGES, "--config", configuration.toString(), "--fp32", "fc8",
                "--observer", "minmax", "--limit", "8", "--batch", "4", "--json", "--out", out.toString());
        assertEquals(0, ran.exit(), ran.err());
        JsonNode written = new ObjectMapper().readTree(out.toFile());
        assertEquals("int8", written.at("/specification/layers/conv1/precision").asText());
        assertEquals("fp32", written.at("/specification/layers/fc8/precision").asText());
        assertEquals("MinMaxObserver", written.at("/specification/defaultQConfig/activation/observer").asText());
    }

    @Test
    void exportWritesAPythonFileWithItsWeights() throws IOException {
        Path out = folder.resolve("net.py");
        Ran ran = run("export", MODEL, "--config", configuration.toString(), "--to", "pytorch", "--out",
                out.toString());
        assertEquals(0, ran.exit(), ran.err());
        assertTrue(Files.readString(out).contains("QuantStub"));
        assertTrue(Files.size(folder.resolve("net.npz")) > 100_000);
        Ran again = run("export", MODEL, "--config", configuration.toString(), "--to", "json", "--out",
                folder.resolve("same.json").toString());
        assertEquals(0, again.exit(), again.err());
        assertArrayEquals(Files.readAllBytes(configuration), Files.readAllBytes(folder.resolve("same.json")));
    }

    @ParameterizedTest
    @CsvSource({"pytorch-fx, net.py", "safetensors, net.safetensors", "onnx, net.onnx", "aimet, net.encodings",
        "aimet-1, net.encodings"})
    void exportWritesEveryFormat(String format, String name) throws IOException {
        Path out = folder.resolve(format).resolve(name);
        Files.createDirectories(out.getParent());
        Ran ran = run("export", MODEL, "--config", configuration.toString(), "--to", format, "--out", out.toString());
        assertEquals(0, ran.exit(), ran.err());
        assertEquals(out.toString(), ran.out().lines().findFirst().orElseThrow());
        assertTrue(Files.size(out) > 1000);
    }

    @Test
    void aTableOfLayersHasErrorsWhereImagesAreGiven() throws IOException {
        Path out = folder.resolve("layers.csv");
        Ran ran = run("export", MODEL, "--config", configuration.toString(), "--to", "csv", "--images", IMAGES, "--out",
                out.toString());
        assertEquals(0, ran.exit(), ran.err());
        List<String> lines = Files.readAllLines(out);
        int column = List.of(lines.getFirst().split(",")).indexOf("sqnr_db");
        String conv1 = lines.stream().filter(l -> l.startsWith("conv1,")).findFirst().orElseThrow();
        assertTrue(Double.parseDouble(conv1.split(",", -1)[column]) > 10, conv1);
    }

    @Test
    void preprocessingFlagsOverrideTheModels() throws IOException {
        Path out = folder.resolve("resized.json");
        assertEquals(0, run("calibrate", MODEL, "--images", IMAGES, "--int8", "conv1", "--limit", "8", "--resize",
                "64", "--mean", "0.5,0.5,0.5", "--out", out.toString()).exit());
        JsonNode preprocessing = new ObjectMapper().readTree(out.toFile()).get("preprocessing");
        assertEquals(64, preprocessing.get("resize").asInt());
        assertEquals("[0.5,0.5,0.5]", preprocessing.get("mean").toString());
        assertEquals("[64,64]", preprocessing.get("crop").toString());
    }

    @Test
    void anotherModelsConfigurationRunsWhereItFitsIfThatIsWanted() {
        List<String> line = List.of("compare", "sample-models/alexnet.pt2", "--images", IMAGES, "--config",
                configuration.toString(), "--limit", "5");
        Ran refused = run(line.toArray(String[]::new));
        assertEquals(5, refused.exit());
        assertEquals("", refused.out());
        assertTrue(refused.err().contains("conv1.json: was made for alexnet-xnor.pt2") && refused.err()
                .contains("this is alexnet.pt2") && refused.err().contains("--other-model"), refused.err());
        Ran ran = run(Stream.concat(line.stream(), Stream.of("--other-model")).toArray(String[]::new));
        assertEquals(0, ran.exit(), ran.err());
        assertTrue(ran.err().contains("note: conv1.json was made for alexnet-xnor.pt2"), ran.err());
    }

    @Test
    void aConfigurationsCropThatTheNetworkDoesNotReadIsTheConfigurationsFault() throws IOException {
        ObjectNode edited = (ObjectNode) new ObjectMapper().readTree(configuration.toFile());
        ((ObjectNode) edited.get("preprocessing")).putArray("crop").add(32).add(32);
        Path file = folder.resolve("cropped.json");
        new ObjectMapper().writeValue(file.toFile(), edited);
        for (String[] line : new String[][] {
            {"compare", MODEL, "--images", IMAGES, "--config", file.toString()},
            {"export", MODEL, "--config", file.toString(), "--to", "pytorch", "--out", folder.resolve("c.py").toString()},
            {"calibrate", MODEL, "--images", IMAGES, "--config", file.toString(), "--out",
                folder.resolve("c.json").toString()}}) {
            Ran ran = run(line);
            assertEquals(5, ran.exit(), ran.err());
            assertTrue(ran.err().contains("cropped.json: /preprocessing: crop is 32 x 32, but this network reads 64 x 64"),
                    ran.err());
        }
    }

    @Test
    void whatAFolderHoldsBesidesItsImagesIsSaid() throws IOException {
        Path mixed = Files.createDirectories(folder.resolve("mixed/thumbs")).getParent();
        for (int i = 0; i < 8; i++) {
            Files.copy(Path.of(IMAGES, "car", "000.jpg"), mixed.resolve(i + ".jpg"));
        }
        Files.copy(Path.of(IMAGES, "car", "000.jpg"), mixed.resolve("thumbs/0.jpg"));
        Files.createSymbolicLink(mixed.resolve("thumbs/gone.png"), Path.of("nowhere.png"));
        Ran ran = run("calibrate", MODEL, "--images", mixed.toString(), "--int8", "conv1", "--json", "--out",
                folder.resolve("mixed.json").toString());
        assertEquals(0, ran.exit(), ran.err());
        assertTrue(ran.err().contains("skipped 4.jpg: lies beside sub-folders"), ran.err());
        assertTrue(ran.err().contains("skipped 3 more: lies beside sub-folders"), ran.err());
        assertTrue(ran.err().contains("skipped thumbs/gone.png: is a link to a file that is not there"), ran.err());
        assertEquals(9, ran.json().get("skipped").size());
    }

    @Test
    void anUnexpectedFailureAndACallingOffHaveCodesOfTheirOwn() {
        PrintWriter nowhere = new PrintWriter(new StringWriter());
        assertEquals(1, CommandLineApp.run(new String[] {"graph", MODEL}, () -> {
            throw new IllegalStateException("broken");
        }, nowhere, nowhere));
        assertEquals(130, CommandLineApp.run(new String[] {"graph", MODEL}, () -> {
            throw new CancellationException();
        }, nowhere, nowhere));
    }

    @Test
    void resultsGoOutAndProgressGoesToErr() {
        Ran ran = run("compare", MODEL, "--images", IMAGES, "--config", configuration.toString(), "--limit", "10");
        assertTrue(ran.out().contains("top-1"), ran.out());
        assertFalse(ran.out().contains("a second"), ran.out());
        assertFalse(ran.err().contains("top-1"), ran.err());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "2 | graph | Missing required parameter",
        "2 | nonsense | nonsense",
        "2 | calibrate MODEL --images IMAGES --int8 conv9 --out x.json | conv9",
        "2 | calibrate MODEL --images IMAGES --int8 conv1 --limit 0 --out x.json | 0",
        "2 | calibrate MODEL --images IMAGES --int8 conv1 --crop 32 --out x.json | --crop: crop is 32 x 32, but this",
        "2 | calibrate MODEL --images IMAGES --int8 conv1 --mean 0.5 --std 0.5 --out x.json | mean and std have 1 values",
        "2 | compare MODEL --images IMAGES --config CONFIG --crop 32,64 | reads 64 x 64 pixels",
        "2 | calibrate MODEL --images IMAGES --int8 conv1 --binary conv1 --out x.json | conv1 is named by --int8 and by",
        "2 | calibrate MODEL --images IMAGES --out x.json | name layers with --int8, for example --int8 conv1",
        "3 | graph missing.onnx | missing.onnx",
        "3 | graph README.md | README.md",
        "4 | calibrate MODEL --images src/main/java --int8 conv1 --out x.json | src/main/java",
        "4 | calibrate MODEL --images no-such-folder --int8 conv1 --out x.json | no-such-folder",
        "5 | compare MODEL --images IMAGES --config pom.xml | pom.xml",
        "5 | compare MODEL --images IMAGES --config missing.json | missing.json: does not exist",
        "5 | export MODEL --config missing.json --to json --out x.json | missing.json: does not exist",
        "2 | export MODEL --config CONFIG --to tflite --out x.json | expected one of [json, pytorch, pytorch-fx, safetensors, onnx, aimet, aimet-1, csv]",
        "2 | calibrate MODEL --images IMAGES --int8 conv1 --observer median --out x.json | --observer is median",
        "3 | compare sample-models/README.md --images IMAGES --config CONFIG | README.md",
        "6 | make-alexnet --out no-such-folder/alexnet.onnx | no-such-folder",
        "6 | calibrate MODEL --images IMAGES --int8 conv1 --limit 2 --out no-such-folder/x.json | no-such-folder",
        "5 | compare sample-models/residual.pt2 --images IMAGES --config CONFIG --other-model | does not fit",
        "6 | export MODEL --config CONFIG --to json --out no-such-folder/x.json | no-such-folder"})
    void failuresHaveACodeAndSayWhat(int code, String line, String said) {
        Ran ran = run(Stream.of(line.split(" ")).map(a -> a.replace("MODEL", MODEL).replace("IMAGES", IMAGES)
                .replace("CONFIG", configuration.toString())).toArray(String[]::new));
        assertEquals(code, ran.exit(), ran.err());
        assertTrue(ran.err().contains(said), ran.err());
        assertFalse(ran.err().contains("\tat "), ran.err());
        assertEquals("", ran.out());
    }

    @ParameterizedTest
    @ValueSource(strings = {"graph", "calibrate", "compare", "export", "make-alexnet"})
    void everySubcommandExplainsItselfAndItsExitCodes(String subcommand) {
        Ran ran = run(subcommand, "--help");
        assertEquals(0, ran.exit());
        assertTrue(ran.out().startsWith("Usage: quantscope " + subcommand), ran.out());
        assertTrue(ran.out().contains("the image folder cannot be used"), ran.out());
    }
}
