"""Kinds are files: what defines one is found, and nothing else."""

import subprocess
import sys

import pytest

from aestudy.base import registry


@pytest.mark.parametrize(
    ("package", "kinds"),
    [
        ("datasets", ["cifar", "digits", "folder", "idx"]),
        ("noise", ["gaussian", "gaussian_random", "poisson", "salt_and_pepper", "speckle", "uniform"]),
        ("models", ["attention", "conv", "dense", "dncnn", "keras_example", "levelmap", "residual", "unet"]),
        ("baselines", ["affine", "gaussian", "mean_image", "median", "nlm", "noisy_input", "pca", "tv", "wavelet"]),
    ],
)
def test_kinds_of_the_library(package, kinds):
    assert registry.kinds(package) == kinds


@pytest.mark.parametrize("package", registry.DEFINES)
def test_every_kind_defines_what_it_is_found_by(package):
    for kind in registry.kinds(package):
        module = registry.load(package, kind)
        assert module.__name__ == f"aestudy.{package}.{kind}"
        assert hasattr(module, registry.DEFINES[package])


def test_a_file_is_a_kind_by_what_it_defines(tmp_path, monkeypatch):
    monkeypatch.setattr(registry, "LIBRARY", tmp_path)
    (tmp_path / "models").mkdir()
    for name, text in {
        "rings": "class Parameters:\n    pass\n",
        "shared": "def build(): pass\n",
        "hidden": "if True:\n    class Parameters: pass\n",
        "broken_at_import": "class Parameters: pass\n1 / 0\n",
    }.items():
        (tmp_path / "models" / f"{name}.py").write_text(text)
    assert registry.kinds("models") == ["broken_at_import", "rings"]


def test_listing_imports_nothing():
    code = "import sys; from aestudy.base import registry; registry.kinds('baselines'); print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env={"PYTHONPATH": ":".join(sys.path)}
    )
    assert "aestudy.base.registry" in done.stdout.split()
    assert "aestudy.baselines.pca" not in done.stdout.split()
