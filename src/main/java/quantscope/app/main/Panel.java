package quantscope.app.main;

import javafx.scene.Node;

/**
 * A slice's place in the frame.
 *
 * @param id    for the tab, without spaces
 * @param title on the tab
 */
public record Panel(String id, String title, Node content) { }
