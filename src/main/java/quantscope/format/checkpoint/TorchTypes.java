package quantscope.format.checkpoint;

import java.util.Map;
import java.util.Optional;
import quantscope.format.state.ElementType;

/** Element types by the names that PyTorch gives them: storage classes (torch/storage.py) and dtypes. */
final class TorchTypes {

    private static final Map<String, ElementType> STORAGES = Map.ofEntries(
            Map.entry("HalfStorage", ElementType.FLOAT16), Map.entry("BFloat16Storage", ElementType.BFLOAT16),
            Map.entry("FloatStorage", ElementType.FLOAT32), Map.entry("DoubleStorage", ElementType.FLOAT64),
            Map.entry("CharStorage", ElementType.INT8), Map.entry("ByteStorage", ElementType.UINT8),
            Map.entry("ShortStorage", ElementType.INT16), Map.entry("IntStorage", ElementType.INT32),
            Map.entry("LongStorage", ElementType.INT64), Map.entry("BoolStorage", ElementType.BOOL),
            Map.entry("UntypedStorage", ElementType.UINT8));

    private static final Map<String, ElementType> DTYPES = Map.ofEntries(
            Map.entry("float16", ElementType.FLOAT16), Map.entry("bfloat16", ElementType.BFLOAT16),
            Map.entry("float32", ElementType.FLOAT32), Map.entry("float64", ElementType.FLOAT64),
            Map.entry("int8", ElementType.INT8), Map.entry("uint8", ElementType.UINT8),
            Map.entry("int16", ElementType.INT16), Map.entry("uint16", ElementType.UINT16),
            Map.entry("int32", ElementType.INT32), Map.entry("uint32", ElementType.UINT32),
            Map.entry("int64", ElementType.INT64), Map.entry("uint64", ElementType.UINT64),
            Map.entry("bool", ElementType.BOOL));

    private TorchTypes() { }

    /** Of a storage class of torch, torch.cuda or torch.storage. */
    static Optional<ElementType> storage(String module, String name) {
        boolean known = switch (module) {
            case "torch", "torch.cuda" -> !name.equals("UntypedStorage");
            case "torch.storage" -> name.equals("UntypedStorage");
            default -> false;
        };
        return known ? Optional.ofNullable(STORAGES.get(name)) : Optional.empty();
    }

    /** Of torch.float32 and its like. */
    static Optional<ElementType> dtype(String module, String name) {
        return module.equals("torch") ? Optional.ofNullable(DTYPES.get(name)) : Optional.empty();
    }
}
