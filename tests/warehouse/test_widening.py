"""The recipe of docs/warehouse.md that widens a column, run as it is written there."""

import re
from pathlib import Path

import duckdb
import pytest

from tests.support.build import an_event
from tests.warehouse.support import Place, a_place

PAGE = Path(__file__).parent.parent.parent / "docs/warehouse.md"


@pytest.fixture
def place(tmp_path):
    with a_place(tmp_path) as place:
        yield place


def send(place: Place, **revenues: object) -> None:
    place.send(*[an_event(messageId=name, properties={"revenue": value}) for name, value in revenues.items()])
    place.loader().load_all()


def recipe() -> str:
    return next(sql for sql in re.findall(r"```sql\n(.*?)```", PAGE.read_text(), re.DOTALL) if "ALTER TABLE" in sql)


def test_values_that_fit_now_are_taken_from_the_discards_whatever_else_lies_there(place: Place) -> None:
    send(place, whole=3)
    send(place, half=2.5, text="n/a", again="7.25")
    with duckdb.connect(place.path) as connection:
        connection.execute(recipe())
    send(place, later=0.5)
    found = dict(place.rows("SELECT id, revenue FROM shop.order_completed"))
    assert found == {"whole": 3.0, "half": 2.5, "text": None, "again": 7.25, "later": 0.5}
