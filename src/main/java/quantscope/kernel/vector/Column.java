package quantscope.kernel.vector;

import quantscope.kernel.ConvShape;

/** The inputs of the only output pixel, in the weights' order; worked out once, -1 in the padding. */
final class Column {

    private final int[] index;
    private final boolean plain;

    /** @param s with one output pixel */
    Column(ConvShape s) {
        index = new int[s.depth()];
        boolean same = true;
        int k = 0;
        for (int c = 0; c < s.inPerGroup(); c++) {
            for (int i = 0; i < s.kernelH(); i++) {
                for (int j = 0; j < s.kernelW(); j++, k++) {
                    int row = i * s.dilationH() - s.padTop();
                    int column = j * s.dilationW() - s.padLeft();
                    boolean inside = row >= 0 && row < s.inHeight() && column >= 0 && column < s.inWidth();
                    index[k] = inside ? c * s.inPlane() + row * s.inWidth() + column : -1;
                    same &= index[k] == k;
                }
            }
        }
        plain = same;
    }

    void gather(float[] image, int in, float[] column) {
        if (plain) {
            System.arraycopy(image, in, column, 0, index.length);
            return;
        }
        for (int k = 0; k < index.length; k++) {
            column[k] = index[k] < 0 ? 0 : image[in + index[k]];
        }
    }

    /** Levels less their zero point. */
    void gather(byte[] image, int in, int zeroPoint, float[] column) {
        for (int k = 0; k < index.length; k++) {
            column[k] = index[k] < 0 ? 0 : (float) ((image[in + index[k]] & 0xff) - zeroPoint);
        }
    }
}
