package quantscope.format.onnx;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import quantscope.format.onnx.OnnxFile.AttributePart;
import quantscope.format.onnx.OnnxFile.NodePart;

/** Values that are read only as the matrix [in,out] of linear layers, which are kept the other way round. */
final class MatrixUses {

    private final Set<String> matrices = new HashSet<>();
    private final Set<String> others = new HashSet<>();

    MatrixUses(List<NodePart> nodes) {
        for (NodePart node : nodes) {
            for (int i = 0; i < node.inputs().size(); i++) {
                (i == 1 && turns(node) ? matrices : others).add(node.inputs().get(i));
            }
        }
    }

    Set<String> only() {
        Set<String> only = new HashSet<>(matrices);
        only.removeAll(others);
        return only;
    }

    private static boolean turns(NodePart node) {
        AttributePart transB = node.attributes().get("transB");
        return node.domain().isEmpty() && (node.operator().equals("MatMul")
                || node.operator().equals("Gemm") && (transB == null || transB.integer() == 0));
    }
}
