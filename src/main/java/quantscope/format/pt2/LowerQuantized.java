package quantscope.format.pt2;

import java.util.Optional;
import quantscope.format.ModelFormatException;
import quantscope.graph.Op;
import quantscope.graph.ValueType;
import quantscope.quant.QuantDtype;
import quantscope.quant.QuantParams;

/**
 * Where int8 begins and ends in a network that was quantized before it was exported: quantized_decomposed's operators, as
 * torch.ao's and torchao's convert writes them around operators in fp32 (torch/ao/quantization/fx/_decomposed.py).
 *
 * <p>They round x / scale and add the zero point; {@link Op.QuantStub} rounds the sum, which gives another level where
 * x / scale lies exactly between two and the zero point is odd.
 */
final class LowerQuantized implements Lowering {

    private final Operands operands;

    LowerQuantized(Operands operands) {
        this.operands = operands;
    }

    @Override
    public Optional<Lowered> lower(Call call, String operator) throws ModelFormatException {
        return Optional.ofNullable(switch (operator) {
            case "quantized_decomposed.quantize_per_tensor" -> quantize(call);
            case "quantized_decomposed.dequantize_per_tensor" -> dequantize(call);
            default -> null;
        });
    }

    private static QuantParams.PerTensor params(Call call) throws ModelFormatException {
        QuantDtype dtype = switch (call.dtype("dtype").orElse(Dtype.FLOAT32)) {
            case UINT8 -> QuantDtype.QUINT8;
            case INT8 -> QuantDtype.QINT8;
            case INT16, INT32, INT64, FLOAT16, FLOAT32, FLOAT64, BOOL, BFLOAT16 -> throw new NotSupportedException(
                    "The program has int8 and uint8 levels only.");
        };
        return new QuantParams.PerTensor(dtype, (float) call.number("scale", Double.NaN), call.integer("zero_point", 0));
    }

    /** Levels fewer than the type has are what fp32 clamped before makes. */
    private Lowered quantize(Call call) throws ModelFormatException {
        QuantParams.PerTensor params = params(call);
        int least = Math.max(call.integer("quant_min", params.dtype().min()), params.dtype().min());
        int most = Math.min(call.integer("quant_max", params.dtype().max()), params.dtype().max());
        if (least > params.zeroPoint() || most < params.zeroPoint()) {
            throw call.error("quantizes to levels " + least + " to " + most + ", which are without the zero point "
                    + params.zeroPoint());
        }
        String x = operands.node(call.tensor("input"));
        if (least > params.dtype().min() || most < params.dtype().max()) {
            x = operands.step(new Op.Clip((least - params.zeroPoint()) * params.scale(),
                    (most - params.zeroPoint()) * params.scale()), x);
        }
        return new Lowered.Layer(new Op.QuantStub(Optional.of(params)), x);
    }

    private Lowered dequantize(Call call) throws ModelFormatException {
        QuantParams.PerTensor params = params(call);
        String levels = operands.node(call.tensor("input"));
        if (!operands.nodes().apply(levels).type().equals(new ValueType.Int8(params))) {
            throw new NotSupportedException("It reads levels of other scale and zero point than they were made with.");
        }
        return operands.layer(new Op.DeQuantStub(), call, "input");
    }
}
