"""A trained replicate as tools find it: in a study or exported, with what its data were."""

import pytest

from aestudy.base import files
from aestudy.base.errors import UserError
from aestudy.replicates import manifest as manifests
from aestudy.replicates import replicate as replicates
from aestudy.replicates.replicate import find, size_text
from unit.conftest import gaussian


def test_what_is_found(make_replicate, tmp_path):
    run = make_replicate(noise=gaussian(0.1), l1=0.5)
    assert run.shape == (1, 8, 8)
    assert run.identity == run.manifest.identity
    assert run.name == ("patterns/dense (latent 6, l1 0.5, gaussian noise of variance 0.1), replicate 0")
    assert run.study_folder == tmp_path / "results/small"


def test_a_replicate_without_penalty_and_noise_is_named_shorter(make_replicate):
    assert make_replicate().name == "patterns/dense (latent 6), replicate 0"


@pytest.mark.parametrize("missing", ["manifest.json", "weights.safetensors"])
def test_a_folder_that_lacks_a_file(make_replicate, missing):
    run = make_replicate()
    (run.folder / missing).unlink()
    with pytest.raises(UserError, match=f"holds no trained replicate: there is no {missing} in it"):
        find(run.folder)


def test_no_folder(tmp_path):
    with pytest.raises(
        UserError, match=r"nowhere holds no trained replicate.* Give the folder of one, such as results/"
    ):
        find(tmp_path / "nowhere")


def test_a_folder_above_the_replicate_is_told_what_lies_in_it(make_replicate):
    run = make_replicate()
    with pytest.raises(UserError, match=r"Give one of those inside it: .*replicate-0"):
        find(run.folder.parents[1])


def test_a_manifest_of_another_version(make_replicate):
    run = make_replicate()
    (run.folder / manifests.NAME).write_text("{}")
    with pytest.raises(UserError, match="is not a manifest of this project"):
        find(run.folder)


def test_other_data_under_the_same_name(make_replicate, tmp_path):
    run = make_replicate()
    place = tmp_path / "resources/data/patterns/dataset.json"
    files.write_json(place, files.read_json(place) | {"array_sha256": {"train_images.npy": "11"}})
    with pytest.raises(UserError, match="with these data is in the folders around it"):
        find(run.folder)


def test_an_exported_replicate_has_its_data_beside_it(make_replicate, tmp_path):
    run = make_replicate()
    (tmp_path / "resources/data/patterns/dataset.json").unlink()
    files.write_json(run.folder / replicates.DATASET, run.dataset)
    assert find(run.folder).dataset == run.dataset
    elsewhere = tmp_path / "exported"
    run.folder.rename(elsewhere)
    assert find(elsewhere).study_folder is None


def test_weights_of_another_size_are_a_users_mistake(make_replicate):
    with pytest.raises(UserError, match=r"do not fit images of 9 x 8 grey; they were trained on 8 x 8 grey"):
        make_replicate().load((1, 9, 8))


def test_a_loaded_model_is_ready_to_use(make_replicate):
    model = make_replicate().load()
    assert not model.training
    assert model.parameter_count() == 64 * 32 + 32 + 32 * 6 + 6 + 6 * 32 + 32 + 32 * 64 + 64


@pytest.mark.parametrize(
    ("shape", "text"),
    [((1, 28, 28), "28 x 28 grey"), ((3, 32, 48), "32 x 48 rgb"), ((2, 4, 4), "4 x 4 with 2 channels")],
)
def test_sizes_as_text(shape, text):
    assert size_text(shape) == text
