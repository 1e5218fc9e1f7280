package quantscope.run;

import quantscope.quant.QuantDtype;
import quantscope.quant.QuantParams;

/**
 * Levels lie in memory as 0..255. Signed ones, -128..127, are 128 more there, and so is their zero point: differences of both,
 * which is all that int8 arithmetic knows of, stay the same.
 */
final class UnsignedLevels {

    static final int SHIFT = 128;

    private UnsignedLevels() { }

    /** What says the same of levels 0..255. */
    static QuantParams.PerTensor of(QuantParams.PerTensor params) {
        return params.dtype() == QuantDtype.QINT8
                ? new QuantParams.PerTensor(QuantDtype.QUINT8, params.scale(), params.zeroPoint() + SHIFT) : params;
    }
}
