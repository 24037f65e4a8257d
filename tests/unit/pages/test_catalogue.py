"""Where each result stands in Snakemake's report."""

from aestudy.pages import catalogue
from aestudy.study.config import Experiment


def experiment(name: str, title: str = "A title", report: str | None = None) -> Experiment:
    return Experiment(name=name, title=title, report=report, dataset=["mnist"], model=["dense3"])


REPORTS = {"dense": "Dense networks", "conv": "A convolutional network"}


def test_categories_are_in_the_order_of_reading():
    experiments = [experiment("a"), *(experiment(name, report=name[:-1]) for name in ("conv1", "dense1", "dense2"))]
    own = catalogue.categories(REPORTS, experiments)
    assert list(own) == ["verdicts", "dense", "conv", None, "explore", "tables"]
    assert sorted(own.values()) == list(own.values())
    assert (own["dense"], own[None]) == ("2. Dense networks", "4. Other experiments")
    assert "conv" not in catalogue.categories(REPORTS, [experiment("a", report="dense")])
    assert None not in catalogue.categories(REPORTS, [experiment("a", report="dense")])


def test_more_than_nine_stay_in_order():
    names = catalogue.numbered([f"experiment {letter}" for letter in "zyxwvutsrqpo"])
    assert sorted(names) == names


def test_experiments_are_numbered_within_their_report():
    experiments = [
        experiment("l1", "L1", "dense"),
        experiment("own", "Own"),
        experiment("latent", "Latent size", "dense"),
    ]
    own = catalogue.subcategories(list(REPORTS), experiments)
    assert own == {"l1": "1. L1", "latent": "2. Latent size", "own": "1. Own"}


def test_a_label_that_would_become_a_switch_is_joined_to_the_first():
    """One label with two values in half of the results each: Snakemake's report would hide results behind it."""
    labels = {
        "a": {"figure": "Figure 1", "data set": "MNIST", "model": "3 layers"},
        "b": {"figure": "Figure 2", "data set": "both", "model": "3 layers"},
    }
    assert catalogue.without_toggles(labels) == {
        "a": {"figure": "Figure 1: MNIST", "model": "3 layers"},
        "b": {"figure": "Figure 2: both", "model": "3 layers"},
    }


def test_two_such_labels_cancel_each_other_and_stay():
    labels = {
        "a": {"figure": "1", "data set": "MNIST", "model": "3 layers"},
        "b": {"figure": "2", "data set": "both", "model": "all"},
    }
    assert catalogue.without_toggles(labels) == labels
