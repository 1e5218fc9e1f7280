package quantscope;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import org.junit.jupiter.api.Tag;

/** Who may know whom; the table is in docs/architecture.md. */
@Tag("arch")
@AnalyzeClasses(packages = "quantscope", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    @ArchTest
    static final ArchRule packagesAreAcyclic = slices().matching("quantscope.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule slicesOfTheWindowAreAcyclic = slices().matching("quantscope.app.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule javafxOnlyInTheWindow = noClasses().that().resideOutsideOfPackages("quantscope.app..")
            .and().doNotHaveSimpleName("Main").should().dependOnClassesThat().resideInAnyPackage("javafx..", "org.controlsfx..");

    @ArchTest
    static final ArchRule vectorsOnlyInTheirKernels = noClasses().that().resideOutsideOfPackage("quantscope.kernel.vector")
            .should().dependOnClassesThat().resideInAPackage("jdk.incubator.vector..");

    @ArchTest
    static final ArchRule foreignFunctionsOnlyInEmittedKernels = noClasses().that()
            .resideOutsideOfPackage("quantscope.kernel.emitted..")
            .should().dependOnClassesThat().resideInAPackage("java.lang.foreign..");

    @ArchTest
    static final ArchRule onnxRuntimeOnlyInItsRoom = noClasses().that().resideOutsideOfPackage("quantscope.onnxruntime")
            .should().dependOnClassesThat().resideInAPackage("ai.onnxruntime..");

    @ArchTest
    static final ArchRule nd4jOnlyInItsRoom = noClasses().that().resideOutsideOfPackage("quantscope.run.nd4j")
            .should().dependOnClassesThat().resideInAnyPackage("org.nd4j..", "org.bytedeco..");

    @ArchTest
    static final ArchRule protobufOnlyInOnnx = noClasses().that()
            .resideOutsideOfPackages("quantscope.format.onnx", "quantscope.export.onnx")
            .should().dependOnClassesThat().resideInAPackage("com.google.protobuf..");

    @ArchTest
    static final ArchRule readersMakeNoObjectsOfNamesInFiles = noClasses().that().resideInAPackage("quantscope.format..")
            .should().dependOnClassesThat().haveFullyQualifiedName("java.io.ObjectInputStream")
            .orShould().callMethod(Class.class, "forName", String.class)
            .orShould().dependOnClassesThat().haveFullyQualifiedName("java.lang.ClassLoader")
            .orShould().dependOnClassesThat().resideInAPackage("java.lang.reflect..");

    @ArchTest
    static final ArchRule standardStreamsOnlyOnTheCommandLine = noClasses().that()
            .resideOutsideOfPackage("quantscope.cli").and().doNotHaveSimpleName("Main").and().doNotHaveSimpleName("Launcher")
            .should().accessField(System.class, "out").orShould().accessField(System.class, "err");

    @ArchTest
    static final ArchRule tensorsKnowNobody = only("quantscope.tensor..", "quantscope.tensor..");

    @ArchTest
    static final ArchRule tasksKnowNobody = only("quantscope.task..", "quantscope.task..");

    @ArchTest
    static final ArchRule quantKnowsTensors = only("quantscope.quant..", "quantscope.quant..", "quantscope.tensor..");

    @ArchTest
    static final ArchRule graphsKnowTensorsAndQuant =
            only("quantscope.graph..", "quantscope.graph..", "quantscope.tensor..", "quantscope.quant..");

    @ArchTest
    static final ArchRule readersKnowGraphs = only("quantscope.format..", "quantscope.format..", "quantscope.graph..",
            "quantscope.tensor..", "quantscope.quant..", "quantscope.task..");

    @ArchTest
    static final ArchRule kernelsKnowTensors = only("quantscope.kernel..", "quantscope.kernel..", "quantscope.tensor..",
            "quantscope.quant..", "quantscope.graph..");

    @ArchTest
    static final ArchRule datasetsKnowTensors =
            only("quantscope.dataset..", "quantscope.dataset..", "quantscope.tensor..", "quantscope.task..");

    @ArchTest
    static final ArchRule runsKnowGraphsAndKernels = only("quantscope.run..", "quantscope.run..", "quantscope.graph..",
            "quantscope.quant..", "quantscope.kernel..", "quantscope.tensor..", "quantscope.task..");

    @ArchTest
    static final ArchRule ptqKnowsRuns = only("quantscope.ptq..", "quantscope.ptq..", "quantscope.run", "quantscope.graph..",
            "quantscope.quant..", "quantscope.dataset..", "quantscope.tensor..", "quantscope.task..");

    @ArchTest
    static final ArchRule comparisonsKnowPtq = only("quantscope.compare..", "quantscope.compare..", "quantscope.ptq..",
            "quantscope.run", "quantscope.graph..", "quantscope.quant..", "quantscope.dataset..", "quantscope.tensor..",
            "quantscope.task..");

    @ArchTest
    static final ArchRule figuresKnowResults = classes().that().resideInAPackage("quantscope.figure..").should()
            .onlyDependOnClassesThat().resideInAnyPackage("java..", "org.eclipse..", "quantscope.figure..", "quantscope.compare..",
                    "quantscope.ptq..", "quantscope.graph..", "quantscope.quant..", "quantscope.tensor..");

    @ArchTest
    static final ArchRule layoutOnlyInFigures = noClasses().that().resideOutsideOfPackage("quantscope.figure")
            .should().dependOnClassesThat().resideInAPackage("org.eclipse..");

    @ArchTest
    static final ArchRule nobodyKnowsWindowOrCommandLine = noClasses().that()
            .resideOutsideOfPackages("quantscope.app..", "quantscope.cli..").and().doNotHaveSimpleName("Main")
            .and().doNotHaveSimpleName("Launcher")
            .should().dependOnClassesThat().resideInAnyPackage("quantscope.app..", "quantscope.cli..");

    private static ArchRule only(String room, String... known) {
        String[] allowed = java.util.Arrays.copyOf(known, known.length + 5);
        allowed[known.length] = "java..";
        allowed[known.length + 1] = "javax.imageio..";
        allowed[known.length + 2] = "org.slf4j..";
        allowed[known.length + 3] = room.startsWith("quantscope.format") ? "com.." : "java..";
        allowed[known.length + 4] = room.startsWith("quantscope.run") ? "org.nd4j.." :
                room.startsWith("quantscope.kernel") ? "jdk.incubator.vector.." : "java..";
        return classes().that().resideInAPackage(room).should().onlyDependOnClassesThat()
                .resideInAnyPackage(allowed).allowEmptyShould(true);
    }
}
