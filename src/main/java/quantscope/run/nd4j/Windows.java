package quantscope.run.nd4j;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.INDArrayIndex;
import org.nd4j.linalg.indexing.NDArrayIndex;
import quantscope.graph.PoolGeometry;

/** Pooling as a reduction over shifted, strided views: slow, and different from the engine in every respect. */
final class Windows {

    private Windows() { }

    static INDArray max(INDArray x, PoolGeometry g, int outHeight, int outWidth) {
        INDArray padded = padded(x, g, outHeight, outWidth, Float.NEGATIVE_INFINITY);
        INDArray best = null;
        for (int kh = 0; kh < g.kernelH(); kh++) {
            for (int kw = 0; kw < g.kernelW(); kw++) {
                INDArray view = shifted(padded, g, kh, kw, outHeight, outWidth);
                best = best == null ? view.dup('c') : org.nd4j.linalg.ops.transforms.Transforms.max(best, view, true);
            }
        }
        return best;
    }

    static INDArray average(INDArray x, PoolGeometry g, boolean countIncludePad, int outHeight, int outWidth) {
        INDArray ones = Nd4j.ones(1, 1, x.size(2), x.size(3));
        INDArray counted = padded(ones, g, outHeight, outWidth, 0);
        if (countIncludePad) {
            counted.get(NDArrayIndex.all(), NDArrayIndex.all(),
                    NDArrayIndex.interval(0, x.size(2) + g.padTop() + g.padBottom()),
                    NDArrayIndex.interval(0, x.size(3) + g.padLeft() + g.padRight())).assign(1);
        }
        return sum(padded(x, g, outHeight, outWidth, 0), g, outHeight, outWidth)
                .div(sum(counted, g, outHeight, outWidth));
    }

    /** Windows from floor(i*in/out) to ceil((i+1)*in/out). */
    static INDArray adaptiveAverage(INDArray x, int outHeight, int outWidth) {
        long height = x.size(2);
        long width = x.size(3);
        INDArray out = Nd4j.create(1, x.size(1), outHeight, outWidth);
        for (int i = 0; i < outHeight; i++) {
            for (int j = 0; j < outWidth; j++) {
                INDArray window = x.get(NDArrayIndex.all(), NDArrayIndex.all(),
                        NDArrayIndex.interval(i * height / outHeight, ((i + 1) * height + outHeight - 1) / outHeight),
                        NDArrayIndex.interval(j * width / outWidth, ((j + 1) * width + outWidth - 1) / outWidth));
                out.get(NDArrayIndex.all(), NDArrayIndex.all(), NDArrayIndex.point(i), NDArrayIndex.point(j))
                        .assign(window.mean(2, 3));
            }
        }
        return out;
    }

    private static INDArray sum(INDArray padded, PoolGeometry g, int outHeight, int outWidth) {
        INDArray total = Nd4j.zeros(1, padded.size(1), outHeight, outWidth);
        for (int kh = 0; kh < g.kernelH(); kh++) {
            for (int kw = 0; kw < g.kernelW(); kw++) {
                total.addi(shifted(padded, g, kh, kw, outHeight, outWidth));
            }
        }
        return total;
    }

    /** Large enough for every window, also for a last one that ceil_mode lets hang over. */
    private static INDArray padded(INDArray x, PoolGeometry g, int outHeight, int outWidth, float value) {
        long height = Math.max(x.size(2) + g.padTop() + g.padBottom(),
                (long) (outHeight - 1) * g.strideH() + (long) g.dilationH() * (g.kernelH() - 1) + 1);
        long width = Math.max(x.size(3) + g.padLeft() + g.padRight(),
                (long) (outWidth - 1) * g.strideW() + (long) g.dilationW() * (g.kernelW() - 1) + 1);
        INDArray padded = Nd4j.valueArrayOf(new long[] {1, x.size(1), height, width}, value);
        padded.get(NDArrayIndex.all(), NDArrayIndex.all(),
                NDArrayIndex.interval(g.padTop(), g.padTop() + x.size(2)),
                NDArrayIndex.interval(g.padLeft(), g.padLeft() + x.size(3))).assign(x);
        return padded;
    }

    private static INDArray shifted(INDArray padded, PoolGeometry g, int kh, int kw, int outHeight, int outWidth) {
        return padded.get(NDArrayIndex.all(), NDArrayIndex.all(), strided(kh * g.dilationH(), g.strideH(), outHeight),
                strided(kw * g.dilationW(), g.strideW(), outWidth)).reshape(1, padded.size(1), outHeight, outWidth);
    }

    private static INDArrayIndex strided(long from, long stride, long count) {
        return NDArrayIndex.interval(from, stride, from + (count - 1) * stride + 1);
    }
}
