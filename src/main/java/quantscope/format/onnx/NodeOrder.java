package quantscope.format.onnx;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import quantscope.format.ModelFormatException;
import quantscope.format.onnx.OnnxFile.NodePart;

/** Brings nodes into an order in which they can run, as close to the file's as possible. */
final class NodeOrder {

    private final Path file;
    private final List<NodePart> nodes;
    private final Map<String, NodePart> makers = new HashMap<>();

    private NodeOrder(Path file, List<NodePart> nodes) {
        this.file = file;
        this.nodes = nodes;
    }

    /**
     * @param given names of graph inputs and initializers
     * @return the nodes that lead to an output, each behind those it reads
     * @throws ModelFormatException when a value is made twice, is missing, or depends on itself
     */
    static List<NodePart> of(Path file, List<NodePart> nodes, Set<String> given, List<String> outputs)
            throws ModelFormatException {
        NodeOrder order = new NodeOrder(file, nodes);
        order.findMakers(given);
        List<NodePart> sorted = order.sort(given);
        Set<Integer> needed = order.leadingTo(outputs);
        return sorted.stream().filter(n -> needed.contains(n.index())).toList();
    }

    private void findMakers(Set<String> given) throws ModelFormatException {
        for (NodePart node : nodes) {
            for (String output : node.outputs()) {
                if (output.isEmpty()) {
                    continue;
                }
                NodePart other = makers.put(output, node);
                if (other != null || given.contains(output)) {
                    throw new ModelFormatException(file, node.place(), "makes the value " + output + ", which "
                            + (other != null ? other.place() + " makes" : "is given") + " too; expected one maker"
                            + " of every value, export the model again");
                }
            }
        }
    }

    private List<NodePart> sort(Set<String> given) throws ModelFormatException {
        int[] waitsFor = new int[nodes.size()];
        Map<NodePart, List<NodePart>> readers = new IdentityHashMap<>();
        for (NodePart node : nodes) {
            Set<NodePart> sources = Collections.newSetFromMap(new IdentityHashMap<>());
            for (String input : node.inputs()) {
                if (input.isEmpty() || given.contains(input)) {
                    continue;
                }
                NodePart maker = makers.get(input);
                if (maker == null) {
                    throw new ModelFormatException(file, node.place(), "reads " + input + ", which no node, input or"
                            + " initializer makes; the file is incomplete, export the model again");
                }
                if (sources.add(maker)) {
                    readers.computeIfAbsent(maker, m -> new ArrayList<>()).add(node);
                }
            }
            waitsFor[node.index()] = sources.size();
        }
        PriorityQueue<NodePart> ready = new PriorityQueue<>(Comparator.comparingInt(NodePart::index));
        nodes.stream().filter(n -> waitsFor[n.index()] == 0).forEach(ready::add);
        List<NodePart> sorted = new ArrayList<>(nodes.size());
        while (!ready.isEmpty()) {
            NodePart node = ready.remove();
            sorted.add(node);
            for (NodePart reader : readers.getOrDefault(node, List.of())) {
                if (--waitsFor[reader.index()] == 0) {
                    ready.add(reader);
                }
            }
        }
        if (sorted.size() < nodes.size()) {
            throw cycle(nodes.stream().filter(n -> waitsFor[n.index()] > 0).findFirst().orElseThrow(), waitsFor);
        }
        return sorted;
    }

    /** Every node that still waits has a source that still waits: going back along those ends in the cycle. */
    private ModelFormatException cycle(NodePart start, int[] waitsFor) {
        Set<Integer> seen = new LinkedHashSet<>();
        NodePart node = start;
        while (seen.add(node.index())) {
            node = node.inputs().stream().filter(makers::containsKey).map(makers::get)
                    .filter(m -> waitsFor[m.index()] > 0).findFirst().orElseThrow();
        }
        List<String> names = new ArrayList<>();
        boolean inside = false;
        for (int index : seen) {
            inside |= index == node.index();
            if (inside && names.size() < 6) {
                names.add(nodes.get(index).place());
            }
        }
        return new ModelFormatException(file, node.place(), "depends on its own result, by way of "
                + String.join(" <- ", names) + "; expected a graph without cycles, export the model again");
    }

    private Set<Integer> leadingTo(List<String> outputs) {
        Set<Integer> needed = new HashSet<>();
        Deque<String> open = new ArrayDeque<>(outputs);
        while (!open.isEmpty()) {
            NodePart maker = makers.get(open.pop());
            if (maker != null && needed.add(maker.index())) {
                open.addAll(maker.inputs());
            }
        }
        return needed;
    }
}
