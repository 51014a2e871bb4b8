"""kill -9 of whoever imports: every row becomes a contact once, with one entry on the timeline."""

import subprocess
import sys
import time

import pytest
from sqlalchemy import func, select

from skywrite.contacts.imports import Imports
from skywrite.settings import Settings
from skywrite.store.contact_tables import activities, contacts, identities
from skywrite.store.engine import open_store
from tests.support.handled import count_rows, uploaded

pytestmark = pytest.mark.flow
_ROWS = 12_000
_WORK = """
import sys
from pathlib import Path
from skywrite.contacts.imports import Imports
from skywrite.settings import Settings
from skywrite.store.engine import open_store
settings = Settings(data=Path(sys.argv[1]))
Imports(open_store(settings), settings.data / "imports").work(1)
"""


def test_a_killed_import_goes_on_and_takes_no_row_twice(settings: Settings) -> None:
    store = open_store(settings)
    imports, begun = uploaded(settings, store, "email\n" + "".join(f"p{n}@x.com\n" for n in range(_ROWS)))
    imports.start(begun.id, begun.mapping.columns, None)
    kills = 0
    while imports.get(begun.id).state == "importing":
        before = imports.get(begun.id).done
        worker = subprocess.Popen([sys.executable, "-c", _WORK, str(settings.data)])
        while worker.poll() is None and imports.get(begun.id).done == before:
            time.sleep(0.002)
        if worker.poll() is None:
            worker.kill()
            kills += 1
        worker.wait()
    done = imports.get(begun.id)
    assert kills > 1
    assert (done.state, done.created, done.updated, done.refused) == ("done", _ROWS, 0, 0)
    with store.read() as connection:
        told = connection.execute(select(func.count(activities.c.contact_id.distinct()))).scalar_one()
    assert [count_rows(store, table) for table in (contacts, identities, activities)] == [_ROWS] * 3
    assert told == _ROWS
    store.close()


def test_its_file_is_gone_after(settings: Settings) -> None:
    store = open_store(settings)
    imports, begun = uploaded(settings, store, "email\na@x.com\n")
    imports.start(begun.id, begun.mapping.columns, None)
    Imports(store, settings.data / "imports").work(begun.id)
    assert list((settings.data / "imports").iterdir()) == []
    store.close()
