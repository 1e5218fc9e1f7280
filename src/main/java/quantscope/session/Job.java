package quantscope.session;

import quantscope.dataset.ImageSelection;
import quantscope.dataset.ImageSet;
import quantscope.dataset.Preprocessing;
import quantscope.ptq.Specification;

/** All that a calibration and a comparison depend on: the same job gives the same numbers bit for bit. */
public record Job(OpenModel model, Specification specification, ImageSet images, ImageSelection selection,
                  Preprocessing preprocessing) { }
