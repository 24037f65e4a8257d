"""Mistakes that show only when parts of a configuration are seen together."""

import pytest
from faults import tried

from aestudy.study import loading
from unit.study.valid import DELETE, assert_readable, changed, mistakes, shown

# fmt: off
# (place, YAML text put there, words of the message about that place: how it starts, and what else is in it)
MISTAKES = [
    ("datasets.letters.files.test_images.shape", "[100, 28, 27]", "found [100, 28, 27]"),
    ("datasets.letters.files.test_labels.shape", "[100, 1]", "found [100, 1]; "),
    ("noises.none", "{kind: gaussian, clip: true, draw: once}", "this name is reserved for", "clean input"),
    ("noises.l1", "{kind: gaussian, clip: true, draw: once}", "this name is reserved for", "the penalty"),
    ("experiments.0.report", "dence", "no report has the name 'dence'; there are: dense; did you mean dense?"),
    ("experiments.0.drawing", "swep", "no drawing has the name 'swep'; there are: ", "did you mean sweep?"),
    ("reports.dense.figures.fig2.drawing", "losess", "no drawing has the name 'losess'; ", "did you mean losses?"),
    ("experiments.0.dataset", "[digits, digits]", "'digits' appears 2 times; keep one"),
    ("experiments.0.latent", DELETE, "this key is missing; model shallow needs at least one size"),
    ("experiments.0.latent", "[5, 0x5]", "5 appears 2 times; keep one"),
    ("experiments.1.latent", "[5]", "found [5], but the latent size of model conv follows"),
    ("experiments.0.l1", "[0.01, 1.0e-2]", "0.01 appears 2 times; keep one"),
    ("experiments.0.l1", "[0, 0.0, -0.0]", "0 appears 3 times; keep one"),
    ("experiments.1.variance", DELETE, "this key is missing; noise gaussian needs"),
    ("stand_ins.letters", "digitz", "no dataset has the name 'digitz'; ", "did you mean digits?"),
]

# (place, YAML text put there, the message about another place)
MISTAKES_ELSEWHERE = [
    ("datasets.letters.files.test_images.file", "b", "datasets.letters.files: the file name 'b' appears 2 times"),
    ("datasets.letters.files.test_labels.shape.0", "99",
     "datasets.letters.files.test_labels.shape: found [99]; allowed: [100]"),
    ("models.conv.network.filters", "[4, 4, 4]",
     "experiments[1]: model conv does not fit data set digits: ", "28 x 28"),
    ("experiments.0.name", "denoising",
     "experiments: 2 of them have the name 'denoising'; give each a name of its own"),
    ("experiments.0.dataset", "[digtis]",
     "experiments[0].dataset[0]: no dataset has the name 'digtis'; ", "did you mean digits?"),
    ("experiments.0.dataset", "[../digits]",
     "experiments[0].dataset[0]: no dataset has the name '../digits'; ", "letters, digits"),
    ("experiments.0.model", "[shalow]",
     "experiments[0].model[0]: no model has the name 'shalow'; ", "did you mean shallow?"),
    ("experiments.0.model", "[sh\u0430llow]",
     "experiments[0].model[0]: no model has the name ", "did you mean shallow?"),
    ("experiments.1.noise", "[gausian]",
     "experiments[1].noise[0]: no noise has the name 'gausian'; ", "did you mean gaussian?"),
    ("experiments.1.noise", "[none]", "experiments[1].variance: found [0.1, 0.2], but noise is none"),
    ("experiments.1.noise", DELETE, "experiments[1].variance: found [0.1, 0.2], but noise is none"),
    ("reports", DELETE, "experiments[0].report: no report has the name 'dense'; there are: none"),
    ("experiments.0.dataset", "[photos]", "datasets.photos.path: there is no folder my/photos"),
]
# fmt: on


@pytest.mark.parametrize(
    ("place", "text", "start", "words"),
    [(place, text, f"{shown(place)}: {start}", words) for place, text, start, *words in MISTAKES]
    + [(place, text, start, words) for place, text, start, *words in MISTAKES_ELSEWHERE],
)
def test_a_mistake_is_one_readable_line(place, text, start, words):
    lines = mistakes(changed((place, text)))
    assert len(lines) == 1, lines
    assert lines[0].startswith(start), lines[0]
    assert all(part in lines[0] for part in words), lines[0]
    assert_readable(lines[0])
    tried("bad configurations")


def test_grids_are_counted_before_they_are_made():
    """This grid has 10^12 runs: making them would end in a lack of memory."""
    raw = changed(("experiments.0.latent", str(list(range(1, 1001)))))
    raw["experiments"][0]["l1"] = [i / 1e6 for i in range(1_000)]
    raw["experiments"][0]["noise"] = ["gaussian"]
    raw["experiments"][0]["variance"] = [(1 + i) / 1e6 for i in range(500_000)]
    (line,) = mistakes(raw)
    assert line.startswith(
        "experiments: found 1,000,000,000,003 runs x 2 replicates; allowed: at most 100,000 trainings"
    )
    assert_readable(line)


def test_replicates_count_towards_the_limit():
    raw = changed(("replicates", "1000"), ("experiments.0.latent", str(list(range(1, 101)))))
    assert "found 403 runs x 1,000 replicates" in mistakes(raw)[0]
    assert len(loading.load(raw | {"replicates": 200}).plan.runs) == 403


def test_colour_images_fit_as_their_shape_says():
    """Sizes are (n, channels, height, width): 3 x 30 x 28 images cannot be halved twice."""
    shape = "datasets.letters.files.{}_images.shape"
    places = [(shape.format("train"), "[600, 3, 30, 28]"), (shape.format("test"), "[100, 3, 30, 28]")]
    (line,) = mistakes(changed(*places, ("experiments.1.dataset", "[letters]")))
    assert line.startswith("experiments[1]: model conv does not fit data set letters")
    assert line.endswith("the images are 30 x 28")


def test_a_folder_of_a_data_set_that_no_experiment_uses_may_be_missing():
    study = loading.load(changed()).study
    assert "photos" in study.datasets


def test_a_figure_of_a_report_may_be_of_an_experiment_that_the_study_lacks():
    study = loading.load(changed()).study
    assert study.reports["dense"].figures["fig2"].experiment == "later"


def test_images_of_a_strange_shape():
    lines = mistakes(changed(("datasets.letters.files.train_images.shape", "[600, 784]")))
    assert lines[0].endswith("found [600, 784]; allowed: [n, height, width] or [n, channels, height, width]")
