"""The test images that the page shows."""

import base64

import numpy as np
import pytest

from aestudy.playground import images


@pytest.fixture
def saved(tmp_path):
    """Makes files of a data set's test images, random ones, with the labels that are given."""

    def save(labels, shape=(1, 8, 8), name="a"):
        pixels = np.random.default_rng(0).integers(0, 256, (len(labels), *shape), dtype=np.uint8)
        np.save(tmp_path / f"{name}-images.npy", pixels)
        np.save(tmp_path / f"{name}-labels.npy", np.array(labels))
        return (tmp_path / f"{name}-images.npy", tmp_path / f"{name}-labels.npy"), pixels

    return save


def test_each_class_has_its_turn():
    labels = np.array([3, 3, 3, 1, 1, 2])
    assert images.chosen(labels, 3) == [0, 3, 5]
    assert images.chosen(labels, 5) == [0, 1, 3, 4, 5]
    assert images.chosen(labels, 99) == [0, 1, 2, 3, 4, 5]


def test_pixels_are_those_of_their_places(saved):
    pair, pixels = saved([5, 5, 7])
    (shown,) = images.read([pair])
    document = shown.document()
    assert document["shape"] == [1, 8, 8]
    assert [(image["number"], image["label"]) for image in document["images"]] == [(0, 5), (1, 5), (2, 7)]
    for image in document["images"]:
        assert base64.b64decode(image["pixels"]) == pixels[image["number"]].tobytes()


def test_of_many_small_images_there_are_thirty_and_of_large_ones_as_many_as_there_is_room_for(saved):
    small, _ = saved(list(range(10)) * 5)
    large, _ = saved(list(range(10)) * 5, (3, 64, 64), "b")
    assert [len(shown.places) for shown in images.read([small])] == [images.MOST]
    both = images.read([small, large])
    assert len({len(shown.places) for shown in both}) == 1 and len(both[0].places) < images.MOST
    taken = sum(len(image["pixels"]) for shown in both for image in shown.document()["images"])
    assert taken <= images.ROOM


def test_an_image_larger_than_the_room_is_shown_alone(saved):
    pair, _ = saved([1, 2], (3, 320, 320))
    assert [shown.places for shown in images.read([pair])] == [[0]]
