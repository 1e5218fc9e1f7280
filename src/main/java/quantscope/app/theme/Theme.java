package quantscope.app.theme;

import java.util.List;
import javafx.application.Application;
import javafx.scene.Scene;

/** AtlantaFX's Primer with what ControlsFX needs, and the slices' own style sheets. */
public enum Theme {
    LIGHT, DARK;

    private static final List<String> SLICES =
            List.of("tokens", "main", "control", "graph", "layers", "chart", "inspector", "calibration", "drift", "saturation",
                    "export");

    /** For every window of the program. */
    public void apply() {
        Application.setUserAgentStylesheet(sheet(this == DARK ? "dark" : "light"));
    }

    /** The slices' style sheets; their colours are look-ups, so they follow the theme. */
    public static void dress(Scene scene) {
        for (String slice : SLICES) {
            if (Theme.class.getResource("/quantscope/style/" + slice + ".css") != null) {
                scene.getStylesheets().add(sheet(slice));
            }
        }
    }

    public Theme other() {
        return this == DARK ? LIGHT : DARK;
    }

    private static String sheet(String name) {
        return "quantscope/style/" + name + ".css";
    }
}
