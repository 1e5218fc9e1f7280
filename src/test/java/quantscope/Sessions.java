package quantscope;

import quantscope.session.Session;

/** The program's own session, for tests of other packages. */
public final class Sessions {

    private Sessions() { }

    public static Session session() {
        return Composition.session();
    }
}
