package quantscope.export.table;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Comma-separated values by RFC 4180: rows end in CR LF, cells with a comma, quote or line break stand in quotes. */
final class Csv {

    private static final Pattern SPECIAL = Pattern.compile("[\",\r\n]");

    private Csv() { }

    static String write(List<List<String>> rows) {
        return rows.stream().map(row -> row.stream().map(Csv::cell).collect(Collectors.joining(",", "", "\r\n")))
                .collect(Collectors.joining());
    }

    private static String cell(String text) {
        return SPECIAL.matcher(text).find() ? '"' + text.replace("\"", "\"\"") + '"' : text;
    }
}
