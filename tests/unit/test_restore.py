"""A trained model on a folder of pictures, and exported: what comes out is what the model makes of them."""

import numpy as np
import pytest
import torch
from PIL import Image

from aestudy.base import files, pictures
from aestudy.base.errors import UserError
from aestudy.network import autoencoder, inference
from aestudy.replicates import store, trained
from aestudy.tools import export, restore


@pytest.fixture
def replicate(tmp_path, make_identity):
    """Makes a replicate in a study: the untrained model is as good as a trained one here."""

    def make(architecture="dense", shape=(1, 8, 8), **changes) -> trained.Trained:
        identity = make_identity(architecture, **changes)
        folder = tmp_path / "results/small/runs/patterns" / architecture / "plain/replicate-0"
        keys = {"dataset": "patterns", "model": architecture, "latent": 6, "l1": 0.0, "noise": "none", "variance": 0.0}
        if identity["noise"]:
            keys |= {"noise": "gaussian", "variance": identity["variance"]}
        cost = {"parameters": 1, "device": "abacus", "train_seconds": 2.5}
        manifest = {"binding": {"identity": identity, "code": "", "data": {"train_images.npy": "00"}}, "keys": keys}
        manifest |= {"replicate": 0, "software": {"torch": "2"}, "commit": "unknown", "cost": cost}
        store.save(folder, autoencoder.create(identity, shape, 0), [{"epoch": 1}], manifest)
        dataset = dict(zip(("channels", "height", "width"), shape, strict=True)) | {
            "name": "patterns",
            "licence": "CC0",
        }
        dataset |= {"train": 90, "test": 10, "array_sha256": {"train_images.npy": "00"}}
        files.write_json(tmp_path / "resources/data/patterns/dataset.json", dataset)
        return trained.find(folder)

    return make


@pytest.fixture
def images(tmp_path, make_bars):
    folder = tmp_path / "pictures"
    (folder / "more").mkdir(parents=True)
    for number, picture in enumerate(make_bars(5)):
        pictures.to_image(picture).save(folder / ("more" if number > 2 else ".") / f"{number}.png")
    return folder


NOISY = {"noise": {"kind": "gaussian", "clip": True, "draw": "once"}, "variance": 0.1}


def test_pictures_are_what_the_model_makes_of_them(replicate, images, tmp_path, make_bars):
    run = replicate()
    written = restore.restore_folder(run, images, tmp_path / "out")
    assert [path.relative_to(tmp_path / "out/restored").as_posix() for path in written] == [
        *(f"{number}.png" for number in range(3)),
        *(f"more/{number}.png" for number in range(3, 5)),
    ]
    expected, _ = inference.restore(run.load(), torch.from_numpy(make_bars(5)).float() / 255)
    for path, picture in zip(written, expected.numpy(), strict=True):
        np.testing.assert_allclose(pictures.read(path, "grey") / 255, picture, atol=0.5 / 255 + 1e-6)
    assert (tmp_path / "out" / restore.SHEET).exists()


def test_sheet_has_a_row_per_picture_and_a_column_per_stage():
    picture = np.zeros((1, 8, 8), np.float32)
    two = restore.sheet(["a", "b"], {"before": [picture] * 2, "after": [picture] * 2})
    three = restore.sheet(["a", "b"], {"before": [picture] * 2, "with noise": [picture] * 2, "after": [picture] * 2})
    long = restore.sheet(["a"] * 50, {"before": [picture] * 50, "after": [picture] * 50})
    assert three.width - two.width == restore.CELL + restore.GAP
    assert long.height == restore.HEAD + restore.GAP + restore.SHEET_PICTURES * (restore.CELL + restore.GAP)


def test_pictures_of_another_size(replicate, images, tmp_path):
    run = replicate()
    Image.new("L", (20, 12)).save(images / "large.png")
    with pytest.raises(
        UserError, match=r"1 of 6 pictures do not fit.*trained on 8 x 8 grey.*large\.png: it has 12 x 20"
    ):
        restore.restore_folder(run, images, tmp_path / "out")
    assert not (tmp_path / "out").exists()
    restore.restore_folder(run, images, tmp_path / "out", fit=True)
    assert Image.open(tmp_path / "out/restored/large.png").size == (8, 8)


def test_a_convolutional_model_takes_what_its_stages_halve(replicate, images, tmp_path):
    run = replicate("conv")
    Image.new("L", (20, 12)).save(images / "large.png")
    restore.restore_folder(run, images, tmp_path / "out")
    assert Image.open(tmp_path / "out/restored/large.png").size == (20, 12)
    Image.new("L", (20, 13)).save(images / "odd.png")
    with pytest.raises(UserError, match=r"odd\.png: 2 pooling stages need"):
        restore.restore_folder(run, images, tmp_path / "out")


def test_noise_of_the_training_can_be_added(replicate, images, tmp_path):
    run = replicate(**NOISY)
    without, with_noise = tmp_path / "without", tmp_path / "with"
    restore.restore_folder(run, images, without)
    restore.restore_folder(run, images, with_noise, add_noise=True)
    with Image.open(without / restore.SHEET) as two, Image.open(with_noise / restore.SHEET) as three:
        assert three.width > two.width
    again = tmp_path / "again"
    restore.restore_folder(run, images, again, add_noise=True)
    assert (again / restore.SHEET).read_bytes() == (with_noise / restore.SHEET).read_bytes()


def test_mistakes_are_sentences(replicate, images, tmp_path):
    run = replicate()
    with pytest.raises(UserError, match="restored again; choose another --out"):
        restore.restore_folder(run, images, images / "out")
    with pytest.raises(UserError, match="trained without noise"):
        restore.restore_folder(run, images, tmp_path / "out", add_noise=True)
    Image.new("L", (8, 8)).save(images / "0.jpg")
    with pytest.raises(UserError, match="would both be restored as"):
        restore.restore_folder(run, images, tmp_path / "out")


def test_the_command_line_ends_with_a_sentence(tmp_path, capsys):
    with pytest.raises(SystemExit) as end:
        restore.main(["--run", str(tmp_path), "--images", "nowhere", "--out", "out"])
    assert str(end.value).startswith(f"error: {tmp_path} holds no trained replicate")


def test_a_folder_above_the_replicate_is_told_what_lies_in_it(replicate, tmp_path):
    run = replicate()
    with pytest.raises(UserError, match=r"Give one of those inside it: .*replicate-0"):
        trained.find(run.folder.parents[1])


def test_other_data_under_the_same_name(replicate, tmp_path):
    run = replicate()
    place = tmp_path / "resources/data/patterns/dataset.json"
    files.write_json(place, files.read_json(place) | {"array_sha256": {"train_images.npy": "11"}})
    with pytest.raises(UserError, match="with these data lies in the folders around it"):
        trained.find(run.folder)


METRICS = "replicate,dataset,model,latent,l1,noise,variance,psnr,psnr_pooled,ssim,mse,bce,psnr_noisy,ssim_noisy,gain_db"
ROW = "0,patterns,dense,6,0.0,gaussian,0.1,21.25,20.5,0.5,0.01,0.3,12.5,0.25,8.75"


@pytest.fixture
def scored(replicate):
    run = replicate(**NOISY)
    path = run.study_folder / "evaluation/patterns/dense/plain/metrics.csv"
    files.write_text(path, f"{METRICS},sparsity,latent_mean,epochs\n{ROW},0.125,1.0,2\n")
    return run


def test_exported_model_stands_by_itself(scored, images, tmp_path, make_bars):
    out = tmp_path / "elsewhere/exported"
    export.export(scored, out)
    exported = trained.find(out)
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


def test_export_needs_scores(replicate, tmp_path):
    run = replicate()
    with pytest.raises(UserError, match="the replicate is not scored yet"):
        export.export(run, tmp_path / "exported")
    with pytest.raises(UserError, match="choose another --out"):
        export.export(run, run.folder)
    assert not (tmp_path / "exported").exists()
