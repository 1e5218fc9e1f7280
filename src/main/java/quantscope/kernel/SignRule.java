package quantscope.kernel;

import java.util.List;

/** Which values have which sign, channel by channel. */
public sealed interface SignRule permits FloatSigns, LevelSigns {

    /** -1 or +1 for the element at an index of the memory, 0 where it has no sign of its own. */
    int sign(Memory memory, int index, int channel);

    /** What a layer reads that takes the signs of its input as it is. */
    static SignRule of(SignSource source, int channels) {
        return source.int8() ? LevelSigns.of(List.of(), channels, source).orElseThrow()
                : FloatSigns.of(MonotoneChain.none(channels));
    }
}
