package quantscope.format.pt2;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import quantscope.format.ModelFormatException;

/**
 * What an archive holds, whichever PyTorch wrote it.
 *
 * <p>Three forms exist: up to 2.7 a flat archive with the program in one JSON file and the tensors in files of torch.save;
 * 2.8 a folder with the program in {@code models/} and such files in {@code data/}; from 2.9 on raw tensors there.
 *
 * @param program  in the newest schema's form
 * @param tensors  parameters, buffers and constants
 * @param extra    texts that the file carries beside the network, by name without ".json"
 * @param writer   what is known of the PyTorch that wrote it
 */
record Contents(JsonNode program, ArchivedTensors tensors, Map<String, String> extra, String writer) {

    /** The program's name up to PyTorch 2.7. */
    static final String SINGLE_FILE = "serialized_exported_program.json";

    private static final String MODELS = "models";
    private static final String DEFAULT_MODEL = "model";
    private static final long LARGEST_EXTRA = 1 << 20;

    static Contents read(Archive archive) throws ModelFormatException, IOException {
        if (archive.has(SINGLE_FILE)) {
            JsonNode program = Upgrade.apply(Json.read(archive, SINGLE_FILE));
            return new Contents(program, PickledTensors.of(archive, program, List.of("serialized_state_dict.pt",
                    "serialized_state_dict.json"), List.of("serialized_constants.pt", "serialized_constants.json")),
                    extra(archive, "extra_files"), writer(program));
        }
        String model = model(archive);
        requireLittleEndian(archive);
        JsonNode program = Json.read(archive, MODELS + "/" + model + ".json");
        String weights = "data/weights/" + model + ".pt";
        ArchivedTensors tensors = archive.has(weights) ? PickledTensors.of(archive, program, List.of(weights),
                List.of("data/constants/" + model + ".pt")) : new Weights(archive, model);
        return new Contents(program, tensors, extra(archive, "extra"), writer(program));
    }

    /** The name of the only program, or of the one that torch.export.save wrote. */
    private static String model(Archive archive) throws ModelFormatException {
        List<String> models = archive.below(MODELS).stream().filter(n -> n.endsWith(".json"))
                .map(n -> n.substring(0, n.length() - ".json".length())).toList();
        if (models.contains(DEFAULT_MODEL) || models.size() == 1) {
            return models.contains(DEFAULT_MODEL) ? DEFAULT_MODEL : models.getFirst();
        }
        String found = models.size() > 1 ? "an archive of several programs: " + String.join(", ", models)
                : archive.has("data.pkl") ? "a pickled checkpoint and no exported program"
                : "an archive without models/model.json or " + SINGLE_FILE;
        throw new ModelFormatException(archive.file(), "", "is " + found
                + "; export the network with torch.export.save");
    }

    private static void requireLittleEndian(Archive archive) throws ModelFormatException, IOException {
        if (archive.has("byteorder")) {
            String order = new String(archive.bytes("byteorder", 64), StandardCharsets.US_ASCII).trim();
            if (!order.equals("little")) {
                throw new ModelFormatException(archive.file(), "byteorder", "is " + order
                        + ", expected little; export it on a little-endian machine");
            }
        }
    }

    private static Map<String, String> extra(Archive archive, String folder) throws ModelFormatException, IOException {
        Map<String, String> extra = new LinkedHashMap<>();
        for (String name : archive.below(folder)) {
            String key = name.endsWith(".json") ? name.substring(0, name.length() - ".json".length()) : name;
            if (archive.size(folder + "/" + name) <= LARGEST_EXTRA) {
                extra.put(key, new String(archive.bytes(folder + "/" + name, LARGEST_EXTRA), StandardCharsets.UTF_8));
            }
        }
        return extra;
    }

    /** Programs say their PyTorch since 2.5; before, the schema tells them apart. */
    private static String writer(JsonNode program) {
        String version = program.path("torch_version").asText("");
        JsonNode schema = program.path("schema_version");
        String major = schema.path("major").asText(schema.asText(""));
        return !version.isEmpty() && !version.startsWith("<") ? "PyTorch " + version
                : major.isEmpty() ? "" : "schema " + major;
    }
}
