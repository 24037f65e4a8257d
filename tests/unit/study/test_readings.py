"""From open questions to networks and tests: each network once, and nothing for answers about tests and scores."""

import pytest

from aestudy.base.errors import UserError
from aestudy.claims.records import Claim
from aestudy.study import loading
from aestudy.study.plan import identity
from aestudy.study.questions import combinations, reading_id
from aestudy.study.readings import Planner, planned
from aestudy.study.tests import Test as Measured
from unit.study.valid import changed

RECORD = {"report": "dense", "source": "x", "statement": "x", "expected": 20, "tolerance": 1}
RECORD |= {"tolerance_reason": "x", "evidence": ["metrics"]}
CLAIMS = [
    Claim.model_validate(
        RECORD | {"id": name, "quantity": f'psnr(dataset="letters", model="shallow", latent={latent}, l1=0)'}
    )
    for name, latent in (("dense-1", 5), ("dense-2", 10))
]
CLAIMS.append(Claim(id="dense-3", report="dense", source="x", statement="x", untestable="no"))

NOISY = ("experiments.0.noise", "[gaussian]"), ("experiments.0.variance", "[0.2]")


def loaded(*changes):
    study, plan, _ = loading.load(changed(*changes))
    return study, plan


def needed(*changes):
    study, plan = loaded(*changes)
    return planned(study, plan, CLAIMS)


def planner(*changes):
    """The planner of the readings, and each reading by its id."""
    study, plan = loaded(*changes)
    (readings,) = study.readings
    made = Planner(study, plan, readings)
    return made, {reading_id(reading): reading for reading in combinations(readings)}


def answers(question: int, *given: str) -> tuple[str, str]:
    """A change of the answers to one question."""
    return f"readings.0.questions.{question}.answers", f"[{', '.join(given)}]"


class TestRuns:
    """Which networks there are."""

    def test_each_network_is_trained_once_however_many_readings_use_it(self):
        study, plan = loaded()
        found = planned(study, plan, CLAIMS)
        own = plan.experiments["latent"]
        assert len(own) == 8
        # as written, and wider with more epochs; all other answers are about tests and scores
        assert len(found.runs) == 2 * len(own)
        assert {run.model for run in found.runs.values()} == {"shallow", "shallow_wide"}

    def test_of_a_reading_are_those_of_the_study_where_nothing_differs(self):
        made, readings = planner()
        for run in made.runs:
            assert made.test(readings["narrow-own-each"], run) == Measured(run, run.dataset, run.noise, run.variance)

    def test_models_get_the_keys_of_the_answers(self):
        found = needed()
        wide = found.study.models["shallow_wide"]
        assert (wide.network.hidden, wide.training.epochs, wide.label) == ([64], 4, "one layer, wider")
        assert found.study.models["shallow"].network.hidden == [32]

    def test_an_answer_that_trains_what_the_study_has_anyway_uses_that(self):
        """The identities are equal, so the networks are."""
        same = answers(0, "{id: narrow, answer: a}", "{id: same, answer: b, networks: {shallow: {hidden: [32]}}}")
        changes = (same, ("readings.0.repeated", "null"))
        assert {run.model for run in needed(*changes).runs.values()} == {"shallow"}

    def test_a_new_answer_about_training_needs_only_its_own_networks(self):
        before, three = (
            needed(),
            answers(
                0,
                "{id: narrow, answer: a}",
                "{id: wide, answer: wider, networks: {shallow: {hidden: [64]}}, training: {epochs: 4}}",
                "{id: fast, answer: faster, training: {learning_rate: 0.01}}",
            ),
        )
        after = needed(three)
        new = after.runs.keys() - before.runs.keys()
        assert before.runs.keys() < after.runs.keys() and len(new) == 8
        assert {after.runs[path].model for path in new} == {"shallow_fast"}

    @pytest.mark.parametrize(
        "extra",
        [
            "{id: third, answer: x, score: own_range}",
            "{id: third, answer: x, gain: clean_input}",
            "{id: third, answer: x, ssim: gaussian11_full}",
            '{id: third, answer: x, quantities: {dense-1: \'1 - ssim(dataset="letters", model="shallow", latent=5)\'}}',
        ],
    )
    def test_answers_about_scores_train_and_test_nothing(self, extra):
        before, after = needed(), needed(answers(2, "{id: each, answer: a}", extra))
        assert after.runs == before.runs and after.tests == before.tests

    @pytest.mark.parametrize("extra", ["noise: {clip: false}", "squared: true"])
    def test_answers_about_noise_change_no_network_without_noise(self, extra):
        given = answers(1, "{id: own, answer: a}", f"{{id: other, answer: b, {extra}}}")
        changes = (given, ("readings.0.questions.2.answers.1.only_with", "{}"))
        found = needed(*changes)
        assert {run.noise for run in found.runs.values()} == {"none"} and len(found.runs) == 16

    def test_repeated_readings_say_how_often_their_networks_are_trained(self):
        found = needed()
        assert set(found.repeated.values()) == {3}
        assert {found.runs[path].model for path in found.repeated} == {"shallow"}

    def test_identities_of_different_networks_differ(self):
        found = needed(*NOISY)
        params = [repr(identity(found.study, run).as_params()) for run in found.runs.values()]
        assert len(set(params)) == len(params)


class TestTests:
    """What networks are tested on."""

    def test_under_noise_of_another_kind(self):
        made, readings = planner(*NOISY)
        (run, *_) = made.runs
        test = made.test(readings["narrow-clean-each"], run)
        # trained on clean images, tested on noise without clipping, whose published "variance" is its deviation
        assert (test.trained.noise, test.trained.variance) == ("none", 0.0)
        assert (test.dataset, test.noise) == (run.dataset, "gaussian_clean")
        assert test.level == 0.04  # and not 0.2 ** 2 = 0.04000000000000001, which would stand in the names of runs
        assert made.study.noises["gaussian_clean"].clip is False and made.study.noises["gaussian"].clip is True

    def test_a_network_may_be_trained_on_one_variance(self):
        given = answers(1, "{id: own, answer: a}", "{id: clean, answer: b, trained_on: 0.5}")
        made, readings = planner(*NOISY, given)
        (run, *_) = made.runs
        test = made.test(readings["narrow-clean-each"], run)
        assert (test.trained.noise, test.trained.level, test.level) == ("gaussian", 0.5, 0.2)

    def test_clean_networks_serve_all_variances(self):
        found = needed(("experiments.0.noise", "[gaussian]"), ("experiments.0.variance", "[0.09, 0.16]"))
        clean = [run for run in found.runs.values() if run.noise == "none"]
        assert len(clean) == 16 and len([run for run in found.runs.values() if run.noise != "none"]) == 32


class TestMistakes:
    """Mistakes in questions and targets are sentences, all at once."""

    def told(self, *changes) -> str:
        with pytest.raises(UserError) as caught:
            needed(*changes)
        assert "Traceback" not in str(caught.value)
        return str(caught.value)

    @pytest.mark.parametrize(
        ("place", "text", "words"),
        [
            ("readings.0.report", "dence", "readings, dence: no claim is of a report of this name; there are: dense"),
            ("readings.0.targets.0.claim", "dense-4", "readings, dense.targets: no claim has the id 'dense-4'"),
            ("readings.0.targets.0.claim", "dense-3", "dense-3: no run can test this claim; leave it out"),
            ("readings.0.questions.1.id", "widths", "readings, dense.questions: several have the id widths"),
            (
                "readings.0.questions.2.answers.1.only_with",
                "{tests: [cleen]}",
                "scores, pooled.only_with.tests: no answer has the id cleen; there are: own, clean",
            ),
            (
                "readings.0.questions.0.answers.1.networks",
                "{shalow: {hidden: [4]}}",
                "widths, wide.networks: no model has the name 'shalow'; did you mean shallow?",
            ),
            (
                "readings.0.questions.2.answers.1.quantities",
                "{dense-9: '1'}",
                "scores, pooled.quantities: no claim has the id 'dense-9'",
            ),
            ("readings.0.repeated.readings", "[narrow-own]", "repeated: no reading has the id narrow-own"),
            ("readings.0.questions.0.answers.1.networks", "{shallow: {hiden: [4]}}", "readings, dense: "),
            ("readings.0.questions.0.answers.1.networks", "{shallow: {hidden: [0]}}", "found 0; "),
        ],
    )
    def test_is_told_with_its_place(self, place, text, words):
        assert words in self.told((place, text))

    def test_all_are_told_at_once(self):
        told = self.told(("readings.0.targets.0.claim", "dense-4"), ("readings.0.targets.1.claim", "dense-5"))
        assert "The readings have 2 mistakes; nothing was run." in told

    def test_a_key_that_a_noise_does_not_have(self):
        assert "readings, dense: " in self.told(*NOISY, ("readings.0.questions.1.answers.1.noise", "{clap: true}"))
