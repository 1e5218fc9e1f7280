package quantscope.format.onnx;

import java.util.HashMap;
import java.util.Map;
import quantscope.format.ModelFormatException;

/** Turns one kind of ONNX operator into layers. To add an operator, register it in one of the groups. */
@FunctionalInterface
interface Operator {

    /**
     * @throws NotSupportedException when the program cannot run this use of the operator
     * @throws ModelFormatException  when the node is not what ONNX says it should be
     */
    void translate(Call call) throws NotSupportedException, ModelFormatException;

    /** All operators by name, with their domain in front where that is not the standard one. */
    static Map<String, Operator> all() {
        Map<String, Operator> operators = new HashMap<>();
        ConvOperators.register(operators);
        LayerOperators.register(operators);
        PoolOperators.register(operators);
        PointwiseOperators.register(operators);
        PairOperators.register(operators);
        ReduceOperators.register(operators);
        NormOperators.register(operators);
        ShapeOperators.register(operators);
        MoveOperators.register(operators);
        ResizeOperators.register(operators);
        QuantOperators.register(operators);
        QLinearOperators.register(operators);
        IntegerOperators.register(operators);
        return Map.copyOf(operators);
    }
}
