package quantscope.app.control;

import quantscope.app.state.Runs;
import quantscope.app.text.Texts;
import quantscope.export.Configuration;
import quantscope.session.OpenModel;

/** Asks before a configuration is taken over that was made for another model. */
public final class OtherModelQuestion implements Runs.OtherModel {

    private static final int DIGITS = 12;

    private final FileDialogs dialogs;
    private final Texts texts = Texts.of("control");

    public OtherModelQuestion(FileDialogs dialogs) {
        this.dialogs = dialogs;
    }

    @Override
    public boolean takeOver(Configuration made, OpenModel open) {
        return dialogs.confirm(texts.text("otherModel.title"), texts.text("otherModel.question", made.modelFile(),
                made.modelSha256().substring(0, DIGITS), open.model().file().getFileName(),
                open.model().sha256().substring(0, DIGITS)), texts.text("otherModel.take"));
    }
}
