package quantscope.run.nd4j;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import quantscope.tensor.FloatTensor;

/**
 * Moments of a tensor, computed by ND4J.
 *
 * @param mean     arithmetic mean
 * @param std      standard deviation of the population (divided by n)
 * @param min      smallest element
 * @param max      largest element
 * @param absMean  mean magnitude
 * @param zeros    share of elements that are exactly 0
 * @param elements how many there are
 */
public record TensorStatistics(double mean, double std, double min, double max, double absMean, double zeros,
                               long elements) {

    public static TensorStatistics of(FloatTensor tensor) {
        INDArray x = Nd4j.createFromArray(tensor.data());
        return new TensorStatistics(x.meanNumber().doubleValue(), x.stdNumber(false).doubleValue(),
                x.minNumber().doubleValue(), x.maxNumber().doubleValue(), x.ameanNumber().doubleValue(),
                x.eq(0).castTo(x.dataType()).meanNumber().doubleValue(), x.length());
    }
}
