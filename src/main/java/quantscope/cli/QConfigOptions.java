package quantscope.cli;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import quantscope.ptq.Specification;
import quantscope.quant.ObserverKind;
import quantscope.quant.ObserverSpec;
import quantscope.quant.QConfig;
import quantscope.quant.QScheme;

/** The flags that change the default qconfig. */
final class QConfigOptions {

    @Option(names = "--qconfig", paramLabel = "BACKEND",
            description = "PyTorch's default qconfig of: fbgemm (the default), qnnpack, onednn.")
    private String qconfig;

    @Option(names = "--observer", paramLabel = "NAME",
            description = "Activation observer: HistogramObserver (the default), MinMaxObserver, MovingAverageMinMaxObserver; "
                    + "short: histogram, minmax, moving-average.")
    private String observer;

    @Option(names = "--full-range", description = "Activations use all 8 bits instead of fbgemm's reduced 7.")
    private boolean fullRange;

    @Option(names = ProfileOption.NAME, paramLabel = "BACKEND",
            description = "Where the network will run: fbgemm (the default), qnnpack, onednn, onnxruntime; fbgemm-avx2 and "
                    + "onnxruntime-avx2 for CPUs without VNNI. Its own default qconfig goes with it.")
    private String profile;

    Specification over(Specification given, CommandSpec spec) {
        Specification base = ProfileOption.of(profile, spec).map(given::withProfile).orElse(given);
        QConfig chosen = qconfig == null ? base.defaultQConfig() : switch (qconfig) {
            case "fbgemm", "x86" -> QConfig.FBGEMM;
            case "qnnpack" -> QConfig.QNNPACK;
            case "onednn" -> QConfig.ONEDNN;
            default -> throw new ParameterException(spec.commandLine(),
                    "--qconfig is " + qconfig + ", expected fbgemm, qnnpack or onednn");
        };
        ObserverSpec activation = chosen.activation();
        ObserverKind kind = observer == null ? activation.kind() : kind(spec);
        QScheme scheme = activation.scheme();
        boolean reduced = activation.reduceRange() && !fullRange;
        return base.withDefaultQConfig(
                new QConfig(new ObserverSpec(kind, activation.dtype(), scheme, reduced), chosen.weight()));
    }

    private ObserverKind kind(CommandSpec spec) {
        return switch (observer) {
            case "histogram", "HistogramObserver" -> ObserverKind.HISTOGRAM;
            case "minmax", "MinMaxObserver" -> ObserverKind.MIN_MAX;
            case "moving-average", "MovingAverageMinMaxObserver" -> ObserverKind.MOVING_AVERAGE_MIN_MAX;
            default -> throw new ParameterException(spec.commandLine(), "--observer is " + observer
                    + ", expected HistogramObserver, MinMaxObserver or MovingAverageMinMaxObserver");
        };
    }
}
