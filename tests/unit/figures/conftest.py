"""Made-up studies of several kinds, to draw."""

import pytest

from unit.figures.made_up import STAND_INS, Results


@pytest.fixture(scope="session")
def full(tmp_path_factory):
    return Results(tmp_path_factory.mktemp("full"), ["mnist", "fmnist"], 3)


@pytest.fixture(scope="session")
def single(tmp_path_factory):
    return Results(tmp_path_factory.mktemp("single"), ["mnist", "fmnist"], 1)


@pytest.fixture(scope="session")
def demo(tmp_path_factory):
    return Results(tmp_path_factory.mktemp("demo"), ["digits"], 1, stand_ins=STAND_INS, short=True)


@pytest.fixture(scope="session")
def colour(tmp_path_factory):
    return Results(tmp_path_factory.mktemp("colour"), ["cifar10"], 2, channels=3)
