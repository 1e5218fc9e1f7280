package quantscope.figure;

/** How much of a text a place takes, judged without a font: letters by how wide they are in common sans-serif fonts. */
final class TextFit {

    private static final double NARROW = 0.36;
    private static final double WIDE = 0.92;
    private static final double CAPITAL = 0.72;
    private static final double OTHER = 0.6;

    private TextFit() { }

    /** Width in pixels, rather too large than too small. */
    static double width(String text, double fontSize) {
        return fontSize * text.codePoints().mapToDouble(TextFit::share).sum();
    }

    private static double share(int c) {
        if ("ijltfrI.,:;'|!()[]- ".indexOf(c) >= 0) {
            return NARROW;
        }
        return "mwMW@%".indexOf(c) >= 0 || c > 0x2e80 ? WIDE : Character.isUpperCase(c) ? CAPITAL : OTHER;
    }

    /** The text, its middle replaced by an ellipsis where it is wider. */
    static String middle(String text, double fontSize, double room) {
        if (width(text, fontSize) <= room) {
            return text;
        }
        int[] points = text.codePoints().toArray();
        for (int kept = points.length - 1; kept > 0; kept--) {
            int head = (kept + 1) / 2;
            String shorter = new String(points, 0, head) + "…" + new String(points, points.length - (kept - head), kept - head);
            if (width(shorter, fontSize) <= room) {
                return shorter;
            }
        }
        return "…";
    }
}
