package quantscope.export.pytorch;
import java.nio.file.*;
import java.util.*;
public final class Sweep {
    public static void main(String[] a) throws Exception {
        ExportedNet nets = new ExportedNet();
        for (String line : Files.readAllLines(Path.of(a[0]))) {
            if (line.isBlank() || line.startsWith("#")) continue;
            String[] p = line.trim().split("\\s+");
            try {
                nets.make(Path.of(a[1], p[0]), Path.of("sample-models", p[1]), 20, Arrays.copyOfRange(p, 2, p.length));
                System.out.println("ok " + p[0]);
            } catch (Throwable t) { System.out.println("FAIL " + p[0] + " " + t); t.printStackTrace(System.out);}
        }
    }
}
