package quantscope;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import quantscope.fuzz.Campaign;
import quantscope.fuzz.Kinds;

/**
 * Opens hostile files with every reader of the program: as many as the first argument says (100,000), from the second
 * argument's seed on. Prints how many were opened and refused, the slowest and the largest, and ends with status 1 where
 * one was taken as it must not be: anything but a model or a declared refusal that names the file, more than two seconds
 * of processor time, more memory than a small multiple of the file. Such inputs are kept in target/fuzz.
 */
public final class FuzzFiles {

    private static final int MOST_WRONG = 25;
    private static final double MOST_SECONDS = 2;

    private FuzzFiles() { }

    public static void main(String[] args) throws IOException {
        Main.quietLog();
        int inputs = args.length > 0 ? Integer.parseInt(args[0]) : 100_000;
        long seed = args.length > 1 ? Long.parseLong(args[1]) : System.nanoTime() >>> 16 & 0xffffff;
        System.out.println("seed " + seed + ", " + inputs + " files");
        Path target = Files.createDirectories(Path.of("target", "fuzz"));
        Kinds kinds = new Kinds(Path.of("src", "test", "resources", "golden"), Composition.session());
        Campaign.Report report = new Campaign(kinds.all(), target, MOST_SECONDS).run(inputs, seed, MOST_WRONG);
        Files.write(target.resolve("messages.txt"), report.messages());
        System.out.print(report.table());
        report.wrong().forEach(System.out::println);
        System.out.println(report.wrong().isEmpty() ? "all were opened or refused as they should be"
                : report.wrong().size() + " were not taken as they should be; they lie in " + target);
        System.exit(report.wrong().isEmpty() ? 0 : 1);
    }
}
