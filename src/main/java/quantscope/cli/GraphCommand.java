package quantscope.cli;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import quantscope.export.ConfigurationJson;
import quantscope.ptq.Prepared;
import quantscope.ptq.Specification;
import quantscope.session.OpenModel;
import quantscope.session.Session;
import quantscope.task.Cancellation;

@Command(name = "graph", mixinStandardHelpOptions = true, sortOptions = false,
        description = "Shows a model's layers: kind, precision, shapes, parameters, MACs and what stands in the way of int8.")
final class GraphCommand implements Callable<Integer> {

    @Parameters(paramLabel = "MODEL", description = "An ONNX file, a torch.export archive (.pt2), or "
            + "weights of a known network (.pth, .safetensors, .npz).")
    private Path model;

    @Option(names = "--config", paramLabel = "FILE", description = "Show the layers with this configuration's choices.")
    private Path config;

    @Option(names = "--json", description = "Machine-readable output.")
    private boolean json;

    private final Supplier<Session> session;
    private final Console console;

    GraphCommand(Supplier<Session> session, Console console) {
        this.session = session;
        this.console = console;
    }

    @Override
    public Integer call() throws Exception {
        OpenModel open = session.get().open(model, console.progress(), Cancellation.NEVER);
        Specification specification =
                config == null ? Specification.startingWith(open.model().graph()) : ConfigurationJson.load(config).specification();
        Prepared prepared = session.get().prepare(open, specification);
        if (json) {
            console.result(ModelLayers.json(open, prepared));
        } else {
            ModelLayers.print(console, open, prepared);
        }
        return ExitCode.OK.code();
    }
}
