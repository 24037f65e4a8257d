"""References of loss curves: written from made-up studies, read again, and those of the repository."""

import json

import numpy as np
import pytest

from aestudy.base.errors import UserError
from aestudy.base.run import RUN_KEYS
from aestudy.scoring import tables
from aestudy.tools import references
from unit.tools.histories import RUNS, finish

COMMITTED = references.REFERENCES


def test_has_a_row_per_run_and_epoch_and_says_what_made_it(project):
    table = finish("demo", replicates=12)
    assert "loss curves of 3 runs, 12 replicates each" in references.write_reference("demo")
    written = tables.read(project / "references/demo.csv")
    assert len(written) == 3 * 6
    assert set(written["replicates"]) == {12}
    last = written[(written["latent"] == 5) & (written["epoch"] == 6)].iloc[0]
    logs = np.log(table.loc[(table["latent"] == 5) & (table["epoch"] == 6), "train_loss"])
    assert last["train_loss_mean"] == pytest.approx(np.exp(logs.mean()), rel=1e-6)
    assert last["train_loss_sd"] == pytest.approx(logs.std(ddof=1), rel=1e-5)
    assert last["train_loss_11"] == pytest.approx(np.exp(logs.iloc[11]), rel=1e-6)
    about = json.loads((project / "references/demo.json").read_text())
    assert about.pop("date").startswith("20")
    assert about == {
        "study": "demo",
        "seed": 1,
        "replicates": 12,
        "device": "test processor",
        "precision": "fp32",
        "torch": "2.0",
        "commit": "0123456789abcdef",
    }


def test_is_read_as_it_was_written(project):
    table = finish("demo", replicates=10)
    references.write_reference("demo")
    found = references.read_reference("demo")
    assert found.replicates == {run: list(range(10)) for run in RUNS}
    for run, losses in found.curves.items():
        rows = table.set_index(list(RUN_KEYS)).loc[[run]]
        expected = rows.pivot(index="replicate", columns="epoch", values="train_loss")
        assert losses["train_loss"] == pytest.approx(np.log(expected.to_numpy()), abs=1e-6)


def test_needs_ten_replicates(project):
    finish("demo", replicates=9)
    with pytest.raises(
        UserError, match="has 9 replicates of digits/small, latent 5, and a reference needs 10 at least"
    ):
        references.write_reference("demo")
    assert not (project / "references").exists()


def test_needs_manifests(project):
    finish("demo", replicates=10, manifest=False)
    with pytest.raises(UserError, match="does not have the manifests of all of its replicates"):
        references.write_reference("demo")


@pytest.mark.parametrize("study", sorted(file.stem for file in COMMITTED.glob("*.csv")))
def test_those_of_the_repository_agree_with_themselves(study):
    table, trained = tables.read(COMMITTED / f"{study}.csv"), references.read_reference(study)
    assert trained.about["replicates"] >= references.FEWEST
    again = references.reference_table(trained)
    for loss in references.LOSSES:
        # The deviation was computed before the losses were rounded.
        assert again[f"{loss}_mean"].to_numpy() == pytest.approx(table[f"{loss}_mean"].to_numpy(), rel=1e-6)
        assert again[f"{loss}_sd"].to_numpy() == pytest.approx(table[f"{loss}_sd"].to_numpy(), rel=1e-2)
