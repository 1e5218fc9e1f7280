package quantscope.app.memory;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import quantscope.app.state.Choices;
import quantscope.dataset.ImageSelection;
import quantscope.export.AtomicFile;
import quantscope.export.ConfigurationException;
import quantscope.export.PreprocessingJson;
import quantscope.export.SpecificationJson;

/** A JSON file in the user's state folder. A file that cannot be understood is set aside, never lost and never fatal. */
public final class StateFile implements Memory {

    private static final Logger LOG = System.getLogger(StateFile.class.getName());
    private static final ObjectMapper MAPPER = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private final Path file;

    /** @param folder is made when something is kept */
    public StateFile(Path folder) {
        this.file = folder.resolve("state.json");
    }

    /**
     * Where state belongs: {@code quantscope.state}, else as the system has it.
     *
     * @param properties system properties: quantscope.state, os.name, user.home
     * @param environment XDG_STATE_HOME, APPDATA
     */
    public static Path folder(Map<String, String> properties, Map<String, String> environment) {
        if (properties.containsKey("quantscope.state")) {
            return Path.of(properties.get("quantscope.state"));
        }
        Path home = Path.of(properties.getOrDefault("user.home", "."));
        String os = properties.getOrDefault("os.name", "").toLowerCase(Locale.ROOT);
        if (os.contains("win")) {
            return Path.of(environment.getOrDefault("APPDATA", home.resolve("AppData/Roaming").toString()))
                    .resolve("quantscope");
        }
        if (os.contains("mac")) {
            return home.resolve("Library/Application Support/quantscope");
        }
        String state = environment.getOrDefault("XDG_STATE_HOME", "");
        return (state.isBlank() ? home.resolve(".local/state") : Path.of(state)).resolve("quantscope");
    }

    @Override
    public Remembered recall(Consumer<String> trouble) {
        if (!Files.isRegularFile(file)) {
            return Remembered.NOTHING;
        }
        try {
            return read(MAPPER.readTree(Files.readAllBytes(file)));
        } catch (IOException | ConfigurationException | IllegalArgumentException e) {
            LOG.log(Level.INFO, "cannot read " + file, e);
            trouble.accept(file + " cannot be read, so nothing of the last time is restored; " + setAside());
            return Remembered.NOTHING;
        }
    }

    /** What became of the file. */
    private String setAside() {
        Path aside = file.resolveSibling("state.json.unreadable");
        try {
            Files.move(file, aside, StandardCopyOption.REPLACE_EXISTING);
            return "the file is kept as " + aside.getFileName() + ". Open your model and images again";
        } catch (IOException e) {
            LOG.log(Level.WARNING, "cannot rename " + file, e);
            return "it cannot be renamed either. Look at its permissions";
        }
    }

    @Override
    public void keep(Remembered remembered) throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        AtomicFile.write(file, MAPPER.writeValueAsBytes(write(remembered)));
    }

    private static ObjectNode write(Remembered remembered) {
        ObjectNode json = MAPPER.createObjectNode().put("version", 1);
        remembered.model().ifPresent(p -> json.put("model", p.toString()));
        remembered.images().ifPresent(p -> json.put("images", p.toString()));
        remembered.choices().forEach((model, choices) -> json.withArray("/choices").add(write(model, choices)));
        ImageSelection s = remembered.selection();
        json.putObject("selection").put("calibration", s.calibration()).put("evaluation", s.evaluation())
                .put("seed", s.seed()).put("batch", s.batch());
        remembered.recent().forEach(p -> json.withArray("/recent").add(p.toString()));
        json.put("dark", remembered.dark());
        remembered.window().ifPresent(w -> json.putObject("window").put("x", w.x()).put("y", w.y())
                .put("width", w.width()).put("height", w.height()).put("maximized", w.maximized()));
        return json;
    }

    private static ObjectNode write(Path model, Choices choices) {
        ObjectNode json = MAPPER.createObjectNode().put("model", model.toString());
        json.set("specification", SpecificationJson.write(choices.specification()));
        choices.preprocessing().ifPresent(p -> json.set("preprocessing", PreprocessingJson.write(p)));
        choices.classNames().ifPresent(names -> names.forEach(json.putArray("classNames")::add));
        return json;
    }

    private static Choices choices(JsonNode json) throws ConfigurationException {
        List<String> names = new ArrayList<>();
        json.path("classNames").forEach(n -> names.add(n.asText()));
        return new Choices(SpecificationJson.read(json.path("specification")), json.hasNonNull("preprocessing")
                ? Optional.of(PreprocessingJson.read(json.get("preprocessing"))) : Optional.empty(),
                json.hasNonNull("classNames") ? Optional.of(names) : Optional.empty());
    }

    private static Remembered read(JsonNode json) throws ConfigurationException {
        if (json == null || json.path("version").asInt() != 1) {
            throw new IllegalArgumentException("version is " + (json == null ? "missing" : json.path("version"))
                    + ", expected 1");
        }
        List<Path> recent = new ArrayList<>();
        json.path("recent").forEach(n -> recent.add(Path.of(n.asText())));
        Optional<Path> model = path(json, "model");
        Map<Path, Choices> choices = new LinkedHashMap<>();
        for (JsonNode n : json.path("choices")) {
            choices.put(path(n, "model").orElseThrow(() -> new IllegalArgumentException("choices have no model")), choices(n));
        }
        if (json.has("specification")) {
            // As the first version had it: for the open model alone.
            Choices chosen = choices(json);
            model.ifPresent(m -> choices.put(m, chosen));
        }
        JsonNode s = json.path("selection");
        JsonNode w = json.path("window");
        return new Remembered(model, path(json, "images"), choices, new ImageSelection(s.path("calibration").asInt(), s.path("evaluation").asInt(),
                        s.path("seed").asLong(), s.path("batch").asInt()),
                recent, json.path("dark").asBoolean(), w.isMissingNode() ? Optional.empty()
                : Optional.of(new Remembered.WindowPlace(w.path("x").asDouble(), w.path("y").asDouble(),
                w.path("width").asDouble(), w.path("height").asDouble(), w.path("maximized").asBoolean())));
    }

    private static Optional<Path> path(JsonNode json, String field) {
        return json.hasNonNull(field) ? Optional.of(Path.of(json.get(field).asText())) : Optional.empty();
    }
}
