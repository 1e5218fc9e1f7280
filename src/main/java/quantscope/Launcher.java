package quantscope;

import java.lang.reflect.InvocationTargetException;

/**
 * Starts the program. Compiled for Java 17, so that an older Java than the program needs gives a message that can be
 * read instead of a class version error.
 */
public final class Launcher {

    private static final int NEEDED = 25;

    private Launcher() { }

    public static void main(String[] arguments) throws ReflectiveOperationException {
        int found = Runtime.version().feature();
        if (found < NEEDED) {
            System.err.println("quantscope: needs Java " + NEEDED + " or newer, this is Java " + found + " in "
                    + System.getProperty("java.home") + "; install one, or set QUANTSCOPE_JAVA_HOME to its folder");
            System.exit(1);
        }
        try {
            Class.forName("quantscope.Main").getMethod("main", String[].class).invoke(null, (Object) arguments);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw e;
        }
    }
}
