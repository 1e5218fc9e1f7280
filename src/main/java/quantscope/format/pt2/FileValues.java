package quantscope.format.pt2;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;

/** What a file says of its values, by their names. */
record FileValues(Program program, InputShapes shapes) {

    Optional<Dtype> type(String name) {
        return Dtype.of(program.value(name).path("dtype").asInt(-1));
    }

    /** Whether the first extent is 1 in the file, whatever batch the network was exported with. */
    boolean holdsOneImage(String name) {
        JsonNode first = program.value(name).path("sizes").path(0).path("as_int");
        return first.isNumber() && first.asInt() == 1;
    }

    /** The batch that the network was exported with, 1 where it is open. */
    int fixedBatch() {
        return shapes.fixedBatch();
    }
}
