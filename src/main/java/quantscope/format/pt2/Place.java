package quantscope.format.pt2;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import quantscope.graph.ModuleUse;
import quantscope.graph.Origin;
import quantscope.graph.SourceLine;

/**
 * Where in the user's module an operation stands, from the metadata that torch.export keeps: nn_module_stack
 * ({@code L__self__relu@1,relu,torch.nn.modules.activation.ReLU;...}, in PyTorch 2.1
 * {@code L__self___relu:(L['self'].relu,torch.nn.modules.activation.ReLU);...}) and stack_trace.
 *
 * @param module     the innermost module
 * @param functional whether the user calls the operation as a function
 * @param source     the user's line
 */
record Place(ModuleUse module, boolean functional, Optional<SourceLine> source) {

    private static final Pattern FRAME =
            Pattern.compile("File \"(.*)\", line (\\d+), in (.*)(?:\\R[ \\t]*(?!File \")(\\S.*))?");
    /** FloatFunctional leaves no module in the stack; its call reads self.skip_add.add(...). */
    private static final Pattern FLOAT_FUNCTIONAL =
            Pattern.compile("\\bself\\.([A-Za-z_][\\w.]*)\\.(add|add_relu|mul|cat|add_scalar|mul_scalar|matmul)\\(");

    private static final Pattern OLD_STACK = Pattern.compile("([^,:]*):\\((.*),([^,]*)\\)");
    /** Paths as the tracer of PyTorch 2.1 and 2.2 wrote them. */
    private static final Pattern GETATTR = Pattern.compile("getattr\\(([^()]*), ?'([^']*)'\\)");
    private static final Pattern INDEX = Pattern.compile("\\['?([^\\]']*)'?\\]");
    private static final String SELF = "L['self']";
    private static final int LONGEST_PATH = 2000;

    static Place of(JsonNode metadata) {
        Optional<SourceLine> source = userLine(metadata.path("stack_trace").asText(""));
        ModuleUse module = innermost(metadata.path("nn_module_stack").asText(""));
        if (library(module)) {
            return new Place(module, false, source);
        }
        Optional<ModuleUse> floatFunctional = floatFunctional(module, metadata, source);
        return new Place(floatFunctional.orElse(module), floatFunctional.isEmpty(), source);
    }

    Origin origin(String name, String target) {
        int overload = target.lastIndexOf('.');
        boolean inPlace = target.startsWith("torch.ops.") && overload > 0 && target.charAt(overload - 1) == '_';
        return new Origin(name, target, Optional.of(module), functional, inPlace, source);
    }

    /** Whether the module is a layer of PyTorch's own. */
    boolean inLibraryModule() {
        return !functional;
    }

    /** The module's path, with @1 for its second use. */
    String modulePath() {
        return module.path() + (module.use() > 0 ? "@" + module.use() : "");
    }

    private static ModuleUse innermost(String stack) {
        String last = stack.substring(stack.lastIndexOf(';') + 1);
        Matcher old = OLD_STACK.matcher(last);
        String[] parts = old.matches() ? new String[] {old.group(1), old.group(2), old.group(3)} : last.split(",", 3);
        if (parts.length < 3) {
            return new ModuleUse("", "torch.nn.Module", 0);
        }
        int at = parts[0].lastIndexOf('@');
        int use = 0;
        if (at >= 0 && parts[0].substring(at + 1).matches("\\d{1,6}")) {
            use = Integer.parseInt(parts[0].substring(at + 1));
        }
        String path = parts[1].contains("@") ? parts[1].substring(0, parts[1].indexOf('@')) : parts[1];
        return new ModuleUse(path.contains(SELF) && path.length() < LONGEST_PATH ? plain(path) : path,
                parts[2], use);
    }

    /** L['self'].features[0] and getattr(L['self'].features, '0') are features.0. */
    private static String plain(String path) {
        String plain = path.replace(SELF, "self");
        for (Matcher getattr = GETATTR.matcher(plain); getattr.find(); getattr = GETATTR.matcher(plain)) {
            plain = getattr.replaceFirst("$1.$2");
        }
        plain = INDEX.matcher(plain).replaceAll(".$1");
        return plain.startsWith("self.") ? plain.substring("self.".length()) : "";
    }

    private static boolean library(ModuleUse module) {
        return (module.className().startsWith("torch.nn.modules.") || module.className().startsWith("torch.ao.nn."))
                && !module.className().startsWith("torch.nn.modules.container.");
    }

    private static Optional<ModuleUse> floatFunctional(ModuleUse parent, JsonNode metadata,
                                                       Optional<SourceLine> source) {
        if (!metadata.path("torch_fn").asText("").contains("builtin_function_or_method.") || source.isEmpty()) {
            return Optional.empty();
        }
        Matcher call = FLOAT_FUNCTIONAL.matcher(source.get().text());
        if (!call.find()) {
            return Optional.empty();
        }
        String path = parent.path().isEmpty() ? call.group(1) : parent.path() + "." + call.group(1);
        return Optional.of(new ModuleUse(path, "torch.ao.nn.quantized.modules.functional_modules.FloatFunctional",
                parent.use()));
    }

    /** The innermost frame outside of PyTorch. */
    private static Optional<SourceLine> userLine(String trace) {
        List<SourceLine> lines = new ArrayList<>();
        Matcher frame = FRAME.matcher(trace);
        while (frame.find()) {
            String file = frame.group(1).replace('\\', '/');
            if (!file.startsWith("torch/") && !file.contains("/torch/") && frame.group(2).length() < 9) {
                lines.add(new SourceLine(file, Integer.parseInt(frame.group(2)), frame.group(3).trim(),
                        frame.group(4) == null ? "" : frame.group(4).trim()));
            }
        }
        return lines.isEmpty() ? Optional.empty() : Optional.of(lines.getLast());
    }
}
