package quantscope.export.pytorch;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import quantscope.dataset.Preprocessing;
import quantscope.export.AtomicFile;
import quantscope.export.Configuration;
import quantscope.export.Exportable;
import quantscope.export.Exporter;
import quantscope.graph.Op;
import quantscope.quant.ObserverSpec;
import quantscope.quant.QuantParams;
import quantscope.quant.Profile;
import quantscope.quant.QuantizedTensor;

/**
 * Writes a Python file that builds the network in eager mode, with stubs around the chosen modules, qconfig for just
 * those, and pinned scales and zero points; its weights go into an .npz file beside it.
 */
public final class PyTorchExporter implements Exporter {

    private final String version;

    /** @param version of the program, for the file's head */
    public PyTorchExporter(String version) {
        this.version = version;
    }

    @Override
    public String id() {
        return "pytorch";
    }

    @Override
    public String title() {
        return "PyTorch eager";
    }

    @Override
    public boolean computesAs(Profile profile) {
        return !profile.onnxRuntime();
    }

    @Override
    public String extension() {
        return ".py";
    }

    @Override
    public List<Path> export(Exportable exportable, Path file) throws IOException {
        NetWriter net = new NetWriter(exportable.prepared());
        Path weights = file.resolveSibling(Python.stem(file) + ".npz");
        String code = fill(exportable, net, file, weights.getFileName().toString());
        AtomicFile.write(weights, out -> NpzFile.write(net.weights(), out));
        AtomicFile.write(file, code.getBytes(StandardCharsets.UTF_8));
        return List.of(file, weights);
    }

    private String fill(Exportable exportable, NetWriter net, Path file, String weightsFile) {
        Configuration configuration = exportable.configuration();
        Preprocessing preprocessing = configuration.preprocessing();
        Map<String, String> values = new HashMap<>(Head.values(exportable, version));
        values.putAll(Map.ofEntries(
                Map.entry("PINNED", Template.pinned("ObserverBase")),
                Map.entry("IMPORTS", imports(exportable)),
                Map.entry("WEIGHTS_FILE", Python.docText(weightsFile)),
                Map.entry("FILE_NAME", Python.docText(file.getFileName().toString())),
                Map.entry("ENGINE", Backend.engine(configuration.specification().profile())),
                Map.entry("CLASS_NAMES", Python.texts(exportable.classNames())),
                Map.entry("RESIZE", preprocessing.resize().isPresent()
                        ? String.valueOf(preprocessing.resize().getAsInt()) : "None"),
                Map.entry("CROP", "(" + preprocessing.cropHeight() + ", " + preprocessing.cropWidth() + ")"),
                Map.entry("MEAN", Python.numbers(preprocessing.mean(), 0)),
                Map.entry("STD", Python.numbers(preprocessing.std(), 0)),
                Map.entry("ACTIVATIONS", activations(exportable, net)),
                Map.entry("WEIGHTS", weights(exportable, net)),
                Map.entry("FUSED", Python.list(net.fusedModules().stream().map(Python::texts).toList(), 0)),
                Map.entry("HELPERS", net.helpers().stream().map(h -> h.code() + "\n\n").collect(Collectors.joining())),
                Map.entry("CONSTRUCTORS", indented(net.constructors())),
                Map.entry("FORWARD", indented(net.forward()))));
        return Template.fill("pytorch_eager.py", values);
    }

    private static String activations(Exportable exportable, NetWriter net) {
        List<String> lines = new ArrayList<>();
        exportable.calibration().activations().forEach((node, a) -> lines.add("    " + Python.text(net.module(node))
                + ": (" + Python.number(a.params().scale()) + ", " + a.params().zeroPoint() + "),\n"));
        return "{\n" + String.join("", lines) + "}";
    }

    private static String weights(Exportable exportable, NetWriter net) {
        StringBuilder out = new StringBuilder("{\n");
        for (Map.Entry<String, QuantizedTensor> weight : exportable.calibration().weights().entrySet()) {
            out.append("    ").append(Python.text(net.module(weight.getKey()))).append(": ");
            switch (weight.getValue().params()) {
                case QuantParams.PerTensor p -> out.append("(\"per_tensor_affine\", ")
                        .append(Python.number(p.scale())).append(", ").append(p.zeroPoint()).append(", ");
                case QuantParams.PerChannel p -> out.append("(\n        \"per_channel_affine\",\n        ")
                        .append(Python.numbers(p.scales(), 8)).append(",\n        ")
                        .append(Python.integers(p.zeroPoints(), 8)).append(",\n        ");
            }
            ObserverSpec spec = exportable.configuration().specification().qconfig(weight.getKey()).weight();
            out.append(spec.dtype().quantMin(spec.reduceRange())).append(", ")
                    .append(spec.dtype().quantMax(spec.reduceRange())).append("),\n");
        }
        return out.append('}').toString();
    }

    private static String imports(Exportable exportable) {
        boolean functional = exportable.prepared().graph().nodes().stream()
                .anyMatch(n -> NetWriter.isFloatFunctional(exportable.prepared(), n));
        boolean stubs = exportable.prepared().graph().nodes().stream().anyMatch(n -> n.op() instanceof Op.QuantStub);
        return (functional ? "from torch.ao.nn.quantized import FloatFunctional\n" : "")
                + "from torch.ao.quantization import DeQuantStub, QConfig, " + (stubs ? "QuantStub, " : "")
                + "convert, fuse_modules, prepare";
    }

    private static String indented(List<String> lines) {
        return lines.isEmpty() ? "        pass"
                : lines.stream().map(l -> "        " + l.replace("\n", "\n        ")).collect(Collectors.joining("\n"));
    }
}
