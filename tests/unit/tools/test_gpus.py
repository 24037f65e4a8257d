"""The list of GPUs that trainings may use."""

import pytest

from aestudy.__main__ import main
from aestudy.base.gpus import visible
from aestudy.tools import gpus


def found(monkeypatch, count: int) -> None:
    made = [type("GPU", (), {"token": str(i), "name": f"card {i}", "uuid": f"GPU-{i}"})() for i in range(count)]
    monkeypatch.setattr(gpus, "visible", lambda: made)


@pytest.mark.parametrize(("count", "printed"), [(0, "1\n"), (1, "1\n"), (3, "3\n")])
def test_count_is_what_to_give_as_a_resource(monkeypatch, capsys, count, printed):
    found(monkeypatch, count)
    main(["gpus", "--count"])
    assert capsys.readouterr().out == printed


def test_lists_each_with_its_name(monkeypatch, capsys):
    found(monkeypatch, 2)
    main(["gpus"])
    assert capsys.readouterr().out.splitlines() == ["0  card 0  GPU-0", "1  card 1  GPU-1"]


def test_a_machine_without_any_says_so(monkeypatch, capsys):
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "")
    assert visible() == []
    main(["gpus"])
    assert "No GPU is visible here" in capsys.readouterr().out
