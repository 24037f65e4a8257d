"""Picture files as arrays: every kind of file ends as one kind of array, and mistakes are told."""

import numpy as np
import pytest
from PIL import Image

from aestudy.base import pictures
from aestudy.base.errors import UserError


@pytest.fixture
def saved(tmp_path):
    def save(image: Image.Image, name="picture.png", **options):
        image.save(tmp_path / name, **options)
        return tmp_path / name

    return save


def test_grey_and_colour(saved):
    path = saved(Image.new("RGB", (3, 2), (255, 0, 0)))
    red = pictures.read(path, "rgb")
    assert red.shape == (3, 2, 3) and red.dtype == np.uint8
    assert red[:, 0, 0].tolist() == [255, 0, 0]
    assert pictures.read(path, "grey").tolist() == [[[76] * 3] * 2]  # ITU-R 601: 0.299 of red


def test_what_is_transparent_is_black(saved):
    image = Image.new("RGBA", (2, 1), (255, 255, 255, 255))
    image.putpixel((1, 0), (255, 255, 255, 0))
    assert pictures.read(saved(image), "grey").tolist() == [[[255, 0]]]


def test_sixteen_bits_are_scaled_and_not_cut_off(saved):
    image = Image.fromarray(np.array([[0, 0x4000, 0xFFFF]], np.uint16))
    assert pictures.read(saved(image), "grey").tolist() == [[[0, 0x40, 0xFF]]]


def test_palettes_and_single_bits(saved):
    image = Image.new("P", (1, 1))
    image.putpalette([10, 20, 30])
    assert pictures.read(saved(image), "rgb").ravel().tolist() == [10, 20, 30]
    assert pictures.read(saved(Image.new("1", (1, 1), 1)), "grey").tolist() == [[[255]]]


def test_a_picture_is_turned_as_its_camera_says(saved):
    exif = Image.Exif()
    exif[0x0112] = 6  # orientation: the first row is the right-hand side
    path = saved(Image.new("L", (4, 2)), "photo.jpg", exif=exif)
    assert pictures.read(path, "grey").shape == (1, 4, 2)


def test_other_sizes_are_scaled_to_fill_and_cut_evenly(saved):
    columns = np.repeat([[0, 100, 200, 0]], 8, axis=1).astype(np.uint8)
    read = pictures.read(saved(Image.fromarray(np.repeat(columns, 16, axis=0))), "grey", (8, 8))
    assert read.shape == (1, 8, 8)
    # The black sides are cut off, and nothing of them is left but a trace of the filter.
    np.testing.assert_allclose(read[0, 0, [0, 1, -2, -1]], [100, 100, 200, 200], atol=12)


def test_found_by_name_and_ending(tmp_path):
    for name in ("b.PNG", "a.jpeg", "sub/c.jpg", "notes.txt", ".hidden.png", ".cache/d.png"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    found = [path.relative_to(tmp_path).as_posix() for path in pictures.find(tmp_path)]
    assert found == ["a.jpeg", "b.PNG", "sub/c.jpg"]


def test_no_folder_and_no_picture(tmp_path):
    with pytest.raises(UserError, match=r"there is no folder .*nowhere"):
        pictures.find(tmp_path / "nowhere")
    (tmp_path / "notes.txt").touch()
    with pytest.raises(UserError, match=r"holds no picture; .*\.png"):
        pictures.find(tmp_path)


@pytest.mark.parametrize("content", [b"", b"no picture", b"\x89PNG\r\n\x1a\n" + bytes(50)])
def test_a_damaged_file_is_named(tmp_path, content):
    path = tmp_path / "broken.png"
    path.write_bytes(content)
    with pytest.raises(UserError, match=r"broken\.png cannot be read as a picture"):
        pictures.read(path, "grey")


def test_a_file_that_ends_early_is_named(saved):
    path = saved(Image.fromarray(np.random.default_rng(0).integers(0, 256, (50, 50), np.uint8)))
    path.write_bytes(path.read_bytes()[:-1_000])
    with pytest.raises(UserError, match="cannot be read as a picture"):
        pictures.read(path, "grey")


def test_arrays_become_pictures_again():
    assert pictures.to_image(np.array([[[0.0, 0.5, 2.0]]])).getpixel((1, 0)) == 128
    colour = pictures.to_image(np.full((3, 4, 5), 7, np.uint8))
    assert colour.size == (5, 4) and colour.mode == "RGB"
