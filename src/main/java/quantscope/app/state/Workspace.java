package quantscope.app.state;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import quantscope.app.task.Problem;
import quantscope.app.task.TaskEntry;
import quantscope.app.task.TaskRunner;
import quantscope.app.task.Unit;
import quantscope.app.text.Texts;
import quantscope.dataset.ImageSelection;
import quantscope.dataset.ImageSet;
import quantscope.dataset.Preprocessing;
import quantscope.export.Configuration;
import quantscope.figure.Layers;
import quantscope.format.Model;
import quantscope.graph.Graph;
import quantscope.graph.InvalidGraphException;
import quantscope.graph.Node;
import quantscope.graph.Op;
import quantscope.ptq.InvalidSpecificationException;
import quantscope.ptq.Prepared;
import quantscope.ptq.Specification;
import quantscope.run.UnsupportedOperatorException;
import quantscope.session.Job;
import quantscope.session.OpenModel;
import quantscope.session.Session;

/**
 * The state that the slices of the window share. Belongs to the window's thread; every property holds immutable
 * data. A task that fails or is cancelled leaves all of it as it was.
 */
public final class Workspace {

    /** Models whose choices are kept. */
    private static final int MOST_CHOICES = 20;

    private final Session session;
    private final TaskRunner tasks;
    private final Texts texts;
    private final SpecificationHistory history = new SpecificationHistory();
    private final ReadOnlyObjectWrapper<Optional<OpenModel>> model = empty();
    private final ReadOnlyObjectWrapper<Optional<ImageSet>> images = empty();
    private final ReadOnlyObjectWrapper<Optional<Preprocessing>> preprocessing = empty();
    private final ReadOnlyObjectWrapper<List<String>> classNames = new ReadOnlyObjectWrapper<>(List.of());
    private final ReadOnlyObjectWrapper<ImageSelection> imageSelection =
            new ReadOnlyObjectWrapper<>(ImageSelection.DEFAULT);
    private final ReadOnlyObjectWrapper<Optional<Prepared>> prepared = empty();
    private final ReadOnlyObjectWrapper<Optional<String>> selectedLayer = empty();
    private final ReadOnlyBooleanWrapper preprocessingTyped = new ReadOnlyBooleanWrapper(true);
    /** By model file, in the order in which they were open. */
    private final Map<Path, Choices> choices = new LinkedHashMap<>();

    public Workspace(Session session, TaskRunner tasks) {
        this.session = session;
        this.tasks = tasks;
        this.texts = Texts.of("state");
    }

    // ---- what there is ----

    public ReadOnlyObjectProperty<Optional<OpenModel>> modelProperty() {
        return model.getReadOnlyProperty();
    }

    public Optional<OpenModel> model() {
        return model.get();
    }

    public Optional<Path> modelPath() {
        return model().map(m -> m.model().file());
    }

    public ReadOnlyObjectProperty<Optional<ImageSet>> imagesProperty() {
        return images.getReadOnlyProperty();
    }

    public Optional<ImageSet> images() {
        return images.get();
    }

    public Optional<Path> imagesPath() {
        return images().map(ImageSet::root);
    }

    public ReadOnlyObjectProperty<Optional<Preprocessing>> preprocessingProperty() {
        return preprocessing.getReadOnlyProperty();
    }

    public Optional<Preprocessing> preprocessing() {
        return preprocessing.get();
    }

    /** Names that answers are shown with, by class index: the file's until the user gives others. */
    public ReadOnlyObjectProperty<List<String>> classNamesProperty() {
        return classNames.getReadOnlyProperty();
    }

    public List<String> classNames() {
        return classNames.get();
    }

    /** The class's name, or its index where it has none. */
    public String className(int index) {
        boolean named = index >= 0 && index < classNames().size() && !classNames().get(index).isBlank();
        return named ? classNames().get(index) : "class " + index;
    }

    public ReadOnlyObjectProperty<ImageSelection> imageSelectionProperty() {
        return imageSelection.getReadOnlyProperty();
    }

    public ImageSelection imageSelection() {
        return imageSelection.get();
    }

    /** The chosen specification, with undo and redo. */
    public SpecificationHistory history() {
        return history;
    }

    public Specification specification() {
        return history.current();
    }

    /** What is drawn: the model with stubs placed and layers fused as chosen. */
    public ReadOnlyObjectProperty<Optional<Prepared>> preparedProperty() {
        return prepared.getReadOnlyProperty();
    }

    public Optional<Prepared> prepared() {
        return prepared.get();
    }

    /** The name of the node that all slices look at; it exists in the prepared graph. */
    public ReadOnlyObjectProperty<Optional<String>> selectedLayerProperty() {
        return selectedLayer.getReadOnlyProperty();
    }

    public Optional<String> selectedLayer() {
        return selectedLayer.get();
    }

    /** What a calibration would be run on now; empty while model or images are missing. */
    public Optional<Job> job() {
        return model().flatMap(m -> images().map(i ->
                new Job(m, specification(), i, imageSelection(), preprocessing().orElse(m.preprocessing()))));
    }

    public String engine() {
        return session.engine();
    }

    // ---- what the user can do ----

    /** Opens a model with the choices that were made for it last. */
    public TaskEntry open(Path file) {
        keepChoices();
        Choices wanted = choices.getOrDefault(key(file), Choices.NONE);
        return tasks.run(texts.text("open", file.getFileName()), Unit.STEPS, (progress, cancellation) ->
                FittingChoices.of(session, session.open(file, progress, cancellation), wanted), this::show);
    }

    private void show(FittingChoices opened) {
        keepChoices();
        OpenModel next = opened.model();
        Model file = next.model();
        selectedLayer.set(Optional.empty());
        prepared.set(Optional.empty());
        preprocessingTyped.set(true);
        model.set(Optional.of(next));
        classNames.set(opened.choices().classNames().orElse(next.classNames()));
        preprocessing.set(Optional.of(opened.choices().preprocessing().orElse(next.preprocessing())));
        prepared.set(Optional.of(opened.prepared()));
        history.reset(Specification.startingWith(file.graph()));
        history.apply(texts.text("choices.before"), opened.choices().specification());
        selectedLayer.set(firstToLookAt(opened.prepared().graph()));
        if (!opened.dropped().isEmpty()) {
            tasks.report(new Problem(file.file().getFileName().toString(), texts.text("choices.dropped",
                    String.join(", ", opened.dropped())), true));
        }
        if (!file.graph().unsupported().isEmpty()) {
            tasks.report(new Problem(file.file().getFileName().toString(), String.join(" ", file.notes()), true));
        }
    }

    /** What was chosen for models that were open before this start. */
    public void recall(Map<Path, Choices> before) {
        before.forEach(choices::put);
    }

    /** What is chosen for every model that was open, the open one last. */
    public Map<Path, Choices> choices() {
        keepChoices();
        return new LinkedHashMap<>(choices);
    }

    private void keepChoices() {
        model().ifPresent(m -> {
            Path file = key(m.model().file());
            choices.remove(file);
            choices.put(file, new Choices(specification(), preprocessing().filter(p -> !p.equals(m.preprocessing())),
                    Optional.of(classNames()).filter(names -> !names.equals(m.classNames()))));
            while (choices.size() > MOST_CHOICES) {
                choices.remove(choices.keySet().iterator().next());
            }
        });
    }

    private static Path key(Path file) {
        return file.toAbsolutePath().normalize();
    }

    /** The first layer with a weight, else the first layer. */
    private static Optional<String> firstToLookAt(Graph graph) {
        return graph.layers().stream().filter(n -> Layers.weighted(n.op())).findFirst()
                .or(() -> graph.layers().stream().filter(n -> !(n.op() instanceof Op.QuantStub)).findFirst())
                .map(Node::name);
    }

    public TaskEntry chooseImages(Path folder) {
        return tasks.run(texts.text("images", folder.getFileName()), Unit.STEPS,
                (_, cancellation) -> session.images(folder, cancellation),
                found -> images.set(Optional.of(found)));
    }

    public void setImageSelection(ImageSelection selection) {
        imageSelection.set(selection);
    }

    public void setPreprocessing(Preprocessing wanted) {
        preprocessing.set(Optional.of(wanted));
    }

    /** Whether what is typed as preprocessing can be taken; while it cannot, {@link #preprocessing} is what was before. */
    public ReadOnlyBooleanProperty preprocessingTypedProperty() {
        return preprocessingTyped.getReadOnlyProperty();
    }

    public void setPreprocessingTyped(boolean valid) {
        preprocessingTyped.set(valid);
    }

    public void setClassNames(List<String> names) {
        classNames.set(List.copyOf(names));
    }

    /** Takes over a configuration's choices; where the graph cannot be prepared so, all stays as it is. */
    void takeOver(String description, Configuration configuration) {
        prepare(description, configuration.specification()).ifPresent(made -> {
            history.apply(description, configuration.specification());
            imageSelection.set(configuration.selection());
            preprocessing.set(Optional.of(configuration.preprocessing()));
            show(made);
        });
    }

    /** Selects a node of the prepared graph for all slices; a name that is not in it selects nothing. */
    public void select(String layer) {
        selectedLayer.set(prepared().flatMap(p -> p.graph().find(layer)).map(Node::name));
    }

    /**
     * One undoable change of the choices. Where the graph cannot be prepared so, the choices stay as they are.
     *
     * @param description for the undo button, in the user's words
     */
    public void change(String description, Specification next) {
        prepare(description, next).ifPresent(made -> {
            history.apply(description, next);
            show(made);
        });
    }

    public void undo() {
        history.undo();
        prepare(texts.text("undo"), specification()).ifPresent(this::show);
    }

    public void redo() {
        history.redo();
        prepare(texts.text("redo"), specification()).ifPresent(this::show);
    }

    private Optional<Prepared> prepare(String description, Specification next) {
        try {
            return model().map(m -> session.prepare(m, next));
        } catch (InvalidGraphException | InvalidSpecificationException | UnsupportedOperatorException e) {
            tasks.report(new Problem(description, e.getMessage(), true));
            return Optional.empty();
        }
    }

    /** Says what there is to know about a choice that was made. */
    void tell(String title, String message) {
        tasks.report(Problem.notice(title, message));
    }

    /** The selection survives wherever its node does. */
    private void show(Prepared made) {
        prepared.set(Optional.of(made));
        selectedLayer().filter(layer -> made.graph().find(layer).isEmpty())
                .ifPresent(_ -> selectedLayer.set(Optional.empty()));
    }

    private static <T> ReadOnlyObjectWrapper<Optional<T>> empty() {
        return new ReadOnlyObjectWrapper<>(Optional.empty());
    }
}
