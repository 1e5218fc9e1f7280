package quantscope.format.architecture;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import quantscope.format.BackgroundDigest;
import quantscope.format.Model;
import quantscope.format.ModelFormatException;
import quantscope.format.state.StateDict;
import quantscope.format.state.StoredTensor;
import quantscope.graph.Graph;
import quantscope.task.Cancellation;
import quantscope.task.Progress;
import quantscope.tensor.Shape;

/** Makes a model of a state dict: finds the architecture whose names and shapes it has, and reads its weights. */
public final class KnownNetworks {

    private static final int SHOWN = 3;
    /** What DataParallel and torch.compile put between the names of a module and its parts. */
    private static final List<String> WRAPPERS = List.of("module", "_orig_mod");

    private static final String ADVICE = "Known are torchvision's AlexNet, VGG-11 to 19 and ResNet-18 to 152, and"
            + " XNOR-Net-PyTorch's AlexNet; export other networks with torch.export.save or torch.onnx.export";

    private final List<Architecture> known;

    public KnownNetworks() {
        known = new ArrayList<>(TorchvisionNets.all());
        known.add(XnorAlexNet.architecture());
    }

    /** The weights as one of the architectures names them. */
    private record Candidate(StateDict weights, Fit fit, Optional<String> note) { }

    /**
     * @param format   of the file, for the user
     * @param digest   of the file
     * @param metadata that the file carries; it goes before what the architecture says
     * @throws ModelFormatException when no architecture fits, saying which comes nearest and what differs
     * @throws java.util.concurrent.CancellationException when called off
     */
    public Model read(StateDict weights, String format, BackgroundDigest digest, Map<String, String> metadata,
                      Progress progress, Cancellation cancellation) throws ModelFormatException, IOException {
        Candidate best = best(weights);
        Architecture architecture = best.fit().architecture();
        if (!best.fit().perfect()) {
            throw new ModelFormatException(weights.file(), "", refusal(best));
        }
        List<String> notes = new ArrayList<>(architecture.notes());
        best.note().ifPresent(notes::add);
        if (!best.fit().originalWidths()) {
            notes.add("Layers are not as wide as in " + architecture.name()
                    + "; strides, padding and input size were taken to be the same.");
        }
        Graph graph = new BuildGraph(name(weights.file()), architecture, best.weights(), notes).run(progress, cancellation);
        Map<String, String> all = new LinkedHashMap<>(architecture.metadata());
        all.putAll(metadata);
        return new Model(weights.file(), format + ", " + architecture.name(), digest.await(), graph, all, notes);
    }

    private Candidate best(StateDict weights) {
        List<Candidate> candidates = new ArrayList<>();
        StateDict bare = without(weights, KnownNetworks::unwrapped);
        candidates(bare, bare == weights ? Optional.empty()
                : Optional.of("Names were read without the \"module\" that DataParallel puts into them."), candidates);
        Optional<String> prefix = commonPrefix(bare);
        if (prefix.isPresent()) {
            int length = prefix.get().length();
            candidates(without(bare, name -> name.substring(length)),
                    Optional.of("Names were read without \"" + prefix.get() + "\" before them."), candidates);
        }
        return candidates.stream().min(Comparator.comparingInt(c -> c.fit().faults())).orElseThrow();
    }

    private void candidates(StateDict weights, Optional<String> note, List<Candidate> into) {
        Map<String, Shape> shapes = new LinkedHashMap<>();
        weights.tensors().forEach((name, tensor) -> shapes.put(name, tensor.shape()));
        known.forEach(architecture -> into.add(new Candidate(weights, new Fit(architecture, shapes), note)));
    }

    /** The same weights under shorter names; the weights themselves where nothing changes or two would be called the same. */
    private static StateDict without(StateDict weights, UnaryOperator<String> shorter) {
        Map<String, StoredTensor> renamed = new LinkedHashMap<>();
        weights.tensors().forEach((name, tensor) -> renamed.put(shorter.apply(name), tensor));
        return renamed.size() < weights.names().size() || renamed.keySet().equals(weights.names()) ? weights
                : weights.renamed(renamed);
    }

    private static String unwrapped(String name) {
        return Arrays.stream(name.split("\\.")).filter(part -> !WRAPPERS.contains(part))
                .collect(Collectors.joining("."));
    }

    /** What all names begin with, up to a dot. */
    private static Optional<String> commonPrefix(StateDict weights) {
        String first = weights.names().stream().findFirst().orElse("");
        String prefix = first.substring(0, first.indexOf('.') + 1);
        return prefix.isEmpty() || !weights.names().stream().allMatch(name -> name.startsWith(prefix)) ? Optional.empty()
                : Optional.of(prefix);
    }

    private String refusal(Candidate nearest) {
        if (!nearest.fit().sharesNames()) {
            return "its tensors (" + StateDict.some(List.copyOf(nearest.weights().names()), SHOWN)
                    + ") are named as in no architecture that is known here. " + ADVICE;
        }
        return "fits no architecture that is known here; nearest is " + nearest.fit().architecture().name() + ", but "
                + nearest.fit().differences() + ". " + ADVICE;
    }

    private static String name(Path file) {
        String name = file.getFileName().toString();
        int dot = name.indexOf('.', 1);
        return dot > 0 ? name.substring(0, dot) : name;
    }
}
