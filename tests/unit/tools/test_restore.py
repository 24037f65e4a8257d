"""A trained model on a folder of pictures: what comes out is what the model makes of them."""

from argparse import Namespace

import numpy as np
import pytest
import torch
from PIL import Image

from aestudy.base import pictures
from aestudy.base.errors import UserError
from aestudy.network import inference
from aestudy.tools import restore
from unit.conftest import gaussian


@pytest.fixture
def images(tmp_path, make_bars):
    folder = tmp_path / "pictures"
    (folder / "more").mkdir(parents=True)
    for number, picture in enumerate(make_bars(5)):
        pictures.to_image(picture).save(folder / ("more" if number > 2 else ".") / f"{number}.png")
    return folder


def test_pictures_are_what_the_model_makes_of_them(make_replicate, images, tmp_path, make_bars):
    run = make_replicate()
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


def test_pictures_of_another_size(make_replicate, images, tmp_path):
    run = make_replicate()
    Image.new("L", (20, 12)).save(images / "large.png")
    with pytest.raises(
        UserError, match=r"1 of 6 pictures do not fit.*trained on 8 x 8 grey.*large\.png: it has 12 x 20"
    ):
        restore.restore_folder(run, images, tmp_path / "out")
    assert not (tmp_path / "out").exists()
    restore.restore_folder(run, images, tmp_path / "out", fit=True)
    assert Image.open(tmp_path / "out/restored/large.png").size == (8, 8)


def test_a_convolutional_model_takes_what_its_stages_halve(make_replicate, images, tmp_path):
    run = make_replicate("conv")
    Image.new("L", (20, 12)).save(images / "large.png")
    restore.restore_folder(run, images, tmp_path / "out")
    assert Image.open(tmp_path / "out/restored/large.png").size == (20, 12)
    Image.new("L", (20, 13)).save(images / "odd.png")
    with pytest.raises(UserError, match=r"odd\.png: 2 pooling stages need"):
        restore.restore_folder(run, images, tmp_path / "out")


def test_noise_of_the_training_can_be_added(make_replicate, images, tmp_path):
    run = make_replicate(noise=gaussian(0.1))
    without, with_noise = tmp_path / "without", tmp_path / "with"
    restore.restore_folder(run, images, without)
    restore.restore_folder(run, images, with_noise, add_noise=True)
    with Image.open(without / restore.SHEET) as two, Image.open(with_noise / restore.SHEET) as three:
        assert three.width > two.width
    again = tmp_path / "again"
    restore.restore_folder(run, images, again, add_noise=True)
    assert (again / restore.SHEET).read_bytes() == (with_noise / restore.SHEET).read_bytes()


def test_batches_do_not_change_pictures(make_replicate, images, tmp_path, monkeypatch):
    """Nor does what else lies in the folder: the noise on a picture depends on its name alone."""
    run = make_replicate("conv", noise=gaussian(0.1))
    Image.new("L", (20, 12), 128).save(images / "0-large.png")
    together = restore.restore_folder(run, images, tmp_path / "together", add_noise=True)
    monkeypatch.setattr(restore, "BATCH_VALUES", 2 * 8 * 8)
    in_twos = restore.restore_folder(run, images, tmp_path / "in twos", add_noise=True)
    (images / "0.png").unlink()
    fewer = restore.restore_folder(run, images, tmp_path / "fewer", add_noise=True)
    assert (len(together), len(in_twos), len(fewer)) == (6, 6, 5)
    read = {path: pictures.read(path, "grey").astype(int) for path in (*together, *in_twos, *fewer)}
    for path in together:
        same = [each for each in read if each.name == path.name]
        assert len(same) == (2 if path.name == "0.png" else 3)
        assert all(np.abs(read[path] - read[each]).max() <= 1 for each in same)  # sums differ by rounding


def test_of_a_large_picture_the_sheet_shows_the_middle(make_replicate, tmp_path):
    large = np.zeros((1, restore.LARGEST_CELL + 200, 40), np.float32)
    large[:, 100:-100] = 1.0
    folder = tmp_path / "pictures"
    folder.mkdir()
    pictures.to_image(large).save(folder / "large.png")
    (written,) = restore.restore_folder(make_replicate("conv"), folder, tmp_path / "out")
    with Image.open(written) as restored, Image.open(tmp_path / "out" / restore.SHEET) as sheet:
        assert restored.size == (40, restore.LARGEST_CELL + 200)
        assert sheet.height == restore.HEAD + restore.GAP + restore.LARGEST_CELL + restore.GAP
        before = np.asarray(sheet)[restore.HEAD : restore.HEAD + restore.LARGEST_CELL, restore.GAP : restore.GAP + 40]
    assert (before == 255).all()  # none of the black above and below


def test_mistakes_are_sentences(make_replicate, images, tmp_path):
    run = make_replicate()
    with pytest.raises(UserError, match="restored again; choose another --out"):
        restore.restore_folder(run, images, images / "out")
    with pytest.raises(UserError, match="trained without noise"):
        restore.restore_folder(run, images, tmp_path / "out", add_noise=True)
    Image.new("L", (8, 8)).save(images / "0.jpg")
    with pytest.raises(UserError, match="would both be restored as"):
        restore.restore_folder(run, images, tmp_path / "out")


def test_the_verb_says_where_the_pictures_are(make_replicate, images, tmp_path, capsys):
    run, out = make_replicate(), tmp_path / "out"
    restore.run(Namespace(run=run.folder, images=images, out=out, fit=False, add_noise=False, strength=None))
    printed = capsys.readouterr().out
    assert printed.startswith("5 pictures restored by patterns/dense (latent 6), replicate 0.")
    assert f"Pictures: {out}/restored/" in printed and (out / "restored/0.png").exists()
