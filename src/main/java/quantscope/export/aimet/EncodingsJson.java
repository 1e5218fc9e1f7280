package quantscope.export.aimet;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import quantscope.quant.QConfig;

/**
 * Encodings in AIMET's words, as its encoding specification has them. In version 0.6.1 a model that keeps its modules has
 * them by module, input or output and index, as aimet_torch loads them; any other has a list by tensor. Version 1.0.0 has
 * lists with names.
 */
final class EncodingsJson {

    private EncodingsJson() { }

    static ObjectNode write(Encodings encodings, AimetExporter.Form form, boolean modules, QConfig qconfig) {
        ObjectNode json = JsonNodeFactory.instance.objectNode().put("version", form.version());
        switch (form) {
            case V0_6_1 -> {
                ObjectNode activations = json.putObject("activation_encodings");
                encodings.activations().forEach(a -> {
                    if (modules) {
                        byModule(activations, a);
                    } else {
                        activations.set(a.tensor(), legacy(a.encoding()));
                    }
                });
                ObjectNode parameters = json.putObject("param_encodings");
                encodings.parameters().forEach((name, e) -> parameters.set(name, legacy(e)));
            }
            case V1_0_0 -> {
                ArrayNode activations = json.putArray("activation_encodings");
                encodings.activations().forEach(a -> activations.add(named(a.tensor(), a.encoding(), false)));
                ArrayNode parameters = json.putArray("param_encodings");
                encodings.parameters().forEach((name, e) -> parameters.add(
                        named(name, e, qconfig.weight().scheme().perChannel() || e.channels() > 1)));
            }
        }
        encodings.excluded().forEach(json.putArray("excluded_layers")::add);
        json.putObject("quantizer_args").put("activation_bitwidth", 8).put("dtype", "int")
                .put("is_symmetric", qconfig.weight().scheme().symmetric()).put("param_bitwidth", 8)
                .put("per_channel_quantization", qconfig.weight().scheme().perChannel())
                .put("quant_scheme", "post_training_tf");
        return json;
    }

    private static void byModule(ObjectNode activations, Encodings.Activation a) {
        if (a.inputs().isEmpty()) {
            object(object(activations, a.tensor()), "output").set("0", legacy(a.encoding(), 0));
        }
        a.inputs().forEach((reader, index) ->
                object(object(activations, reader), "input").set(String.valueOf(index), legacy(a.encoding(), 0)));
    }

    private static ObjectNode object(ObjectNode parent, String field) {
        return parent.has(field) ? (ObjectNode) parent.get(field) : parent.putObject(field);
    }

    private static ArrayNode legacy(Encoding encoding) {
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        for (int c = 0; c < encoding.channels(); c++) {
            list.add(legacy(encoding, c));
        }
        return list;
    }

    /** AIMET writes whether it is symmetric as Python's words, and numbers in double precision. */
    private static ObjectNode legacy(Encoding encoding, int channel) {
        return JsonNodeFactory.instance.objectNode().put("bitwidth", encoding.bitwidth()).put("dtype", "int")
                .put("is_symmetric", encoding.symmetric() ? "True" : "False").put("max", encoding.max(channel))
                .put("min", encoding.min(channel)).put("offset", encoding.offsets()[channel])
                .put("scale", (double) encoding.scales()[channel]);
    }

    private static ObjectNode named(String name, Encoding encoding, boolean perChannel) {
        ObjectNode json = JsonNodeFactory.instance.objectNode().put("name", name)
                .put("dtype", "INT")
                .put("enc_type", perChannel ? "PER_CHANNEL" : "PER_TENSOR").put("bw", encoding.bitwidth())
                .put("is_sym", encoding.symmetric());
        ArrayNode scales = json.putArray("scale");
        for (float scale : encoding.scales()) {
            scales.add((double) scale);
        }
        ArrayNode offsets = json.putArray("offset");
        for (int offset : encoding.offsets()) {
            offsets.add(offset);
        }
        return json;
    }
}
