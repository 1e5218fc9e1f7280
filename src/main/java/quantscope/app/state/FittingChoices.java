package quantscope.app.state;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import quantscope.dataset.Preprocessing;
import quantscope.ptq.Fix;
import quantscope.ptq.InvalidSpecificationException;
import quantscope.ptq.LayerChoice;
import quantscope.ptq.Prepared;
import quantscope.ptq.Specification;
import quantscope.session.OpenModel;
import quantscope.session.Session;

/**
 * Choices of before for a model file that may have changed since: all of them where they fit, else those that do.
 *
 * @param dropped layers whose choices do not fit any more
 */
record FittingChoices(OpenModel model, Prepared prepared, Choices choices, List<String> dropped) {

    /** @param wanted where nothing was chosen yet, the profile is the model's own */
    static FittingChoices of(Session session, OpenModel model, Choices wanted) {
        return fitting(session, model, wanted.specification().equals(Specification.EMPTY) ? new Choices(
                Specification.startingWith(model.model().graph()), wanted.preprocessing(), wanted.classNames()) : wanted);
    }

    private static FittingChoices fitting(Session session, OpenModel model, Choices wanted) {
        Optional<Preprocessing> preprocessing = wanted.preprocessing().filter(p -> model.misfit(p).isEmpty());
        try {
            return new FittingChoices(model, session.prepare(model, wanted.specification()),
                    new Choices(wanted.specification(), preprocessing, wanted.classNames()), List.of());
        } catch (InvalidSpecificationException e) {
            return one(session, model, new Choices(wanted.specification(), preprocessing, wanted.classNames()));
        }
    }

    /** One choice after the other, without those that cannot be prepared. */
    private static FittingChoices one(Session session, OpenModel model, Choices wanted) {
        Specification fitting = Specification.EMPTY.withProfile(wanted.specification().profile())
                .withDefaultQConfig(wanted.specification().defaultQConfig());
        Prepared prepared = session.prepare(model, fitting);
        List<String> dropped = new ArrayList<>();
        for (Fix fix : wanted.specification().fixes()) {
            try {
                prepared = session.prepare(model, fitting.withFix(fix));
                fitting = fitting.withFix(fix);
            } catch (InvalidSpecificationException e) {
                dropped.add(fix.layer());
            }
        }
        for (Map.Entry<String, LayerChoice> layer : wanted.specification().layers().entrySet()) {
            Specification next = fitting.withPrecision(layer.getKey(), layer.getValue().precision())
                    .withQConfig(layer.getKey(), layer.getValue().qconfig());
            try {
                prepared = session.prepare(model, next);
                fitting = next;
            } catch (InvalidSpecificationException e) {
                dropped.add(layer.getKey());
            }
        }
        return new FittingChoices(model, prepared, new Choices(fitting, wanted.preprocessing(), wanted.classNames()),
                dropped.stream().distinct().toList());
    }
}
