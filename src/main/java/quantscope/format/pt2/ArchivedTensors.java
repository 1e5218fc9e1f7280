package quantscope.format.pt2;

import java.io.IOException;
import quantscope.format.ModelFormatException;
import quantscope.format.fold.Known;

/** The tensors of an archive, by their name in the state dict or among the constants. */
interface ArchivedTensors {

    /** @throws ModelFormatException when there is none of that name, or it is not whole */
    Known get(String name) throws ModelFormatException, IOException;
}
