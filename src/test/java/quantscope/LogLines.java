package quantscope;

import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** What a class logs from now on, until it is closed. */
public final class LogLines extends Handler {

    private final Logger logger;
    private final List<LogRecord> lines = new ArrayList<>();

    public LogLines(Class<?> of) {
        logger = Logger.getLogger(of.getName());
        logger.setLevel(Level.ALL);
        logger.addHandler(this);
    }

    public List<LogRecord> lines() {
        return List.copyOf(lines);
    }

    public List<Level> levels() {
        return lines.stream().map(LogRecord::getLevel).toList();
    }

    public void clear() {
        lines.clear();
    }

    @Override
    public void publish(LogRecord line) {
        lines.add(line);
    }

    @Override
    public void flush() { }

    @Override
    public void close() {
        logger.removeHandler(this);
        logger.setLevel(null);
    }
}
