"""The numbers that reports publish, as figures get them from the claims."""

from aestudy.claims.published import numbers
from aestudy.claims.records import load_claims
from unit.claims.made_up import CLAIMS, MNIST, claim


def test_a_number_about_one_run():
    (found,) = numbers([claim(f"psnr({MNIST}, latent=100)", 27, 1)])
    keys = {"dataset": "mnist", "model": "dense3", "latent": 100.0, "l1": 0.0, "noise": "none", "variance": 0.0}
    assert found == {"column": "psnr", "run": keys, "value": 27}


def test_a_number_over_the_first_images_is_one_of_its_own_column():
    (found,) = numbers([claim(f"psnr({MNIST}, first=100)", 20)])
    assert found["column"] == "psnr_first_100"


def test_other_claims_are_left_out():
    assert not numbers(
        [
            claim(f"psnr({MNIST})", "> 20"),
            claim(f"psnr({MNIST})", "~ 20", 1),
            claim(f"psnr({MNIST}) - 1", 20),
            claim(f"cost('seconds_per_epoch', {MNIST})", 1),
            claim(f"max(psnr({MNIST}, latent=each))", 20),
        ]
    )


def test_numbers_of_the_reports():
    """Written out: the figures draw stars at these."""
    found = {
        (number["column"], number["run"]["dataset"], number["run"].get("latent"), number["run"]["l1"]): number["value"]
        for number in numbers(load_claims(CLAIMS))
        if number["run"]["noise"] == "none"
    }
    assert found["psnr", "mnist", 15.0, 0.0] == 20
    assert found["psnr", "mnist", 100.0, 0.0] == 27
    assert {value for (_, _, _, l1), value in found.items() if l1} == {22, 25}
    gains = {
        number["run"]["dataset"]: number["value"]
        for number in numbers(load_claims(CLAIMS))
        if number["column"] == "gain_db"
    }
    assert gains == {"mnist": 1.0, "fmnist": -1.2}
