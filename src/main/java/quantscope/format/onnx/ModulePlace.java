package quantscope.format.onnx;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import quantscope.graph.SourceLine;

/**
 * Where in a PyTorch module a node belongs, as PyTorch's exporters write it down: the newer one in a node's metadata
 * (module paths, classes, stack trace), the older one in its name ({@code /layer1/layer1.0/conv1/Conv}).
 *
 * @param path      of the innermost module; empty for the root
 * @param className of the innermost module; empty where the file has no classes
 * @param source    the user's own line
 */
record ModulePlace(String path, Optional<String> className, Optional<SourceLine> source) {

    private static final Pattern QUOTED = Pattern.compile("'([^']*)'");
    private static final Pattern FRAME = Pattern.compile(
            "File \"([^\"]*)\", line (\\d{1,9}), in ([^\\n]*)(?:\\n(?!\\s*File \")([^\\n]*))?");

    /** Empty where neither metadata nor name say anything. */
    static Optional<ModulePlace> of(OnnxFile.NodePart node) {
        Optional<SourceLine> source = source(node.metadata().getOrDefault("pkg.torch.onnx.stack_trace", ""));
        Optional<ModulePlace> fromMetadata = fromMetadata(node.metadata(), source);
        return fromMetadata.isPresent() ? fromMetadata : fromName(node, source);
    }

    /** Whether the innermost module is one of PyTorch's own, whose forward is a single operation. */
    boolean isLibraryModule() {
        return className.map(c -> c.startsWith("torch.")).orElse(false);
    }

    private static Optional<ModulePlace> fromMetadata(Map<String, String> metadata, Optional<SourceLine> source) {
        String namespace = metadata.getOrDefault("namespace", "");
        String[] levels = namespace.split("/");
        if (levels.length >= 2 && levels[0].contains(": ")) {
            // The last level is the operation itself: ": models.Net/relu1: torch.nn...ReLU/relu: aten.relu.default"
            String[] innermost = levels[levels.length - 2].split(": ", 2);
            if (innermost.length == 2) {
                return Optional.of(new ModulePlace(innermost[0].strip(), Optional.of(innermost[1].strip()), source));
            }
        }
        List<String> scopes = quoted(metadata.getOrDefault("pkg.torch.onnx.name_scopes", ""));
        List<String> classes = quoted(metadata.getOrDefault("pkg.torch.onnx.class_hierarchy", ""));
        if (scopes.size() < 2) {
            return Optional.empty();
        }
        Optional<String> className = classes.size() == scopes.size()
                ? Optional.of(classes.get(classes.size() - 2)) : Optional.empty();
        return Optional.of(new ModulePlace(scopes.get(scopes.size() - 2), className, source));
    }

    private static Optional<ModulePlace> fromName(OnnxFile.NodePart node, Optional<SourceLine> source) {
        String name = !node.name().isEmpty() ? node.name()
                : node.outputs().isEmpty() ? "" : node.outputs().getFirst().replace("_output_0", "");
        String[] parts = name.split("/");
        if (!name.startsWith("/") || parts.length < 2 || !parts[parts.length - 1].startsWith(node.operator())) {
            return Optional.empty();
        }
        List<String> path = new ArrayList<>();
        for (String part : List.of(parts).subList(1, parts.length - 1)) {
            // Children of a Sequential repeat its name: layer1/layer1.0/conv1 is layer1.0.conv1.
            if (!path.isEmpty() && part.startsWith(path.getLast() + ".")) {
                path.removeLast();
            }
            path.add(part);
        }
        return Optional.of(new ModulePlace(String.join(".", path), Optional.empty(), source));
    }

    private static List<String> quoted(String list) {
        Matcher matcher = QUOTED.matcher(list);
        List<String> texts = new ArrayList<>();
        while (matcher.find()) {
            texts.add(matcher.group(1));
        }
        return texts;
    }

    /** The innermost frame that is not PyTorch's own. */
    private static Optional<SourceLine> source(String trace) {
        Matcher matcher = FRAME.matcher(trace);
        Optional<SourceLine> line = Optional.empty();
        while (matcher.find()) {
            String file = matcher.group(1);
            if (!file.startsWith("torch/") && !file.contains("/torch/")) {
                String text = matcher.group(4) == null ? "" : matcher.group(4).strip();
                line = Optional.of(new SourceLine(file, Integer.parseInt(matcher.group(2)),
                        matcher.group(3).strip(), text));
            }
        }
        return line;
    }
}
