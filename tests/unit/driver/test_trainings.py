"""How far trainings are, from the lines that they log."""

from aestudy.driver.trainings import Position, Work, position, read

LOG = """2026-01-01 10:00:00 INFO replicate 0 is there, made from the same code, data and parameters: kept
2026-01-01 10:00:01 INFO replicate 1 epoch 1: train loss 0.5, validation loss 0.4
2026-01-01 10:00:02 INFO replicate 1 epoch 2: train loss 0.3, validation loss 0.2
"""


def test_kept_replicates_count_with_all_of_their_epochs():
    assert position(LOG, epochs=10) == Position(12, "0.3")
    assert position("", epochs=10) == Position(0, "")


def test_replicates_that_are_trained_together():
    log = "".join(
        f"x replicate {r} epoch {e}: train loss {e}, validation loss 1\n" for e in range(1, 4) for r in (0, 2)
    )
    assert position(log, epochs=10) == Position(6, "3")


def test_a_log_that_is_not_there_yet(tmp_path):
    assert read(tmp_path / "train.log", 10) == Position()
    (tmp_path / "train.log").write_text(LOG)
    assert read(tmp_path / "train.log", 10).epochs == 12


def test_all_epochs():
    assert Work("digits/dense3/latent-2", replicates=3, epochs=5).all_epochs == 15
