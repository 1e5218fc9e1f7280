package quantscope.cli;

/** The program's exit codes; {@code quantscope --help} lists them. */
public enum ExitCode {
    OK(0, "done"),
    FAILED(1, "failed for a reason that is no fault of the input; please report it"),
    USAGE(2, "the command line is not understood"),
    MODEL(3, "the model file cannot be read or cannot run"),
    IMAGES(4, "the image folder cannot be used"),
    CONFIGURATION(5, "the configuration cannot be read or does not fit the model"),
    OUTPUT(6, "a result cannot be written"),
    NO_DISPLAY(7, "there is no display for the window"),
    CANCELLED(130, "called off");

    private final int code;
    private final String meaning;

    ExitCode(int code, String meaning) {
        this.code = code;
        this.meaning = meaning;
    }

    public int code() {
        return code;
    }

    public String meaning() {
        return meaning;
    }
}
