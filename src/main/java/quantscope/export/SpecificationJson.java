package quantscope.export;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import quantscope.ptq.Fix;
import quantscope.ptq.FixKind;
import quantscope.ptq.LayerChoice;
import quantscope.ptq.Precision;
import quantscope.ptq.Specification;
import quantscope.quant.ObserverKind;
import quantscope.quant.ObserverSpec;
import quantscope.quant.Profile;
import quantscope.quant.QConfig;
import quantscope.quant.QScheme;
import quantscope.quant.QuantDtype;

/** A specification as JSON, in PyTorch's words; the "specification" part of a configuration file. */
public final class SpecificationJson {

    private SpecificationJson() { }

    public static ObjectNode write(Specification specification) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("profile", specification.profile().id());
        json.set("defaultQConfig", write(specification.defaultQConfig()));
        ObjectNode layers = json.putObject("layers");
        specification.layers().forEach((name, choice) -> {
            ObjectNode layer = layers.putObject(name);
            choice.precision().ifPresent(p -> layer.put("precision", p.label()));
            choice.qconfig().ifPresent(q -> layer.set("qconfig", write(q)));
        });
        ArrayNode fixes = json.putArray("fixes");
        specification.fixes().forEach(fix -> fixes.addObject()
                .put("kind", word(fix.kind())).put("layer", fix.layer()));
        return json;
    }

    /**
     * What was written before there were profiles was meant for fbgemm.
     *
     * @throws ConfigurationException naming the place that is not as the schema says
     */
    public static Specification read(JsonNode json) throws ConfigurationException {
        return read(JsonReader.root(json));
    }

    static Specification read(JsonReader json) throws ConfigurationException {
        Map<String, LayerChoice> layers = new LinkedHashMap<>();
        for (Map.Entry<String, JsonReader> layer : json.object("layers").objects().entrySet()) {
            JsonReader choice = layer.getValue();
            Optional<Precision> precision = choice.has("precision")
                    ? Optional.of(choice.word("precision", Precision.values(), Precision::label)) : Optional.empty();
            Optional<JsonReader> qconfig = choice.optionalObject("qconfig");
            layers.put(layer.getKey(), new LayerChoice(precision,
                    qconfig.isPresent() ? Optional.of(qconfig(qconfig.get())) : Optional.empty()));
        }
        Set<Fix> fixes = new LinkedHashSet<>();
        for (JsonReader fix : json.list("fixes")) {
            fixes.add(new Fix(fix.word("kind", FixKind.values(), SpecificationJson::word), fix.text("layer")));
        }
        return new Specification(layers, fixes, qconfig(json.object("defaultQConfig")),
                json.has("profile") ? json.word("profile", Profile.values(), Profile::id) : Profile.FBGEMM);
    }

    private static ObjectNode write(QConfig qconfig) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.set("activation", write(qconfig.activation()));
        json.set("weight", write(qconfig.weight()));
        return json;
    }

    private static ObjectNode write(ObserverSpec spec) {
        return JsonNodeFactory.instance.objectNode()
                .put("observer", spec.kind().torchName())
                .put("dtype", word(spec.dtype()))
                .put("qscheme", word(spec.scheme()))
                .put("reduceRange", spec.reduceRange());
    }

    private static QConfig qconfig(JsonReader json) throws ConfigurationException {
        ObserverSpec activation = observer(json.object("activation"));
        ObserverSpec weight = observer(json.object("weight"));
        try {
            return new QConfig(activation, weight);
        } catch (IllegalArgumentException e) {
            throw json.invalid(e.getMessage());
        }
    }

    private static ObserverSpec observer(JsonReader json) throws ConfigurationException {
        ObserverKind kind = json.word("observer", ObserverKind.values(), ObserverKind::torchName);
        QuantDtype dtype = json.word("dtype", QuantDtype.values(), SpecificationJson::word);
        QScheme scheme = json.word("qscheme", QScheme.values(), SpecificationJson::word);
        boolean reduceRange = json.bool("reduceRange");
        try {
            return new ObserverSpec(kind, dtype, scheme, reduceRange);
        } catch (IllegalArgumentException e) {
            throw json.invalid(e.getMessage());
        }
    }

    /** torch.quint8 -> "quint8", torch.per_channel_symmetric -> "per_channel_symmetric". */
    static String word(Enum<?> constant) {
        return constant.name().toLowerCase(java.util.Locale.ROOT);
    }
}
