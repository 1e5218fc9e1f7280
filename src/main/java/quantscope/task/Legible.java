package quantscope.task;

/** Makes text that a file holds fit for a message: a name in it may have a million letters, or tell a terminal what to do. */
public final class Legible {

    private static final int END = 80;

    private Legible() { }

    /**
     * On one line, and no longer than about {@code most} letters: the rest gives way to an ellipsis. Control and format
     * characters become their code, for example {@code \\u001b}.
     */
    public static String line(String text, int most) {
        StringBuilder line = new StringBuilder(Math.min(text.length(), most) + 16);
        int at = 0;
        while (at < text.length() && line.length() < (text.length() <= most ? most : most - END)) {
            at = append(line, text, at);
        }
        if (at < text.length()) {
            line.append("...");
            for (int tail = Math.max(at, text.length() - END / 2); tail < text.length();) {
                tail = append(line, text, tail);
            }
        }
        return line.toString();
    }

    /** The place behind the character that stands there. */
    private static int append(StringBuilder line, String text, int at) {
        char c = text.charAt(at);
        if (Character.isHighSurrogate(c) && at + 1 < text.length() && Character.isLowSurrogate(text.charAt(at + 1))) {
            line.append(c).append(text.charAt(at + 1));
            return at + 2;
        }
        if (isLegible(c)) {
            line.append(c);
        } else {
            line.append(String.format("\\u%04x", (int) c));
        }
        return at + 1;
    }

    private static boolean isLegible(char c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL, Character.FORMAT, Character.SURROGATE, Character.UNASSIGNED, Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            default -> true;
        };
    }
}
