package quantscope;

import java.util.List;
import quantscope.dataset.ImageDecoder;
import quantscope.dataset.ImageLoader;
import quantscope.export.ConfigurationExporter;
import quantscope.export.aimet.AimetExporter;
import quantscope.export.onnx.QdqExporter;
import quantscope.export.pytorch.FxExporter;
import quantscope.export.pytorch.PyTorchExporter;
import quantscope.export.pytorch.SafetensorsExporter;
import quantscope.export.table.LayerTableExporter;
import quantscope.format.Readers;
import quantscope.format.checkpoint.CheckpointReader;
import quantscope.format.npz.NpzReader;
import quantscope.format.onnx.OnnxReader;
import quantscope.format.pt2.Pt2Reader;
import quantscope.format.safetensors.SafetensorsReader;
import quantscope.run.GraphEngine;
import quantscope.run.KernelProvider;
import quantscope.run.ParallelImageRunner;
import quantscope.session.LocalSession;
import quantscope.session.Session;

/** Wires the program's parts. */
final class Composition {

    /** The program's version, also in the pom. */
    static final String VERSION = "0.1.0";

    private Composition() { }

    static Session session() {
        return session(ParallelImageRunner.onAllCores());
    }

    static Session session(ParallelImageRunner runner) {
        Readers readers = new Readers(List.of(new OnnxReader(), new CheckpointReader(), new SafetensorsReader(), new NpzReader(),
                new Pt2Reader()));
        return new LocalSession(readers, new GraphEngine(KernelProvider.choose()), runner,
                ImageLoader.onAllCores(new ImageDecoder()),
                List.of(new ConfigurationExporter(), new PyTorchExporter(VERSION), new FxExporter(VERSION),
                        new SafetensorsExporter(VERSION), new QdqExporter(VERSION),
                        new AimetExporter(AimetExporter.Form.V0_6_1), new AimetExporter(AimetExporter.Form.V1_0_0),
                        new LayerTableExporter()), VERSION);
    }
}
