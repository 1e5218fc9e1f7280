package quantscope.format.fold;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;
import quantscope.format.fold.Elementwise.Binary;
import quantscope.format.fold.Elementwise.Unary;
import quantscope.tensor.FloatTensor;
import quantscope.tensor.Shape;

class FoldTest {

    private static final Known A = floats(Shape.of(2, 3), 1, -2, 3, -4, 5, -6);

    private static Known floats(Shape shape, float... data) {
        return Known.of(new FloatTensor(shape, data));
    }

    private static void assertFloats(Known actual, Shape shape, float... data) {
        assertEquals(shape, actual.shape());
        assertArrayEquals(data, actual.floats().data());
    }

    private static void assertLongs(Known actual, Shape shape, long... data) {
        assertEquals(shape, actual.shape());
        assertArrayEquals(data, ((Known.Longs) actual).data());
    }

    @Test
    void binarizationOfWeightsFolds() {
        Known alpha = Reducing.reduce(Reducing.Kind.MEAN, Elementwise.unary(Unary.ABS, A), true, 1);
        assertFloats(alpha, Shape.of(2, 1), 2, 5);
        assertFloats(Elementwise.binary(Binary.MUL, alpha, Elementwise.unary(Unary.SIGN, A)), Shape.of(2, 3),
                2, -2, 2, -5, 5, -5);
    }

    @Test
    void operandsBroadcastFromBothSides() {
        assertFloats(Elementwise.binary(Binary.SUB, floats(Shape.of(2, 1), 10, 20), floats(Shape.of(3), 1, 2, 3)),
                Shape.of(2, 3), 9, 8, 7, 19, 18, 17);
        assertThrows(FoldException.class, () -> Elementwise.binary(Binary.ADD, A, floats(Shape.of(2), 1, 2)));
    }

    @Test
    void integersStayIntegersAndDivisionTruncates() {
        assertLongs(Elementwise.binary(Binary.DIV, Known.Longs.of(7, -7), Known.Longs.scalar(2)), Shape.of(2), 3, -3);
        assertThrows(FoldException.class,
                () -> Elementwise.binary(Binary.DIV, Known.Longs.of(1), Known.Longs.of(0)));
    }

    @Test
    void whereAndComparisonsChoose() {
        Known positive = Elementwise.binary(Binary.GREATER_EQUAL, A, Known.scalar(0));
        assertLongs(positive, Shape.of(2, 3), 1, 0, 1, 0, 1, 0);
        assertFloats(Elementwise.where(positive, Known.scalar(1), Known.scalar(-1)), Shape.of(2, 3),
                1, -1, 1, -1, 1, -1);
        assertFloats(Elementwise.clamp(A, -1, 4), Shape.of(2, 3), 1, -1, 3, -1, 4, -1);
    }

    @Test
    void reductionsKeepOrDropTheirAxes() {
        assertFloats(Reducing.reduce(Reducing.Kind.SUM, A, false, -2), Shape.of(3), -3, 3, -3);
        assertFloats(Reducing.reduce(Reducing.Kind.MAX, A, true), Shape.of(1, 1), 5);
        assertLongs(Reducing.reduce(Reducing.Kind.PROD, Known.Longs.of(2, 3, 4), false), Shape.of(), 24);
    }

    @Test
    void meansAccumulateInDouble() {
        float[] data = new float[1 << 20];
        java.util.Arrays.fill(data, 0.1f);
        assertFloats(Reducing.reduce(Reducing.Kind.MEAN, floats(Shape.of(1 << 20), data), false), Shape.of(), 0.1f);
    }

    @Test
    void reshapeInfersAndCopiesExtents() {
        assertEquals(Shape.of(2, 3), Moving.reshapedShape(Shape.of(2, 3), new long[] {0, -1}, true));
        assertEquals(Shape.of(6), Moving.flatten(A, 0, -1).shape());
        assertThrows(FoldException.class, () -> Moving.reshapedShape(Shape.of(2, 3), new long[] {4, -1}, true));
        assertThrows(FoldException.class, () -> Moving.reshapedShape(Shape.of(2, 3), new long[] {-1, -1}, true));
    }

    @Test
    void transposeExpandAndConcatMoveElements() {
        assertFloats(Moving.transpose(A, 1, 0), Shape.of(3, 2), 1, -4, -2, 5, 3, -6);
        assertFloats(Moving.expand(floats(Shape.of(2, 1), 7, 8), new long[] {-1, 2}), Shape.of(2, 2), 7, 7, 8, 8);
        assertFloats(Moving.concat(List.of(A, floats(Shape.of(2, 1), 8, 9)), -1), Shape.of(2, 4),
                1, -2, 3, 8, -4, 5, -6, 9);
        assertFloats(Moving.unsqueeze(floats(Shape.of(2), 1, 2), 0, -1), Shape.of(1, 2, 1), 1, 2);
        assertEquals(Shape.of(2), Moving.squeeze(floats(Shape.of(1, 2, 1), 1, 2)).shape());
    }

    @Test
    void sliceFollowsPython() {
        Known v = Known.Longs.of(0, 1, 2, 3, 4);
        assertLongs(Moving.slice(v, 0, 1, Long.MAX_VALUE, 2), Shape.of(2), 1, 3);
        assertLongs(Moving.slice(v, 0, -1, Long.MIN_VALUE, -2), Shape.of(3), 4, 2, 0);
        assertLongs(Moving.slice(v, 0, -2, -1, 1), Shape.of(1), 3);
        assertLongs(Moving.slice(v, 0, 4, 2, 1), Shape.of(0));
    }

    @Test
    void gatherTakesSlicesInTheIndicesShape() {
        assertFloats(Moving.gather(A, Known.Longs.of(-1, 0), 1), Shape.of(2, 2), 3, 1, -6, -4);
        assertLongs(Moving.gather(Known.Longs.of(1, 3, 64, 64), Known.Longs.scalar(1), 0), Shape.of(), 3);
        assertThrows(FoldException.class, () -> Moving.gather(A, Known.Longs.of(3), 1));
    }

    @Test
    void absurdSizesAreRefusedBeforeAllocation() {
        assertThrows(FoldException.class, () -> Making.full(new long[] {1L << 30, 1L << 30}, Known.scalar(0)));
        assertThrows(FoldException.class, () -> Making.range(0, Long.MAX_VALUE, 1));
        assertThrows(FoldException.class, () -> Moving.expand(Known.scalar(1), new long[] {1 << 20, 1 << 20}));
    }
}
