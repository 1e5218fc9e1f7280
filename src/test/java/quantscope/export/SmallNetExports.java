package quantscope.export;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import quantscope.dataset.ImageSelection;
import quantscope.dataset.Preprocessing;
import quantscope.export.onnx.QdqExporter;
import quantscope.export.pytorch.PyTorchExporter;
import quantscope.graph.Graph;
import quantscope.graph.Node;
import quantscope.graph.Op;
import quantscope.kernel.scalar.ScalarKernels;
import quantscope.ptq.Calibrate;
import quantscope.ptq.Calibration;
import quantscope.ptq.Convert;
import quantscope.ptq.Precision;
import quantscope.ptq.Prepare;
import quantscope.ptq.Prepared;
import quantscope.ptq.Specification;
import quantscope.ptq.Ticks;
import quantscope.quant.Profile;
import quantscope.run.GraphEngine;
import quantscope.run.ImageRunner;
import quantscope.run.ParallelImageRunner;
import quantscope.run.Value;
import quantscope.task.Cancellation;
import quantscope.task.Progress;
import quantscope.tensor.FloatTensor;

/** Exports networks for PyTorch and ONNX Runtime into folders, with seeded images and the engine's answers beside. */
public final class SmallNetExports {

    /** What is to be int8. */
    public enum Choice {
        NOTHING, FIRST_CONVOLUTION, EVERY_OTHER_CONVOLUTION, CONVOLUTIONS, EVERYTHING;

        /** @param before convolutions before this layer */
        boolean takes(Node node, int before) {
            boolean convolution = node.op() instanceof Op.Conv2d;
            return switch (this) {
                case NOTHING -> false;
                case FIRST_CONVOLUTION -> convolution && before == 0;
                case EVERY_OTHER_CONVOLUTION -> convolution && before % 2 == 0;
                case CONVOLUTIONS -> convolution;
                case EVERYTHING -> Ticks.choices(node).contains(Precision.INT8);
            };
        }
    }

    private static final int IMAGES = 6;
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final GraphEngine engine = new GraphEngine(new ScalarKernels());
    private final ImageRunner runner = new ParallelImageRunner(1);
    private final ArrayNode nets = MAPPER.createArrayNode();
    private final Path folder;

    public SmallNetExports(Path folder) {
        this.folder = folder;
    }

    /** Exports one network under a name. */
    public void add(String name, Graph graph, Choice choice) throws IOException {
        List<FloatTensor> images = images(graph);
        Path place = Files.createDirectories(folder.resolve(name));
        Files.write(place.resolve("input.bin"), bytes(images.stream().map(FloatTensor::data).toList()));
        export(Files.createDirectories(place.resolve("torch")), graph, choice, Profile.FBGEMM, images);
        export(Files.createDirectories(place.resolve("onnx")), graph, choice, Profile.ONNXRUNTIME, images);
        graph.inputs().getFirst().requireShape().dims().forEach(nets.addObject().put("name", name).withArray("shape")::add);
        MAPPER.writeValue(folder.resolve("nets.json").toFile(), nets);
    }

    private void export(Path place, Graph graph, Choice choice, Profile profile, List<FloatTensor> images) throws IOException {
        Prepared prepared = Prepare.run(graph, specification(graph, choice, profile));
        Calibration calibration = new Calibrate(engine, runner).run(prepared, ImageRunner.ImageInputs.of(images), images.size(),
                images.size(), Progress.NONE, Cancellation.NEVER);
        Configuration configuration = new Configuration("net.pt2", "made by a test", "0".repeat(64), prepared.specification(),
                Preprocessing.imageNet(3, 12, 12), "", ImageSelection.DEFAULT, List.of(), List.of(), calibration.activations(),
                Map.of());
        Exportable exportable = new Exportable(configuration, prepared, calibration, List.of(), Optional.empty());
        if (profile == Profile.FBGEMM) {
            new PyTorchExporter("test").export(exportable, place.resolve("net.py"));
        } else {
            new QdqExporter("test").export(exportable, place.resolve("net.onnx"));
        }
        Graph converted = Convert.run(prepared, calibration);
        String output = converted.outputs().getFirst();
        List<float[]> answers = new ArrayList<>();
        runner.run(engine.compile(converted), ImageRunner.ImageInputs.of(images), images.size(), Set.of(output),
                result -> answers.add(((Value.Fp32) result.taps().get(output)).tensor().data()), Progress.NONE, Cancellation.NEVER);
        Files.write(place.resolve("expected.bin"), bytes(answers));
    }

    private static Specification specification(Graph graph, Choice choice, Profile profile) {
        Specification specification = Specification.EMPTY.withProfile(profile);
        int before = 0;
        for (Node node : graph.layers()) {
            if (choice.takes(node, before)) {
                specification = Ticks.tick(graph, specification, node.name(), Precision.INT8).specification();
            }
            before += node.op() instanceof Op.Conv2d ? 1 : 0;
        }
        return Ticks.fuse(graph, specification);
    }

    private static List<FloatTensor> images(Graph graph) {
        Random random = new Random(11);
        List<FloatTensor> images = new ArrayList<>();
        for (int i = 0; i < IMAGES; i++) {
            FloatTensor image = FloatTensor.zeros(graph.inputs().getFirst().requireShape());
            for (int k = 0; k < image.data().length; k++) {
                image.data()[k] = (float) random.nextGaussian();
            }
            images.add(image);
        }
        return images;
    }

    private static byte[] bytes(List<float[]> arrays) {
        ByteBuffer buffer = ByteBuffer.allocate(4 * arrays.stream().mapToInt(a -> a.length).sum()).order(ByteOrder.LITTLE_ENDIAN);
        arrays.forEach(array -> {
            for (float value : array) {
                buffer.putFloat(value);
            }
        });
        return buffer.array();
    }
}
