package quantscope.export;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.CharConversionException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import quantscope.dataset.ImageSelection;
import quantscope.ptq.ActivationCalibration;
import quantscope.quant.QuantDtype;
import quantscope.quant.QuantParams;

/** Configuration files. Their schema is the resource quantscope/schema/configuration-2.schema.json. */
public final class ConfigurationJson {

    /** The version written; older ones are read: 1 had no deployment profile, which was fbgemm then. */
    public static final int VERSION = 2;

    private static final String KIND = "quantscope-configuration";
    private static final String EXPORT_AGAIN = "; export the configuration again";
    private static final long LARGEST_FILE = 64L << 20;
    private static final ObjectMapper MAPPER = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private ConfigurationJson() { }

    /** Writes through a temporary file, so that a full disk leaves what was there. */
    public static void save(Configuration configuration, Path file) throws IOException {
        AtomicFile.write(file, MAPPER.writeValueAsBytes(write(configuration)));
    }

    /** @throws ConfigurationException with the file's name and the place in it */
    public static Configuration load(Path file) throws ConfigurationException, IOException {
        String name = String.valueOf(file.getFileName());
        try {
            if (Files.size(file) > LARGEST_FILE) {
                throw new ConfigurationException("", "is larger than 64 MB, no configuration is");
            }
            return read(MAPPER.readTree(Files.readAllBytes(file)));
        } catch (NoSuchFileException e) {
            throw new ConfigurationException(file.toString(), "does not exist; check its name, or calibrate to make it");
        } catch (StreamConstraintsException e) {
            throw new ConfigurationException(name, "is not a configuration: nested too deeply, or a number or text in it"
                    + " is too long" + place(e) + EXPORT_AGAIN);
        } catch (JsonProcessingException e) {
            // What follows the colon or the bracket is advice to programmers.
            throw new ConfigurationException(name, "is not a configuration: "
                    + e.getOriginalMessage().split(": enable| \\(start marker|\n", 2)[0] + place(e) + EXPORT_AGAIN);
        } catch (CharConversionException e) {
            throw new ConfigurationException(name, "is not a configuration: it is no text in UTF-8" + EXPORT_AGAIN);
        } catch (ConfigurationException e) {
            throw new ConfigurationException(name, e.getMessage() + EXPORT_AGAIN);
        }
    }

    private static String place(JsonProcessingException e) {
        return e.getLocation() == null ? ""
                : " (line " + e.getLocation().getLineNr() + ", column " + e.getLocation().getColumnNr() + ")";
    }

    public static ObjectNode write(Configuration configuration) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("kind", KIND).put("version", VERSION);
        json.putObject("model").put("file", configuration.modelFile()).put("format", configuration.modelFormat())
                .put("sha256", configuration.modelSha256());
        json.set("specification", SpecificationJson.write(configuration.specification()));
        json.set("preprocessing", PreprocessingJson.write(configuration.preprocessing()));
        ImageSelection selection = configuration.selection();
        ObjectNode images = json.putObject("images").put("folder", configuration.imagesFolder())
                .put("calibration", selection.calibration()).put("evaluation", selection.evaluation())
                .put("seed", selection.seed()).put("batch", selection.batch());
        texts(images.putArray("calibrationImages"), configuration.calibrationImages());
        texts(images.putArray("evaluationImages"), configuration.evaluationImages());
        ObjectNode activations = json.putObject("activations");
        configuration.activations().forEach((node, a) -> activations.set(node, perTensor(a.params())
                .put("observedMin", a.observedMin()).put("observedMax", a.observedMax())));
        ObjectNode weights = json.putObject("weights");
        configuration.weights().forEach((layer, params) -> weights.set(layer, switch (params) {
            case QuantParams.PerTensor p -> perTensor(p);
            case QuantParams.PerChannel p -> perChannel(p);
        }));
        return json;
    }

    public static Configuration read(JsonNode document) throws ConfigurationException {
        JsonReader json = JsonReader.root(document);
        if (!json.text("kind").equals(KIND)) {
            throw json.invalid("kind is " + json.text("kind") + ", expected " + KIND);
        }
        int version = json.integer("version");
        if (version < 1 || version > VERSION) {
            throw json.invalid("version is " + version + ", this program reads 1 to " + VERSION);
        }
        if (version == 1 && json.object("specification").has("profile")) {
            throw json.object("specification").invalid("has a profile, which version 1 does not know");
        }
        JsonReader model = json.object("model");
        if (!model.text("sha256").matches("[0-9a-f]{64}")) {
            throw model.invalid("sha256 is " + model.text("sha256") + ", expected 64 hexadecimal digits");
        }
        JsonReader images = json.object("images");
        Map<String, ActivationCalibration> activations = new LinkedHashMap<>();
        for (Map.Entry<String, JsonReader> entry : json.object("activations").objects().entrySet()) {
            JsonReader a = entry.getValue();
            activations.put(entry.getKey(), activation(a));
        }
        Map<String, QuantParams> weights = new LinkedHashMap<>();
        for (Map.Entry<String, JsonReader> entry : json.object("weights").objects().entrySet()) {
            JsonReader w = entry.getValue();
            weights.put(entry.getKey(), w.has("scales") ? perChannel(w) : perTensor(w));
        }
        return new Configuration(model.text("file"), model.text("format"), model.text("sha256"),
                SpecificationJson.read(json.object("specification")),
                PreprocessingJson.read(json.object("preprocessing")), images.text("folder"), selection(images),
                texts(images.list("calibrationImages")), texts(images.list("evaluationImages")), activations, weights);
    }

    private static ActivationCalibration activation(JsonReader json) throws ConfigurationException {
        QuantParams.PerTensor params = perTensor(json);
        if (params.dtype() != QuantDtype.QUINT8) {
            throw json.invalid("dtype is " + SpecificationJson.word(params.dtype()) + ", expected quint8");
        }
        float min = json.number("observedMin");
        float max = json.number("observedMax");
        if (min > max) {
            throw json.invalid("observedMin is " + min + ", expected at most observedMax, " + max);
        }
        return new ActivationCalibration(params, min, max, Optional.empty());
    }

    private static ImageSelection selection(JsonReader images) throws ConfigurationException {
        try {
            return new ImageSelection(images.integer("calibration"), images.integer("evaluation"),
                    images.wholeNumber("seed"), images.integer("batch"));
        } catch (IllegalArgumentException e) {
            throw images.invalid(e.getMessage());
        }
    }

    private static ObjectNode perTensor(QuantParams.PerTensor params) {
        return JsonNodeFactory.instance.objectNode().put("dtype", SpecificationJson.word(params.dtype()))
                .put("scale", params.scale()).put("zeroPoint", params.zeroPoint());
    }

    private static ObjectNode perChannel(QuantParams.PerChannel params) {
        ObjectNode json = JsonNodeFactory.instance.objectNode().put("dtype", SpecificationJson.word(params.dtype()))
                .put("axis", params.axis());
        ArrayNode scales = json.putArray("scales");
        ArrayNode zeroPoints = json.putArray("zeroPoints");
        for (int c = 0; c < params.channels(); c++) {
            scales.add(params.scale(c));
            zeroPoints.add(params.zeroPoint(c));
        }
        return json;
    }

    private static QuantParams.PerTensor perTensor(JsonReader json) throws ConfigurationException {
        try {
            return new QuantParams.PerTensor(dtype(json), json.number("scale"), json.integer("zeroPoint"));
        } catch (IllegalArgumentException e) {
            throw json.invalid(e.getMessage());
        }
    }

    private static QuantParams.PerChannel perChannel(JsonReader json) throws ConfigurationException {
        try {
            return new QuantParams.PerChannel(dtype(json), json.numbers("scales"), json.integers("zeroPoints"),
                    json.integer("axis"));
        } catch (IllegalArgumentException e) {
            throw json.invalid(e.getMessage());
        }
    }

    private static QuantDtype dtype(JsonReader json) throws ConfigurationException {
        return json.word("dtype", QuantDtype.values(), SpecificationJson::word);
    }

    private static void texts(ArrayNode array, List<String> texts) {
        texts.forEach(array::add);
    }

    private static List<String> texts(List<JsonReader> items) throws ConfigurationException {
        List<String> texts = new ArrayList<>(items.size());
        for (JsonReader item : items) {
            texts.add(item.text());
        }
        return texts;
    }
}
