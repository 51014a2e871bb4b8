"""Options and fixtures of the tests that run a whole Skywrite."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.endpoint import Endpoint
from tests.support.skywrite import Skywrite


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Skywrite]:
    """A running Skywrite that the tests of a module share; each test brings its own source."""
    with Skywrite(tmp_path_factory.mktemp("shared") / "data") as skywrite:
        yield skywrite


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder of this test."""
    return tmp_path / "data"


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    """A webhook's endpoint."""
    with Endpoint() as endpoint:
        yield endpoint


def pytest_addoption(parser: pytest.Parser) -> None:
    """How long the test that kills processes goes on, and with which seed."""
    parser.addoption("--kills", type=int, default=12, help="how many processes tests/flows/test_kill.py kills")
    parser.addoption("--kill-seed", type=int, default=None, help="the seed of a run of test_kill.py to repeat")
