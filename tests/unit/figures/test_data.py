"""What figures are given: rows of their runs, labels, stand-ins, published numbers."""

import numpy as np
import pandas as pd
import pytest

from aestudy.base.errors import UserError
from aestudy.base.run import Run
from aestudy.figures.data import FigureData, Labels, Published, load, rows_of
from unit.figures.made_up import FIGURES, LABELS, STAND_INS, labels, texts

PLAIN = {"latent": 5.0, "l1": 0.0, "noise": "none", "variance": 0.0}


def run(dataset="mnist", model="dense3", latent=5, l1=0.0) -> Run:
    return Run(dataset, model, latent, l1, "none", 0.0)


class TestLabels:
    def test_a_data_set_and_a_model_of_one_name_are_told_apart(self):
        label = Labels({"dataset": {"a": "The data"}, "model": {"a": "The model"}})
        assert (label("dataset", "a"), label("model", "a")) == ("The data", "The model")

    def test_names_without_a_label(self):
        assert Labels()("dataset", "fmnist") == "Fashion-MNIST"
        assert Labels()("noise", "gaussian") == "Gaussian"
        assert Labels()("model", "my_own") == "my own"
        assert Labels({"dataset": {"mnist": "Numbers"}})("dataset", "mnist") == "Numbers"


class TestPublished:
    def data(self, *runs, column="psnr", **keys):
        number = Published(column, {"dataset": "mnist", "model": "dense3"} | PLAIN | keys, 20.0)
        return FigureData(runs, published=[number])

    def test_number_is_at_the_value_of_its_run(self):
        assert self.data(run(), run(latent=10)).published_at("psnr", "latent", "mnist") == {5.0: 20.0}

    def test_number_counts_for_all_models(self):
        assert self.data(run(model="dense5")).published_at("psnr", "latent", "mnist") == {5.0: 20.0}

    @pytest.mark.parametrize("other", [run(latent=10), run(l1=0.1), run(dataset="digits")])
    def test_number_of_another_run_is_not_shown(self, other):
        assert self.data(other).published_at("psnr", "latent", other.dataset) == {}

    def test_number_of_another_score_or_data_set_is_not_shown(self):
        data = self.data(run(), run(dataset="fmnist"))
        assert data.published_at("ssim", "latent", "mnist") == {}
        assert data.published_at("psnr", "latent", "fmnist") == {}

    def test_keys_that_the_claim_does_not_name_may_be_any(self):
        number = Published("psnr", {"dataset": "mnist", "model": "conv", "l1": 0.0}, 20.0)
        data = FigureData([run(latent=None)], published=[number])
        assert data.published_at("psnr", "l1", "mnist") == {0.0: 20.0}
        assert data.published_at("psnr", "latent", "mnist") == {}


def test_rows_of_a_run_whose_latent_follows_from_the_image():
    table = pd.DataFrame([run(latent=3136).keys | {"psnr": 1.0}, run(latent=3136, l1=0.1).keys | {"psnr": 2.0}])
    assert rows_of(table, run(latent=None))["psnr"].tolist() == [1.0]
    assert rows_of(table, run(latent=5)).empty


class TestLoad:
    def write(self, path, *rows):
        pd.DataFrame(rows).to_csv(path, index=False)
        return path

    def metrics(self, tmp_path, *runs):
        rows = [each.keys | {"psnr": float(number)} for number, each in enumerate(runs)]
        return {"metrics": self.write(tmp_path / "metrics.csv", *rows)}

    def test_rows_of_the_runs_in_their_order(self, tmp_path):
        tables = self.metrics(tmp_path, run(latent=1), run(latent=2), run(latent=3))
        data = load([run(latent=3), run(latent=1)], tables, {}, (), LABELS, {})
        assert data.metrics["psnr"].tolist() == [2.0, 0.0]
        assert data.baselines is None and data.datasets == ["mnist"]

    def test_a_noise_called_none_is_no_missing_value(self, tmp_path):
        data = load([run()], self.metrics(tmp_path, run()), {}, (), LABELS, {})
        assert data.metrics["noise"].tolist() == ["none"]

    def test_a_run_that_a_table_lacks_is_named(self, tmp_path):
        with pytest.raises(UserError, match=r"metrics\.csv has no row for 1 of the 2 runs.* l1 7.0"):
            load([run(), run(l1=7.0)], self.metrics(tmp_path, run()), {}, (), LABELS, {})

    def test_baselines_may_lack_runs(self, tmp_path):
        row = {"dataset": "mnist", "noise": "none", "variance": 0.0, "psnr": 9.0}
        tables = {"baselines": self.write(tmp_path / "baselines.csv", row)}
        data = load([run(), run(dataset="fmnist")], tables, {}, (), LABELS, {})
        assert data.baselines["psnr"].tolist() == [9.0]

    def test_a_column_that_a_table_lacks_is_named(self, tmp_path):
        tables = {"metrics": self.write(tmp_path / "metrics.csv", {"dataset": "mnist", "psnr": 1.0})}
        with pytest.raises(UserError, match="has no column model, latent, l1, noise, variance; it has dataset, psnr"):
            load([run()], tables, {}, (), LABELS, {})

    def test_examples_are_those_of_the_files(self, tmp_path):
        """Without the worst, the median and the best, which come last."""
        images = np.arange(3 * 8.0).reshape(3, 8)
        np.save(tmp_path / "a.npy", images)
        data = load([run()], {}, {run(): tmp_path / "a.npy"}, (), LABELS, {})
        assert np.array_equal(data.examples[run()], images[:, :5])


class TestStandIns:
    def test_are_named_where_they_are_shown(self):
        data = FigureData([run("digits")], label=Labels(LABELS), stand_ins=STAND_INS)
        assert data.stand_in_note("mnist", "fmnist") == "digits standing in for MNIST and Fashion-MNIST"
        assert data.stand_in_note("fmnist") == "digits standing in for Fashion-MNIST"
        assert data.stand_in_note("cifar10") == ""
        assert FigureData([run("mnist")], stand_ins=STAND_INS).stand_in_note("mnist") == ""

    @pytest.mark.parametrize("name", FIGURES)
    def test_are_named_and_published_values_left_out(self, name, demo):
        figure = demo.draw(name)
        both = name in ("dense/fig2-1-bottom", "dense/fig2-2", "dense/fig2-3-bottom") or name.startswith("experiments")
        reported = "MNIST and Fashion-MNIST" if both else "Fashion-MNIST" if name.startswith("dense") else "MNIST"
        assert any(f"Digits standing in for {reported}." in " ".join(text.split()) for text in texts(figure))
        assert not any("Report" in label for label in labels(figure))

    def test_are_not_mentioned_where_there_are_none(self, full):
        for name in ("dense/fig2-1-top", "dense/fig2-2", "conv/fig1"):
            assert not any("standing in" in text for text in texts(full.draw(name)))
