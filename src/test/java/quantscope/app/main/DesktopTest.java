package quantscope.app.main;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DesktopTest {

    @Test
    void withoutDisplayTheMessageNamesTheWayOut() {
        String message = Desktop.obstacle(Map.of("os.name", "Linux"), Map.of()).orElseThrow();
        assertTrue(message.contains("xvfb-run") && message.contains("calibrate"), message);
    }

    @Test
    void aDisplayOrTheHeadlessPlatformWillDo() {
        assertEquals(Optional.empty(), Desktop.obstacle(Map.of("os.name", "Linux"), Map.of("DISPLAY", ":0")));
        assertEquals(Optional.empty(), Desktop.obstacle(Map.of("os.name", "Mac OS X"), Map.of()));
        assertEquals(Optional.empty(),
                Desktop.obstacle(Map.of("os.name", "Linux", "glass.platform", "Headless"), Map.of()));
    }
}
