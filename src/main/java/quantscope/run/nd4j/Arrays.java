package quantscope.run.nd4j;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import quantscope.tensor.FloatTensor;
import quantscope.tensor.Shape;

/** Between our tensors and ND4J's arrays; both row-major. */
final class Arrays {

    private Arrays() { }

    static INDArray of(FloatTensor tensor) {
        long[] shape = tensor.shape().dims().stream().mapToLong(Integer::longValue).toArray();
        return Nd4j.create(tensor.data().clone(), shape.length == 0 ? new long[] {1} : shape, 'c');
    }

    /** @param shape the array's, as the graph has it */
    static FloatTensor toTensor(INDArray array, Shape shape) {
        return new FloatTensor(shape, array.dup('c').data().asFloat());
    }

    /** A vector [C] as [1,C,1,1] or [1,C], to be broadcast over images or features. */
    static INDArray perChannel(FloatTensor vector, int rank) {
        INDArray array = of(vector);
        return rank == 4 ? array.reshape(1, vector.data().length, 1, 1) : array.reshape(1, vector.data().length);
    }
}
