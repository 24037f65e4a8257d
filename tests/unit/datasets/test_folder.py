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
PHOTOS = {"source": "folder", "label": "Photos", "size": [32, 48]}


def picture(path: Path, seed: int) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(np.random.default_rng(seed).integers(0, 256, (4, 4), np.uint8)).save(path)
    return path


@pytest.fixture
def forty(tmp_path) -> list[Path]:
    return [picture(tmp_path / "forty" / f"{seed}.png", seed) for seed in range(40)]


def load(paths, **changes):
    return folder.load(SPEC | changes, {"local": list(paths)})


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
    digest = folder.digest.__wrapped__  # in one process a folder is read once
    before = digest(place)
    forty[3].touch()
    forty[4].rename(place / "other-name.png")
    assert digest(place) == before
    picture(forty[5], 99)
    assert digest(place) != before


class TestParameters:
    """What the plan asks of a folder of pictures."""

    def parameters(self, path="photos", **changes) -> folder.Parameters:
        return folder.Parameters(**PHOTOS | {"path": str(path)} | changes)

    def test_shape_follows_from_size_and_colour(self):
        assert self.parameters().image_shape == (1, 32, 48)
        assert self.parameters(colour="rgb").image_shape == (3, 32, 48)

    def test_neither_label_nor_place_decides_the_arrays(self):
        assert self.parameters().spec == self.parameters("elsewhere", label="Others").spec
        assert self.parameters().spec != self.parameters(size=[32, 32]).spec
        assert self.parameters().spec.keys() == {"source", "size", "colour", "test_share", "licence"}

    def test_files_are_the_pictures(self, forty):
        own = self.parameters(forty[0].parent)
        assert own.local_files() == sorted(forty)
        assert own.downloads() == {}
        assert own.content() == folder.digest(str(forty[0].parent))

    def test_a_missing_folder_is_a_mistake_only_where_the_data_set_is_used(self, tmp_path):
        own = self.parameters(tmp_path / "nowhere")
        assert list(own.mistakes(used=False)) == []
        ((place, mistake),) = own.mistakes(used=True)
        assert place == "path" and "there is no folder" in mistake
