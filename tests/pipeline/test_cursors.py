"""How far followers have come, on every store."""

import pytest

from skywrite.pipeline import cursors


@pytest.fixture
def connection(store):
    with store.write() as connection:
        yield connection


def test_who_has_not_begun_stands_nowhere(connection):
    assert cursors.cursor(connection, "observe") is None
    assert cursors.all_cursors(connection) == {}


def test_a_cursor_moves_on_and_never_back(connection):
    cursors.start_cursor(connection, "observe", 3, 1)
    for position in (40, 7):
        cursors.advance(connection, "observe", position, 2)
    assert cursors.cursor(connection, "observe") == 40
    assert cursors.all_cursors(connection) == {"observe": 40}


def test_one_that_was_taken_away_does_not_come_back(connection):
    cursors.start_cursor(connection, "destination:dst_1", 3, 1)
    connection.execute(cursors.drop_cursor("destination:dst_1"))
    cursors.advance(connection, "destination:dst_1", 40, 2)
    assert cursors.all_cursors(connection) == {}


def test_a_follower_that_begins_anew_begins_where_it_is_told(connection):
    for position in (40, 7):
        cursors.start_cursor(connection, "destination:dst_1", position, 1)
    assert cursors.cursor(connection, "destination:dst_1") == 7


def test_a_copy_follows_its_truth_also_back(connection):
    for position in (40, 7):
        cursors.put_copy(connection, "warehouse", position, 1)
    assert cursors.cursor(connection, "warehouse") == 7
