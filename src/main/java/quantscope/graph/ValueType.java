package quantscope.graph;

import quantscope.quant.QuantParams;

/** What kind of numbers an edge of the graph carries. */
public sealed interface ValueType {

    Float32 FLOAT32 = new Float32();

    /** fp32 numbers. */
    record Float32() implements ValueType { }

    /** 8-bit levels with one scale and zero point. */
    record Int8(QuantParams.PerTensor params) implements ValueType { }
}
