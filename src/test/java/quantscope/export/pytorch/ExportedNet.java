package quantscope.export.pytorch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import quantscope.cli.CommandLineApp;
import quantscope.dataset.ImageDecoder;
import quantscope.dataset.ImageLoader;
import quantscope.dataset.ImageOrder;
import quantscope.dataset.ImageSet;
import quantscope.dataset.LoadedImages;
import quantscope.export.Configuration;
import quantscope.export.ConfigurationException;
import quantscope.export.ConfigurationExporter;
import quantscope.export.ConfigurationJson;
import quantscope.export.aimet.AimetExporter;
import quantscope.format.ModelFormatException;
import quantscope.format.Readers;
import quantscope.format.checkpoint.CheckpointReader;
import quantscope.format.onnx.OnnxReader;
import quantscope.format.pt2.Pt2Reader;
import quantscope.graph.Op;
import quantscope.ptq.Convert;
import quantscope.ptq.Precision;
import quantscope.run.GraphEngine;
import quantscope.run.KernelProvider;
import quantscope.run.ParallelImageRunner;
import quantscope.run.Value;
import quantscope.session.CalibrationRun;
import quantscope.session.LocalSession;
import quantscope.session.Session;
import quantscope.task.Cancellation;
import quantscope.task.Progress;

/** Takes a model through the command line to a Python file, and writes what that file has to compute beside it. */
final class ExportedNet {

    static final Path IMAGES = Path.of("sample-models/images");

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final Session session;
    private final GraphEngine engine = new GraphEngine(KernelProvider.choose());
    private final ParallelImageRunner runner = new ParallelImageRunner(2);
    private final ImageLoader loader = ImageLoader.onAllCores(new ImageDecoder());

    ExportedNet() {
        session = new LocalSession(new Readers(List.of(new OnnxReader(), new CheckpointReader(), new Pt2Reader())), engine, runner, loader,
                List.of(new ConfigurationExporter(), new PyTorchExporter("test"), new FxExporter("test"),
                        new SafetensorsExporter("test"), new AimetExporter(AimetExporter.Form.V0_6_1),
                        new AimetExporter(AimetExporter.Form.V1_0_0)), "test");
    }

    /**
     * Writes every format that PyTorch or its friends read, config.json, and expected.json with the levels of some images
     * into a folder. What FX graph mode cannot do is refused: then there is no net_fx.py, and expected.json says why.
     */
    void make(Path folder, Path model, int images, String... choices)
            throws IOException, ConfigurationException, ModelFormatException {
        Files.createDirectories(folder);
        Path config = folder.resolve("config.json");
        line(Stream.concat(Stream.of("calibrate", model.toString(), "--images", IMAGES.toString(), "--out",
                config.toString()), Stream.of(choices)).toArray(String[]::new));
        for (String[] file : new String[][] {{"pytorch", "net.py"}, {"safetensors", "net.safetensors"},
            {"aimet", "net-0.6.1.encodings"}, {"aimet-1", "net-1.0.0.encodings"}}) {
            line(export(model, config, file[0], folder.resolve(file[1])));
        }
        StringWriter refusal = new StringWriter();
        int fx = CommandLineApp.run(export(model, config, "pytorch-fx", folder.resolve("net_fx.py")), () -> session,
                new PrintWriter(new StringWriter()), new PrintWriter(refusal));
        JsonNode comparison = MAPPER.readTree(line("compare", model.toString(), "--images", IMAGES.toString(),
                "--config", config.toString(), "--all", "--json"));
        ObjectNode expected = levels(folder, model, ConfigurationJson.load(config), images);
        expected.set("answers", comparison.get("images"));
        expected.put("model", model.toString()).put("fxRefusal", fx == 0 ? "" : refusal.toString());
        MAPPER.writeValue(folder.resolve("expected.json").toFile(), expected);
    }

    private static String[] export(Path model, Path config, String format, Path out) {
        return new String[] {"export", model.toString(), "--config", config.toString(), "--to", format, "--out",
            out.toString()};
    }

    private String line(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int exit = CommandLineApp.run(arguments, () -> session, new PrintWriter(out), new PrintWriter(err));
        if (exit != 0) {
            throw new AssertionError(String.join(" ", arguments) + " ended with " + exit + ": " + err);
        }
        return out.toString();
    }

    /** A layer's int8 levels for every sample image, by the image's path. */
    Map<String, byte[]> levels(Path model, Path config, String layer)
            throws IOException, ConfigurationException, ModelFormatException {
        Configuration configuration = ConfigurationJson.load(config);
        ImageSet set = session.images(IMAGES, Cancellation.NEVER);
        CalibrationRun run = session.restore(session.open(model, Progress.NONE, Cancellation.NEVER), configuration, set,
                configuration.preprocessing());
        LoadedImages loaded = loader.load(set, set.items(), set.items().size(), configuration.preprocessing(),
                new ArrayList<>(), Progress.NONE, Cancellation.NEVER);
        String tap = run.prepared().valueNode(layer);
        Map<String, byte[]> levels = new LinkedHashMap<>();
        runner.run(engine.compile(Convert.run(run.prepared(), run.calibration())), loaded::input, loaded.count(),
                Set.of(tap), result -> levels.put(loaded.paths().get(result.index()),
                        ((Value.Int8) result.taps().get(tap)).tensor().levels()), Progress.NONE, Cancellation.NEVER);
        return levels;
    }

    private ObjectNode levels(Path folder, Path model, Configuration configuration, int count)
            throws IOException, ConfigurationException, ModelFormatException {
        ImageSet set = session.images(IMAGES, Cancellation.NEVER);
        CalibrationRun run = session.restore(session.open(model, Progress.NONE, Cancellation.NEVER), configuration, set,
                configuration.preprocessing());
        LoadedImages loaded = loader.load(set, ImageOrder.shuffled(set, 7), count, configuration.preprocessing(),
                new ArrayList<>(), Progress.NONE, Cancellation.NEVER);
        Map<String, String> taps = new LinkedHashMap<>();
        run.prepared().observers().forEach(o -> taps.put(o.node(), run.prepared().valueNode(o.node())));
        Map<String, ByteArrayOutputStream> levels = new LinkedHashMap<>();
        ObjectNode expected = MAPPER.createObjectNode().put("images", IMAGES.toAbsolutePath().toString())
                .put("binarized", configuration.specification().layers().values().stream()
                        .anyMatch(c -> !c.precision().equals(Optional.of(Precision.INT8))));
        NetWriter names = new NetWriter(run.prepared());
        var nodes = expected.putArray("nodes");
        runner.run(engine.compile(Convert.run(run.prepared(), run.calibration())), loaded::input, loaded.count(),
                Set.copyOf(taps.values()), result -> taps.forEach((node, tap) -> {
                    Value.Int8 value = (Value.Int8) result.taps().get(tap);
                    if (levels.putIfAbsent(node, new ByteArrayOutputStream()) == null) {
                        ObjectNode item = nodes.addObject().put("module", names.module(node)).put("node", node).put("file", nodes.size() + ".bin")
                                .put("stub", run.prepared().graph().node(node).op() instanceof Op.QuantStub);
                        value.shape().dims().forEach(item.withArray("shape")::add);
                    }
                    levels.get(node).writeBytes(value.tensor().levels());
                }), Progress.NONE, Cancellation.NEVER);
        int file = 0;
        for (ByteArrayOutputStream bytes : levels.values()) {
            Files.write(folder.resolve(++file + ".bin"), bytes.toByteArray());
        }
        ByteArrayOutputStream inputs = new ByteArrayOutputStream();
        for (int i = 0; i < loaded.count(); i++) {
            float[] data = loaded.input(i).data();
            ByteBuffer buffer = ByteBuffer.allocate(4 * data.length).order(ByteOrder.LITTLE_ENDIAN);
            buffer.asFloatBuffer().put(data);
            inputs.writeBytes(buffer.array());
        }
        Files.write(folder.resolve("input.bin"), inputs.toByteArray());
        loaded.input(0).shape().dims().forEach(expected.withArray("inputShape")::add);
        loaded.paths().forEach(expected.withArray("paths")::add);
        return expected;
    }
}
