package quantscope.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.PrintWriter;
import java.util.Locale;
import quantscope.task.Progress;

/** Results to standard output, everything else to standard error. */
final class Console {

    private static final ObjectMapper MAPPER = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    /** Seconds. */
    private static final double WORTH_SAYING = 0.3;

    private final PrintWriter out;
    private final PrintWriter err;

    Console(PrintWriter out, PrintWriter err) {
        this.out = out;
        this.err = err;
    }

    void result(String format, Object... values) {
        out.println(String.format(Locale.ROOT, format, values));
        out.flush();
    }

    void result(JsonNode json) {
        try {
            out.println(MAPPER.writeValueAsString(json));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree of plain values is always JSON", e);
        }
        out.flush();
    }

    void note(String format, Object... values) {
        err.println(String.format(Locale.ROOT, format, values));
        err.flush();
    }

    void error(String message) {
        err.println("quantscope: " + message);
        err.flush();
    }

    void trace(Exception failure) {
        failure.printStackTrace(err);
        err.flush();
    }

    /** A line for every tenth of work that takes long enough to wait for, with the rate and the remaining time. */
    Progress progress() {
        return new Progress() {
            private String current = "";
            private long shown;
            private long start;

            @Override
            public synchronized void update(long done, long total, String what) {
                if (!what.equals(current)) {
                    current = what;
                    shown = -1;
                    start = System.nanoTime();
                }
                long tenth = total == 0 ? 0 : done * 10 / total;
                if (total == 0 || tenth == shown || done == 0) {
                    return;
                }
                double seconds = (System.nanoTime() - start) / 1e9;
                if (seconds < WORTH_SAYING) {
                    return;
                }
                shown = tenth;
                double rate = seconds > 0 ? done / seconds : 0;
                note("%s: %d of %d, %.0f a second, %.0f s left", what, done, total, rate,
                        rate > 0 ? (total - done) / rate : 0);
            }
        };
    }
}
