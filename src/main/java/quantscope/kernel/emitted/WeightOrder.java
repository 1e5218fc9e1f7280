package quantscope.kernel.emitted;

import java.util.Arrays;
import quantscope.kernel.ConvShape;

/**
 * In which order an output channel's weights are used.
 *
 * @param perStep values in a step's four bytes
 * @param source  for each of them, step by step: which of the channel's [values,KH,KW], or -1 for none
 */
record WeightOrder(int perStep, int[] source) {

    /**
     * @param values of a group's pixel
     * @param bytes  of a value's weight
     */
    static WeightOrder of(TiledLayer layer, int values, int bytes) {
        ConvShape s = layer.shape();
        Runs runs = layer.runs();
        int perStep = Integer.BYTES / bytes;
        int[] source = new int[Math.multiplyExact(layer.steps(), perStep)];
        Arrays.fill(source, -1);
        for (int row = 0; row < s.kernelH(); row++) {
            for (int column = 0; column < s.kernelW(); column++) {
                for (int value = 0; value < values; value++) {
                    int inRow = runs.at(column, layer.groupBytes(), value * layer.way().valueBytes());
                    int step = row * runs.rowSteps() + inRow / Integer.BYTES;
                    source[step * perStep + inRow % Integer.BYTES / bytes] =
                            value * s.taps() + row * s.kernelW() + column;
                }
            }
        }
        return new WeightOrder(perStep, source);
    }
}
