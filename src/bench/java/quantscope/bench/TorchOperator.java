package quantscope.bench;

import org.bytedeco.pytorch.Dispatcher;
import org.bytedeco.pytorch.GenericList;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.IValueVector;
import org.bytedeco.pytorch.IntType;
import org.bytedeco.pytorch.NumberType;
import org.bytedeco.pytorch.OperatorHandle;
import org.bytedeco.pytorch.OptionalType;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.Type;
import quantscope.tensor.FloatTensor;
import quantscope.tensor.Shape;

/**
 * An operator by its schema's name, called through the dispatcher's stack of values: quantized operators have no other
 * entry from Java.
 */
final class TorchOperator {

    private final OperatorHandle handle;

    private TorchOperator(OperatorHandle handle) {
        this.handle = handle;
    }

    static TorchOperator of(String name, String overload) {
        return new TorchOperator(Dispatcher.singleton().findSchemaOrThrow(name, overload));
    }

    /** The only value that comes back. */
    IValue call(IValue... arguments) {
        IValueVector stack = new IValueVector(arguments);
        handle.callBoxed(stack);
        return new IValue(stack.get(0));
    }

    static IValue none() {
        return new IValue();
    }

    static IValue ints(long... values) {
        GenericList list = new GenericList(new Type.TypePtr(IntType.getIntTypePtr().get()));
        for (long value : values) {
            list.push_back(new IValue(value));
        }
        return new IValue(list);
    }

    /** An empty list of what may be a number or none. */
    static IValue noScalars() {
        return new IValue(new GenericList(OptionalType.get(new Type.TypePtr(NumberType.getNumberIntTypePtr().get()))));
    }

    static Tensor tensor(FloatTensor values) {
        return Tensor.create(values.data(), dims(values.shape()));
    }

    static long[] dims(Shape shape) {
        return shape.dims().stream().mapToLong(d -> d).toArray();
    }
}
