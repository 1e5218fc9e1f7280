package quantscope.export.report;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;

/**
 * Where a comparison was computed, and with what.
 *
 * @param cpu        as the system names it
 * @param cores      that this process may use
 * @param system     operating system with version and architecture
 * @param java       virtual machine with version
 * @param engine     the kernels that compute
 * @param quantscope version of the program
 */
public record Machine(String cpu, int cores, String system, String java, String engine, String quantscope) {

    private static final Path CPU_INFO = Path.of("/proc/cpuinfo");
    /** More than any system writes of its first processor. */
    private static final int FIRST_LINES = 64;

    /** This machine. */
    public static Machine here(String engine, String version) {
        Properties p = System.getProperties();
        return new Machine(cpu(CPU_INFO, System.getenv()).orElse(p.getProperty("os.arch")),
                Runtime.getRuntime().availableProcessors(),
                p.getProperty("os.name") + " " + p.getProperty("os.version") + ", " + p.getProperty("os.arch"),
                p.getProperty("java.vm.name") + " " + p.getProperty("java.runtime.version"), engine, version);
    }

    /** Linux has it in a file, Windows in the environment. */
    static Optional<String> cpu(Path info, Map<String, String> environment) {
        return model(info).or(() -> Optional.ofNullable(environment.get("PROCESSOR_IDENTIFIER")));
    }

    private static Optional<String> model(Path info) {
        if (!Files.isReadable(info)) {
            return Optional.empty();
        }
        try (var lines = Files.lines(info, StandardCharsets.ISO_8859_1)) {
            List<String> first = lines.limit(FIRST_LINES).toList();
            return first.stream().filter(l -> l.startsWith("model name") && l.contains(":"))
                    .map(l -> l.substring(l.indexOf(':') + 1).strip()).filter(l -> !l.isEmpty()).findFirst();
        } catch (IOException e) {
            // A system that does not tell has no name to show; nothing depends on it.
            return Optional.empty();
        }
    }
}
