package quantscope.format.pt2;

import java.util.Optional;
import quantscope.format.ModelFormatException;

/** Turns operations of one kind into the graph's operators. */
@FunctionalInterface
interface Lowering {

    /**
     * @param operator without overload and without the underscore of in-place operations
     * @return empty for operations of another kind
     * @throws NotSupportedException for what no operator of the program computes
     */
    Optional<Lowered> lower(Call call, String operator) throws ModelFormatException;
}
