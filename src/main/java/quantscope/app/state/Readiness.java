package quantscope.app.state;

/** Whether calibration can start, and if not, why. */
public enum Readiness {
    READY, NO_MODEL, UNSUPPORTED, NO_IMAGES, INVALID_PREPROCESSING, NOTHING_CHOSEN, BUSY
}
