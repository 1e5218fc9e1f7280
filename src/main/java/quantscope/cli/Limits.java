package quantscope.cli;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** Checks counts on the command line. */
final class Limits {

    private Limits() { }

    /** @param count null where the option is not given */
    static void check(CommandSpec spec, String option, Integer count) {
        if (count != null && count < 1) {
            throw new ParameterException(spec.commandLine(), option + " is " + count + ", expected at least 1");
        }
    }
}
