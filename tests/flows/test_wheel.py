"""What `pip install skywrite` gives: a wheel with the UI and the browser SDK inside, in an empty environment."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from skywrite.wiring import WEB_FILES
from tests.support.build import an_event
from tests.support.needs import lacking, need_folder
from tests.support.skywrite import Skywrite

pytestmark = pytest.mark.flow
_ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    """The wheel, built as `make wheel` does."""
    need_folder(WEB_FILES / "ui", "The UI is not built (make setup builds it)")
    folder = tmp_path_factory.mktemp("wheel")
    _run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, _ROOT)
    return next(folder.glob("skywrite-*.whl"))


@pytest.fixture(scope="module")
def python(wheel, tmp_path_factory) -> str:
    """The Python of an environment that was empty, and holds the wheel and what it asks for."""
    folder = tmp_path_factory.mktemp("empty") / "venv"
    _run(sys.executable, "-m", "venv", folder)
    python = folder / "bin" / "python"
    locked = ["--quiet", "--disable-pip-version-check", "--require-hashes", "-r", _ROOT / "requirements.txt"]
    if subprocess.run([python, "-m", "pip", "install", *locked], check=False, cwd="/").returncode != 0:
        lacking("the locked packages can't be installed: no package index is reached")
    _run(python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-index", "--no-deps", wheel)
    _run(python, "-m", "pip", "check")  # the lock holds all that the wheel asks for
    return str(python)


def test_wheel_holds_the_ui_the_browser_sdk_and_the_licence(wheel):
    names = zipfile.ZipFile(wheel).namelist()
    assert "skywrite/_web/ui/index.html" in names
    assert "skywrite/_web/analytics-next/standalone.js" in names
    assert any(name.endswith("licenses/LICENSE") for name in names)
    assert any("store/migrations/versions/" in name for name in names)
    assert not [name for name in names if name.startswith(("tests/", "ui/"))]


def test_starts_without_the_checkout_and_serves_all_that_it_should(python, tmp_path):
    assert str(_ROOT) not in _run(python, "-c", "import skywrite; print(skywrite.__file__)")
    with Skywrite(tmp_path / "data", python=python) as skywrite:
        source = skywrite.add_source("javascript", "Site")
        index = skywrite.request("GET", "/")
        assert index.status == 200
        assert index.headers["content-type"].startswith("text/html")
        assert b'<div id="root"' in index.body
        assert skywrite.request("GET", "/sources/catalog").body == index.body
        key = source["write_keys"][0]
        bundle = skywrite.request("GET", f"/analytics.js/v1/{key}/analytics.min.js")
        assert bundle.status == 200
        assert key.encode() in bundle.body
        assert skywrite.send(source, an_event()).status == 200
        skywrite.sync()
        assert skywrite.query("select event from site.tracks") == [["order_completed"]]


def _run(*command) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd="/")
    assert done.returncode == 0, done.stderr or done.stdout
    return done.stdout
