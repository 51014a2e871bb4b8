"""The description that the UI's types are made from is that of the API as it is."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent


def test_the_ui_s_types_are_of_this_api() -> None:
    code = "import sys; sys.path.insert(0, 'scripts'); import openapi; sys.stdout.write(openapi.description())"
    now = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert (ROOT / "ui/src/api/openapi.json").read_text() == now, "stale: run `make types-ui`"
