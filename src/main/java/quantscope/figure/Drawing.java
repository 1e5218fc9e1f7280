package quantscope.figure;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import quantscope.ptq.Precision;

/**
 * What is to be drawn, before anything has a place.
 *
 * @param cards by node, in running order
 */
public record Drawing(Map<String, Card> cards, List<Edge> edges) {

    /**
     * A value on its way.
     *
     * @param carries what kind of number it is to its reader: a binary layer reads nothing but the sign
     * @param tie     whether it stays inside of a fused layer
     */
    public record Edge(String from, String to, Precision carries, boolean tie) { }

    public Drawing {
        cards = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(cards));
        edges = List.copyOf(edges);
    }
}
