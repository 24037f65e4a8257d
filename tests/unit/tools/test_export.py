"""An exported model: a folder that stands by itself, and restores as the replicate does."""

from argparse import Namespace

import pytest
import torch

from aestudy.base import files
from aestudy.base.errors import UserError
from aestudy.network import inference
from aestudy.replicates.replicate import find
from aestudy.tools import export
from unit.conftest import gaussian

METRICS = "replicate,dataset,model,latent,l1,noise,variance,psnr,psnr_pooled,ssim,mse,bce,psnr_noisy,ssim_noisy,gain_db"
ROW = "0,patterns,dense,6,0.0,gaussian,0.1,21.25,20.5,0.5,0.01,0.3,12.5,0.25,8.75"


def read(text: str) -> str | float:
    return float(text) if text[0].isdigit() else text


@pytest.fixture
def scored(make_replicate):
    run = make_replicate(noise=gaussian(0.1))
    row = dict(zip(METRICS.split(","), map(read, ROW.split(",")), strict=True))
    row |= {"sparsity": 0.125, "latent_mean": 1.0, "epochs": 2}
    files.write_json(run.study_folder / "evaluation/patterns/dense/plain/summary.json", {"metrics": [row]})
    return run


def test_exported_model_stands_by_itself(scored, tmp_path, make_bars):
    out = tmp_path / "elsewhere/exported"
    export.export(scored, out)
    exported = find(out)
    assert exported.shape == scored.shape
    before = torch.from_numpy(make_bars(5)).float() / 255
    expected, _ = inference.restore(exported.load(), before)
    program = torch.export.load(out / export.PROGRAM).module()
    torch.testing.assert_close(program(before), expected)
    card = (out / "README.md").read_text()
    for words in (
        "removes gaussian noise of variance 0.1",
        "8 x 8 grey",
        "21.25",
        "8.75",
        "90 of data set patterns",
        "CC0",
    ):
        assert words in card


def test_export_needs_scores(make_replicate, tmp_path):
    run = make_replicate()
    with pytest.raises(UserError, match="the replicate is not scored yet"):
        export.export(run, tmp_path / "exported")
    with pytest.raises(UserError, match="choose another --out"):
        export.export(run, run.folder)
    assert not (tmp_path / "exported").exists()


def test_an_exported_model_cannot_be_exported_again(scored, tmp_path):
    export.export(scored, tmp_path / "exported")
    with pytest.raises(UserError, match="is not in a study"):
        export.export(find(tmp_path / "exported"), tmp_path / "again")


def test_the_verb_says_where_the_model_is(scored, tmp_path, capsys):
    out = tmp_path / "exported"
    export.run(Namespace(run=scored.folder, out=out))
    assert f"{out}/ (start with {out}/README.md)" in capsys.readouterr().out
    assert {path.name for path in out.iterdir()} == {
        "README.md",
        "dataset.json",
        "manifest.json",
        "model.pt2",
        "weights.safetensors",
    }
