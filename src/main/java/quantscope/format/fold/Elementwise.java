package quantscope.format.fold;

import quantscope.tensor.FloatTensor;
import quantscope.tensor.Shape;

/**
 * Element-wise arithmetic in float32, as PyTorch and ONNX do it: every operation is computed in double and rounded
 * once, which is exact for + - * / and sqrt and within one unit in the last place for exp, log, pow and rsqrt.
 * Integers stay integers (64 bit). Where a floating and an integer operand meet, the integer becomes fp32.
 */
public final class Elementwise {

    /** Functions of one operand. SIGN of 0 is 0; ROUND is half to even; NOT takes truth values. */
    public enum Unary { SIGN, ABS, NEG, SQRT, RSQRT, RECIPROCAL, EXP, LOG, FLOOR, CEIL, ROUND, TANH, SIGMOID, RELU, NOT }

    /** Functions of two operands; comparisons give truth values. DIV of integers truncates towards zero. */
    public enum Binary { ADD, SUB, MUL, DIV, POW, MIN, MAX, GREATER, GREATER_EQUAL, LESS, LESS_EQUAL, EQUAL, AND, OR }

    private Elementwise() { }

    public static Known unary(Unary f, Known x) {
        return switch (x) {
            case Known.Floats v -> {
                float[] in = v.tensor().data();
                if (f == Unary.NOT) {
                    yield unary(f, x.booleans());
                }
                float[] out = new float[in.length];
                for (int i = 0; i < out.length; i++) {
                    out[i] = (float) apply(f, in[i]);
                }
                yield Known.of(new FloatTensor(v.shape(), out));
            }
            case Known.Longs v -> switch (f) {
                case SIGN, ABS, NEG, RELU, NOT, FLOOR, CEIL, ROUND -> {
                    long[] out = new long[v.data().length];
                    for (int i = 0; i < out.length; i++) {
                        out[i] = apply(f, v.data()[i]);
                    }
                    yield new Known.Longs(v.shape(), out);
                }
                case SQRT, RSQRT, RECIPROCAL, EXP, LOG, TANH, SIGMOID -> unary(f, Known.of(v.floats()));
            };
        };
    }

    private static double apply(Unary f, float x) {
        return switch (f) {
            case SIGN -> Math.signum(x);
            case ABS -> Math.abs(x);
            case NEG -> -x;
            case SQRT -> Math.sqrt(x);
            case RSQRT -> 1 / Math.sqrt(x);
            case RECIPROCAL -> 1.0 / x;
            case EXP -> Math.exp(x);
            case LOG -> Math.log(x);
            case FLOOR -> Math.floor(x);
            case CEIL -> Math.ceil(x);
            case ROUND -> Math.rint(x);
            case TANH -> Math.tanh(x);
            case SIGMOID -> 1 / (1 + Math.exp(-x));
            case RELU -> x > 0 || Float.isNaN(x) ? x : 0;
            case NOT -> throw new IllegalStateException("NOT takes truth values");
        };
    }

    private static long apply(Unary f, long x) {
        return switch (f) {
            case SIGN -> Long.signum(x);
            case ABS -> Math.abs(x);
            case NEG -> -x;
            case RELU -> Math.max(x, 0);
            case NOT -> x == 0 ? 1 : 0;
            case FLOOR, CEIL, ROUND -> x;
            case SQRT, RSQRT, RECIPROCAL, EXP, LOG, TANH, SIGMOID ->
                    throw new IllegalStateException(f + " is not a function of integers");
        };
    }

    /** With numpy broadcasting. */
    public static Known binary(Binary f, Known a, Known b) {
        Shape shape = Extents.broadcast(a.shape(), b.shape());
        Walk ia = Walk.broadcast(a.shape(), shape);
        Walk ib = Walk.broadcast(b.shape(), shape);
        int n = shape.size();
        boolean comparison = switch (f) {
            case GREATER, GREATER_EQUAL, LESS, LESS_EQUAL, EQUAL, AND, OR -> true;
            case ADD, SUB, MUL, DIV, POW, MIN, MAX -> false;
        };
        if (a instanceof Known.Longs x && b instanceof Known.Longs y) {
            long[] out = new long[n];
            for (int i = 0; i < n; i++) {
                out[i] = apply(f, x.data()[ia.next()], y.data()[ib.next()]);
            }
            return new Known.Longs(shape, out);
        }
        float[] x = a.floats().data();
        float[] y = b.floats().data();
        if (comparison) {
            long[] out = new long[n];
            for (int i = 0; i < n; i++) {
                out[i] = compare(f, x[ia.next()], y[ib.next()]) ? 1 : 0;
            }
            return new Known.Longs(shape, out);
        }
        float[] out = new float[n];
        for (int i = 0; i < n; i++) {
            out[i] = apply(f, x[ia.next()], y[ib.next()]);
        }
        return Known.of(new FloatTensor(shape, out));
    }

    private static float apply(Binary f, float a, float b) {
        return switch (f) {
            case ADD -> a + b;
            case SUB -> a - b;
            case MUL -> a * b;
            case DIV -> a / b;
            case POW -> (float) Math.pow(a, b);
            case MIN -> Math.min(a, b);
            case MAX -> Math.max(a, b);
            case GREATER, GREATER_EQUAL, LESS, LESS_EQUAL, EQUAL, AND, OR ->
                    throw new IllegalStateException(f + " is a comparison");
        };
    }

    private static boolean compare(Binary f, double a, double b) {
        return switch (f) {
            case GREATER -> a > b;
            case GREATER_EQUAL -> a >= b;
            case LESS -> a < b;
            case LESS_EQUAL -> a <= b;
            case EQUAL -> a == b;
            case AND -> a != 0 && b != 0;
            case OR -> a != 0 || b != 0;
            case ADD, SUB, MUL, DIV, POW, MIN, MAX -> throw new IllegalStateException(f + " is no comparison");
        };
    }

    private static long apply(Binary f, long a, long b) {
        return switch (f) {
            case ADD -> a + b;
            case SUB -> a - b;
            case MUL -> a * b;
            case DIV -> {
                if (b == 0) {
                    throw new FoldException("integer division by zero");
                }
                yield a / b;
            }
            case POW -> (long) Math.pow(a, b);
            case MIN -> Math.min(a, b);
            case MAX -> Math.max(a, b);
            case GREATER -> a > b ? 1 : 0;
            case GREATER_EQUAL -> a >= b ? 1 : 0;
            case LESS -> a < b ? 1 : 0;
            case LESS_EQUAL -> a <= b ? 1 : 0;
            case EQUAL -> a == b ? 1 : 0;
            case AND -> a != 0 && b != 0 ? 1 : 0;
            case OR -> a != 0 || b != 0 ? 1 : 0;
        };
    }

    /** min(max(x, low), high), as clamp and Clip. */
    public static Known clamp(Known x, float low, float high) {
        return binary(Binary.MIN, binary(Binary.MAX, x, Known.scalar(low)), Known.scalar(high));
    }

    /** a where the condition is not zero, else b; all three broadcast. */
    public static Known where(Known condition, Known a, Known b) {
        Shape shape = Extents.broadcast(Extents.broadcast(condition.shape(), a.shape()), b.shape());
        long[] c = Moving.expand(condition.booleans(), shape).longs().data();
        Known x = Moving.expand(a, shape);
        Known y = Moving.expand(b, shape);
        if (x instanceof Known.Longs p && y instanceof Known.Longs q) {
            long[] out = new long[c.length];
            for (int i = 0; i < out.length; i++) {
                out[i] = c[i] != 0 ? p.data()[i] : q.data()[i];
            }
            return new Known.Longs(shape, out);
        }
        float[] p = x.floats().data();
        float[] q = y.floats().data();
        float[] out = new float[c.length];
        for (int i = 0; i < out.length; i++) {
            out[i] = c[i] != 0 ? p[i] : q[i];
        }
        return Known.of(new FloatTensor(shape, out));
    }
}
