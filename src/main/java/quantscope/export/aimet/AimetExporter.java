package quantscope.export.aimet;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import quantscope.export.AtomicFile;
import quantscope.export.Exportable;
import quantscope.export.Exporter;

/** Writes an encodings file as Qualcomm's AIMET has it: scale, offset and range of every int8 tensor. */
public final class AimetExporter implements Exporter {

    /** The versions of AIMET's format that are in use. */
    public enum Form {
        V0_6_1("aimet", "0.6.1"), V1_0_0("aimet-1", "1.0.0");

        private final String id;
        private final String version;

        Form(String id, String version) {
            this.id = id;
            this.version = version;
        }

        String version() {
            return version;
        }
    }

    private static final ObjectMapper MAPPER = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private final Form form;

    public AimetExporter(Form form) {
        this.form = form;
    }

    @Override
    public String id() {
        return form.id;
    }

    @Override
    public String title() {
        return "AIMET " + form.version();
    }

    @Override
    public String extension() {
        return ".encodings";
    }

    @Override
    public String suffix() {
        return "int8-" + form.version();
    }

    @Override
    public List<Path> export(Exportable exportable, Path file) throws IOException {
        boolean modules = exportable.prepared().source().layers().stream()
                .anyMatch(n -> n.origin().module().isPresent());
        AtomicFile.write(file, MAPPER.writeValueAsBytes(EncodingsJson.write(new Encodings(exportable), form, modules,
                exportable.configuration().specification().defaultQConfig())));
        return List.of(file);
    }
}
