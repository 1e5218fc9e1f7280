package quantscope.format.architecture;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import quantscope.format.ModelFormatException;
import quantscope.format.state.StateDict;
import quantscope.graph.ConvGeometry;
import quantscope.graph.Graph;
import quantscope.graph.GraphBuilder;
import quantscope.graph.InvalidGraphException;
import quantscope.graph.ModuleUse;
import quantscope.graph.Op;
import quantscope.graph.Origin;
import quantscope.graph.PoolGeometry;
import quantscope.graph.RecognizeBinary;
import quantscope.graph.SignOfZero;
import quantscope.task.Cancellation;
import quantscope.task.Progress;
import quantscope.tensor.FloatTensor;
import quantscope.tensor.Shape;

/** Makes the graph of an architecture with the weights of a state dict that fits it. */
final class BuildGraph {

    private final Architecture architecture;
    private final StateDict weights;
    private final List<String> notes;
    private final GraphBuilder builder;

    /** @param notes gets what the user should know */
    BuildGraph(String name, Architecture architecture, StateDict weights, List<String> notes) {
        this.architecture = architecture;
        this.weights = weights;
        this.notes = notes;
        this.builder = new GraphBuilder(name);
    }

    /** @throws ModelFormatException when weights cannot be read or layers do not fit one another */
    Graph run(Progress progress, Cancellation cancellation) throws ModelFormatException, IOException {
        List<Layer> layers = architecture.layers();
        try {
            builder.add(Architecture.INPUT, new Op.Input(Shape.of(1, channels(), architecture.side(), architecture.side())),
                    List.of(), Origin.of(Architecture.INPUT, "input"));
            for (int i = 0; i < layers.size(); i++) {
                cancellation.check();
                progress.update(i, layers.size(), "Reading " + layers.get(i).name());
                Layer layer = layers.get(i);
                builder.add(layer.name(), op(layer), layer.inputs(), origin(layer));
            }
            return RecognizeBinary.apply(builder.build(List.of(layers.getLast().name())));
        } catch (InvalidGraphException e) {
            throw new ModelFormatException(weights.file(), "", e.getMessage() + "; the weights are not those of "
                    + architecture.name(), e);
        }
    }

    private int channels() {
        return weights.shape(architecture.layers().getFirst().module() + ".weight").orElseThrow().dim(1);
    }

    private Op op(Layer layer) throws ModelFormatException, IOException {
        return switch (layer.part()) {
            case Part.Conv c -> {
                FloatTensor weight = weight(layer, c.latent());
                int groups = builder.shape(layer.inputs().getFirst()).orElseThrow().dim(1) / weight.shape().dim(1);
                yield new Op.Conv2d(weight, c.bias() ? Optional.of(load(layer, "bias")) : Optional.empty(),
                        new ConvGeometry(c.stride(), c.stride(), c.padding(), c.padding(), c.padding(), c.padding(), 1, 1,
                                groups));
            }
            case Part.Linear l -> new Op.Linear(weight(layer, l.latent()), Optional.of(load(layer, "bias")));
            case Part.BatchNorm b -> new Op.BatchNorm2d(load(layer, "weight"), load(layer, "bias"),
                    load(layer, "running_mean"), load(layer, "running_var"), (float) b.eps());
            case Part.Relu _ -> new Op.Relu();
            case Part.MaxPool p -> new Op.MaxPool2d(PoolGeometry.of(p.kernel(), p.stride(), p.padding()));
            case Part.AvgPool p -> new Op.AdaptiveAvgPool2d(p.side(), p.side());
            case Part.Dropout _ -> new Op.Dropout();
            case Part.Flatten _ -> new Op.Flatten(1);
            case Part.Add _ -> new Op.Add();
            case Part.Sign _ -> new Op.Sign(SignOfZero.ZERO);
        };
    }

    private FloatTensor weight(Layer layer, boolean latent) throws ModelFormatException, IOException {
        FloatTensor weight = load(layer, "weight");
        if (!latent) {
            return weight;
        }
        FloatTensor binarized = LatentWeights.binarize(weight);
        int zeros = 0;
        for (float w : binarized.data()) {
            zeros += w == 0 ? 1 : 0;
        }
        if (zeros > 0) {
            notes.add(layer.name() + ": " + zeros + " weights are 0 once mean-centred, and PyTorch's sign keeps them 0; the"
                    + " layer is shown as fp32 behind a sign.");
        }
        return binarized;
    }

    private FloatTensor load(Layer layer, String parameter) throws ModelFormatException, IOException {
        return weights.load(layer.module() + "." + parameter);
    }

    private static Origin origin(Layer layer) {
        ModuleUse module = new ModuleUse(layer.module(), layer.functional() ? layer.owner() : layer.part().className(),
                layer.use());
        return new Origin(layer.name(), layer.part().className(), Optional.of(module), layer.functional(), layer.inPlace(),
                Optional.empty());
    }
}
