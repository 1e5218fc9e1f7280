package quantscope.task;

/** Makes text that a file holds fit for a message: a name in it may have a million letters, or tell a terminal what to do. */
public final class Legible {

    private static final int END = 80;

    private Legible() { }

    /**
     * On one line, and no longer than {@code most} letters: the middle gives way to an ellipsis. Control and format
     * characters become their code, for example {@code \u001b}.
     */
    public static String line(String text, int most) {
        StringBuilder line = new StringBuilder(Math.min(text.length(), most) + 16);
        int cut = text.length() <= most ? text.length() : most - END;
        append(line, text.substring(0, cut));
        if (cut < text.length()) {
            line.append("...");
            append(line, text.substring(text.length() - END));
        }
        return line.toString();
    }

    private static void append(StringBuilder line, String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean pair = Character.isHighSurrogate(c) && i + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(i + 1));
            if (pair) {
                line.append(c).append(text.charAt(++i));
            } else if (isLegible(c)) {
                line.append(c);
            } else {
                line.append(String.format("\\u%04x", (int) c));
            }
        }
    }

    private static boolean isLegible(char c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL, Character.FORMAT, Character.SURROGATE, Character.UNASSIGNED, Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            default -> true;
        };
    }
}
