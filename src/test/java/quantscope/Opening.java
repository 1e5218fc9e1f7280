package quantscope;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import quantscope.export.onnx.FullSizeAlexNet;
import quantscope.format.ModelFormatException;
import quantscope.ptq.Specification;
import quantscope.session.OpenModel;
import quantscope.session.Session;
import quantscope.task.Cancellation;
import quantscope.task.Progress;

/**
 * How long it takes to open a model, and how much memory: the files that are given, or a full-size AlexNet of 244 MB. Each
 * is opened in a fresh Java with a heap of 1.3 times its size, which holds all of the program; where that were too little,
 * it would end with an OutOfMemoryError.
 */
public final class Opening {

    private static final double HEAP = 1.3;
    private static final String CHILD = "--child";

    private Opening() { }

    public static void main(String[] args) throws Exception {
        if (args.length > 0 && args[0].equals(CHILD)) {
            open(Path.of(args[1]));
            return;
        }
        List<Path> files = new ArrayList<>();
        Stream.of(args).map(Path::of).forEach(files::add);
        if (files.isEmpty()) {
            Path folder = Files.createDirectories(Path.of("target", "opening"));
            files.add(folder.resolve("alexnet.onnx"));
            FullSizeAlexNet.write(files.getFirst(), 0);
        }
        for (Path file : files) {
            inFreshJava(file);
        }
    }

    private static void inFreshJava(Path file) throws IOException, InterruptedException {
        long most = (long) Math.ceil(HEAP * bytesWithData(file) / (1 << 20));
        List<String> command = List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx" + Math.max(most, 64) + "m", "--add-modules", "jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow", "-cp", System.getProperty("java.class.path"),
                Opening.class.getName(), CHILD, file.toString());
        Process child = new ProcessBuilder(command).redirectErrorStream(true).start();
        try (var lines = child.inputReader()) {
            lines.lines().filter(line -> !line.startsWith("WARNING")).forEach(System.out::println);
        }
        if (child.waitFor() != 0) {
            throw new IOException("Java ended with status " + child.exitValue() + " at " + file);
        }
    }

    private static void open(Path file) throws ModelFormatException, IOException {
        Main.quietLog();
        Session session = Composition.session();
        long before = peakResident();
        long started = System.nanoTime();
        OpenModel model = session.open(file, Progress.NONE, Cancellation.NEVER);
        session.prepare(model, Specification.EMPTY);
        double seconds = (System.nanoTime() - started) / 1e9;
        long grown = peakResident() - before;
        double size = bytesWithData(file);
        System.out.printf(Locale.ROOT, "%s: %.0f MB, %s: %.2f s; heap of %d MB; resident memory grew by %s%n", file.getFileName(),
                size / 1e6, model.model().format(), seconds, Runtime.getRuntime().maxMemory() / 1_000_000,
                before == 0 ? "? (only Linux tells)" : String.format(Locale.ROOT, "%.0f MB at most, %.2f times the file", grown / 1e6,
                        grown / size));
    }

    /** With external data beside an ONNX file. */
    private static double bytesWithData(Path file) throws IOException {
        Path data = file.resolveSibling(file.getFileName().toString().replaceAll("\\.onnx$", "") + ".data");
        return Files.size(file) + (Files.exists(data) ? Files.size(data) : 0);
    }

    /** Bytes; 0 where the system does not say. */
    private static long peakResident() {
        File status = new File("/proc/self/status");
        if (!status.exists()) {
            return 0;
        }
        try (Stream<String> lines = Files.lines(status.toPath())) {
            return lines.filter(l -> l.startsWith("VmHWM")).mapToLong(l -> Long.parseLong(l.replaceAll("\\D", "")) << 10)
                    .findFirst().orElse(0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
