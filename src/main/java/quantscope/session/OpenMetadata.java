package quantscope.session;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import quantscope.dataset.Preprocessing;
import quantscope.export.ConfigurationException;
import quantscope.export.PreprocessingJson;
import quantscope.format.Model;
import quantscope.graph.Node;
import quantscope.tensor.Shape;

/** Reads what a model file says about its images and classes; what it says badly becomes a note. */
final class OpenMetadata {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private OpenMetadata() { }

    static OpenModel read(Model model) {
        List<String> notes = new ArrayList<>(model.notes());
        Optional<Preprocessing> fromFile = preprocessing(model, notes);
        List<String> classNames = classNames(model, notes);
        input(model).filter(s -> !Preprocessing.isImageSize(s.dim(2), s.dim(3))).ifPresent(s ->
                notes.add("Its input " + s + " is no size that images are made in; the network is shown but cannot run."));
        Model noted = new Model(model.file(), model.format(), model.sha256(), model.graph(), model.metadata(), notes);
        return new OpenModel(noted, fromFile.orElseGet(() -> imageNet(model)), fromFile.isPresent(), classNames);
    }

    private static Optional<Preprocessing> preprocessing(Model model, List<String> notes) {
        String text = model.metadata().get("preprocessing");
        if (text == null) {
            return Optional.empty();
        }
        try {
            Preprocessing read = PreprocessingJson.parse(text);
            Optional<Shape> input = input(model);
            if (input.isPresent() && (input.get().dim(1) != read.channels() || input.get().dim(2) != read.cropHeight()
                    || input.get().dim(3) != read.cropWidth())) {
                notes.add("The file's preprocessing makes images that do not fit its input " + input.get()
                        + "; ImageNet's is used instead.");
                return Optional.empty();
            }
            return Optional.of(read);
        } catch (ConfigurationException e) {
            notes.add("The file's preprocessing cannot be read (" + e.getMessage() + "); ImageNet's is used instead.");
            return Optional.empty();
        }
    }

    private static Optional<Shape> input(Model model) {
        return model.graph().inputs().stream().findFirst().flatMap(Node::shape).filter(s -> s.rank() == 4);
    }

    private static Preprocessing imageNet(Model model) {
        return input(model).filter(s -> s.dim(1) == 1 || s.dim(1) == 3)
                .filter(s -> Preprocessing.isImageSize(s.dim(2), s.dim(3)))
                .map(s -> Preprocessing.imageNet(s.dim(1), s.dim(2), s.dim(3)))
                .orElseGet(() -> Preprocessing.imageNet(3, 224, 224));
    }

    private static List<String> classNames(Model model, List<String> notes) {
        String text = model.metadata().get("class_names");
        if (text == null) {
            return List.of();
        }
        try {
            JsonNode json = MAPPER.readTree(text);
            if (json.isArray()) {
                List<String> names = new ArrayList<>();
                json.forEach(name -> names.add(name.asText()));
                return names;
            }
            notes.add("The file's class names are not a list and are left out.");
        } catch (JsonProcessingException e) {
            notes.add("The file's class names are not JSON and are left out.");
        }
        return List.of();
    }
}
