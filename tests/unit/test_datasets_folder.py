"""A folder of pictures as a data set: the split follows from contents alone."""

import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from aestudy.base import pictures
from aestudy.base.errors import UserError
from aestudy.datasets import folder

SPEC = {"size": [4, 4], "colour": "grey", "test_share": 0.25, "licence": "CC0"}


def picture(path: Path, seed: int) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(np.random.default_rng(seed).integers(0, 256, (4, 4), np.uint8)).save(path)
    return path


@pytest.fixture
def forty(tmp_path) -> list[Path]:
    return [picture(tmp_path / "forty" / f"{seed}.png", seed) for seed in range(40)]


def load(paths, **changes):
    return folder.load(SPEC | changes, {"pictures": list(paths)})


def test_sizes_and_origin(forty):
    arrays, about = load(forty)
    assert arrays["train_images"].shape == (30, 1, 4, 4) and arrays["test_images"].shape == (10, 1, 4, 4)
    assert arrays["train_images"].dtype == np.uint8
    assert about["licence"] == "CC0"
    assert list(about["source_sha256"].values()) == [folder.digest(forty[0].parent)]


def test_colour(forty):
    assert load(forty, colour="rgb", size=[8, 6])[0]["test_images"].shape == (10, 3, 8, 6)


def test_split_depends_on_neither_names_nor_order(forty, tmp_path):
    renamed = [Path(shutil.copy(path, tmp_path / f"{99 - i}.png")) for i, path in enumerate(forty)]
    first, second = load(forty)[0], load(renamed[::-1])[0]
    for name in first:
        np.testing.assert_array_equal(first[name], second[name])


def test_a_further_picture_moves_at_most_one(forty, tmp_path):
    before = {image.tobytes() for image in load(forty)[0]["test_images"]}
    after = {image.tobytes() for image in load([*forty, picture(tmp_path / "new.png", 99)])[0]["test_images"]}
    assert len(before - after) <= 1


def test_copies_are_never_on_both_sides(forty, tmp_path):
    copies = [Path(shutil.copy(path, tmp_path / f"copy-{path.name}")) for path in forty]
    for share in (0.25, 17 / 80, 21 / 80, 39 / 80):  # most of these cuts would part two copies
        arrays = load([*forty, *copies], test_share=share)[0]
        sides = [{image.tobytes() for image in arrays[f"{part}_images"]} for part in ("train", "test")]
        assert not sides[0] & sides[1]


def test_folders_are_classes(tmp_path):
    paths = [picture(tmp_path / name / f"{seed}.png", seed) for seed in range(40) for name in ("cats", "dogs")]
    paths = [path for path in paths if (path.parent.name == "dogs") == (int(path.stem) < 10)]
    arrays = load(paths)[0]
    of_dogs = {pictures.read(path, "grey").tobytes() for path in paths if path.parent.name == "dogs"}
    for part in ("train", "test"):
        labels = [image.tobytes() in of_dogs for image in arrays[f"{part}_images"]]
        assert arrays[f"{part}_labels"].tolist() == labels


@pytest.mark.parametrize(("count", "share"), [(15, 0.5), (40, 0.05), (40, 0.9)])
def test_too_few_images(forty, count, share):
    with pytest.raises(UserError, match="at least 10 of each are needed"):
        load(forty[:count], test_share=share)


def test_digest_sees_contents_only(forty):
    place = forty[0].parent
    before = folder.digest(place)
    forty[3].touch()
    forty[4].rename(place / "other-name.png")
    assert folder.digest(place) == before
    picture(forty[5], 99)
    assert folder.digest(place) != before
