"""Write the management API's description to ui/src/api/openapi.json, from which the UI's types are made."""

import json
from pathlib import Path
from tempfile import TemporaryDirectory

from skywrite.intake.intake import Intake
from skywrite.settings import Settings
from skywrite.sources.write_keys import WriteKeys
from skywrite.store.engine import open_store
from skywrite.wiring import build_api

PLACE = Path(__file__).parent.parent / "ui" / "src" / "api" / "openapi.json"


def description() -> str:
    """The description of the API as it is in the code, as JSON text."""
    with TemporaryDirectory() as folder:
        settings = Settings(data=Path(folder))
        store = open_store(settings)
        try:
            app = build_api(
                settings, store, Intake(WriteKeys(store), None), lambda: False, lambda: ""
            )  # nothing is sent through it
            return json.dumps(app.openapi_schema.to_schema(), indent=1, sort_keys=True) + "\n"
        finally:
            store.close()


if __name__ == "__main__":
    PLACE.write_text(description())
    print(f"Wrote {PLACE}")
