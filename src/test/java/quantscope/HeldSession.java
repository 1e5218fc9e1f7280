package quantscope;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.concurrent.CountDownLatch;
import quantscope.session.Session;
import quantscope.task.Progress;

/** The real session, whose calibration stands still at its first image, when told to, until it is released. */
final class HeldSession {

    private final CountDownLatch released = new CountDownLatch(1);
    private final Session session;
    private volatile String holdAt = "";

    HeldSession(Session real) {
        session = (Session) Proxy.newProxyInstance(Session.class.getClassLoader(), new Class<?>[] {Session.class},
                (_, method, arguments) -> {
                    if (method.getName().equals("calibrate")) {
                        arguments[1] = holding((Progress) arguments[1]);
                    }
                    try {
                        return method.invoke(real, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    Session session() {
        return session;
    }

    /** @param step what the progress line says of the step to hold */
    void holdAt(String step) {
        holdAt = step;
    }

    void release() {
        released.countDown();
    }

    private Progress holding(Progress progress) {
        return (done, total, what) -> {
            progress.update(done, total, what);
            if (done > 0 && what.equals(holdAt)) {
                waitForRelease();
            }
        };
    }

    private void waitForRelease() {
        try {
            released.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
