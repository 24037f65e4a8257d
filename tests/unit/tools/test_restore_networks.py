"""Every kind of network restores pictures and is exported, in grey and in colour, told the strength of noise or not."""

import numpy as np
import pytest
import torch
from PIL import Image

from aestudy.base import files, pictures, registry
from aestudy.base.errors import UserError
from aestudy.base.identity import Noise
from aestudy.network import inference
from aestudy.tools import export, restore

KEYS = {
    "residual": {"filters": [4, 6], "dropout_after": "encoder"},
    "attention": {"filters": [4, 6], "dropout_after": "encoder", "heads": 2},
    "levelmap": {"filters": [4, 6], "dropout_after": "encoder"},
    "unet": {"filters": [3, 5]},
    "dncnn": {"depth": 4, "width": 5},
    "keras_example": {"filters": 4},
}
ANY = Noise(
    parameters=registry.load("noise", "gaussian_random").Parameters(
        kind="gaussian_random", clip=False, draw="each_epoch"
    ),
    level=0.5,
)


@pytest.fixture
def make(make_replicate):
    def made(kind: str, shape=(3, 8, 8)):
        network = registry.load("models", kind).Parameters(architecture=kind, **KEYS[kind])
        return make_replicate("conv", shape, network=network, noise=ANY)

    return made


@pytest.fixture
def photograph(tmp_path):
    """A colour picture of another size than the training images."""
    folder = tmp_path / "pictures"
    folder.mkdir()
    pixels = np.random.default_rng(0).integers(0, 256, (24, 36, 3), dtype=np.uint8)
    Image.fromarray(pixels).save(folder / "photograph.png")
    return folder


@pytest.mark.parametrize("kind", KEYS)
def test_a_photograph_of_any_size_that_fits_is_restored_in_colour(make, photograph, tmp_path, kind):
    run, strength = make(kind), 0.2 if kind == "levelmap" else None
    (written,) = restore.restore_folder(run, photograph, tmp_path / "out", strength=strength)
    before = torch.from_numpy(pictures.read(photograph / "photograph.png", "rgb")[None] / np.float32(255))
    levels = None if strength is None else torch.tensor([strength])
    expected, _ = inference.restore(run.load((3, 24, 36)), before, levels)
    np.testing.assert_allclose(pictures.read(written, "rgb") / 255, expected[0].numpy(), atol=0.5 / 255 + 1e-6)
    with Image.open(tmp_path / "out" / restore.SHEET) as sheet:
        assert sheet.mode == "RGB"


def test_the_strength_is_asked_for_where_it_is_needed_alone(make, photograph, tmp_path):
    told, other = make("levelmap"), None
    with pytest.raises(UserError, match="must be told how strong the noise"):
        restore.restore_folder(told, photograph, tmp_path / "out")
    with pytest.raises(UserError, match="found -1; allowed: a standard deviation"):
        restore.restore_folder(told, photograph, tmp_path / "out", strength=-1.0)
    with pytest.raises(UserError, match="is known; leave --strength out"):
        restore.restore_folder(told, photograph, tmp_path / "out", add_noise=True, strength=0.1)
    restore.restore_folder(told, photograph, tmp_path / "with", add_noise=True)
    other = make("unet")
    with pytest.raises(UserError, match="does not take it; leave --strength out"):
        restore.restore_folder(other, photograph, tmp_path / "out", strength=0.1)


@pytest.mark.parametrize("kind", KEYS)
def test_an_exported_network_restores_as_the_replicate_does(make, tmp_path, kind):
    run = make(kind)
    scores = {"replicate": 0, "dataset": "patterns", "model": "conv", "latent": 6, "noise": "any", "psnr": 21.25}
    names = ("psnr_pooled", "ssim", "mse", "bce", "psnr_noisy", "ssim_noisy", "gain_db", "sparsity")
    summary = run.study_folder / "evaluation/patterns/conv/plain/summary.json"
    files.write_json(summary, {"metrics": [scores | dict.fromkeys(names, 0.5)]})
    export.export(run, tmp_path / "exported")
    images = torch.rand(4, 3, 8, 8, generator=torch.Generator().manual_seed(0))
    levels = torch.linspace(0, 0.4, 4) if kind == "levelmap" else None
    program = torch.export.load(tmp_path / "exported" / export.PROGRAM).module()
    expected, _ = inference.restore(run.load(), images, levels)
    torch.testing.assert_close(program(*filter(torch.is_tensor, (images, levels))), expected)
    card = (tmp_path / "exported" / export.CARD).read_text()
    assert ("`strengths` is the standard deviation" in card) == (kind == "levelmap")
    assert "removes any noise of largest deviation 0.5" in card
