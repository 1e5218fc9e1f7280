package quantscope.bench.jmh;

import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.openjdk.jmh.generators.core.BenchmarkGenerator;
import org.openjdk.jmh.generators.core.FileSystemDestination;

/**
 * JMH's own command line over {@link KernelsBenchmark}. What JMH runs around a benchmark is generated here, from the
 * compiled class, so that the build needs no annotation processor.
 */
public final class JmhMain {

    private JmhMain() { }

    public static void main(String[] args) throws IOException, URISyntaxException {
        Path classes = Path.of(KernelsBenchmark.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        Path sources = Files.createDirectories(classes.resolveSibling("generated-test-sources").resolve("jmh"));
        FileSystemDestination destination = new FileSystemDestination(classes.toFile(), sources.toFile());
        BenchmarkGenerator generator = new BenchmarkGenerator();
        ReflectedBenchmark benchmark = new ReflectedBenchmark(KernelsBenchmark.class);
        generator.generate(benchmark, destination);
        generator.complete(benchmark, destination);
        if (destination.hasErrors()) {
            throw new IllegalStateException(destination.getErrors().toString());
        }
        compile(sources, classes);
        org.openjdk.jmh.Main.main(args);
    }

    private static void compile(Path sources, Path classes) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null);
             Stream<Path> found = Files.walk(sources)) {
            List<File> stubs = found.filter(p -> p.toString().endsWith(".java")).map(Path::toFile).toList();
            List<String> options = List.of("-proc:none", "-nowarn", "-d", classes.toString(), "-classpath",
                    System.getProperty("java.class.path"));
            if (!compiler.getTask(null, files, null, options, null, files.getJavaFileObjectsFromFiles(stubs)).call()) {
                throw new IllegalStateException("JMH's generated classes in " + sources + " do not compile");
            }
        }
    }
}
