"""What goes from the log, and for whom it is kept."""

import pytest
from sqlalchemy import insert

from skywrite.kit.time import now_micros
from skywrite.log.sqlite import SqliteLog
from skywrite.pipeline import cursors
from skywrite.pipeline.upkeep import resume_inbox, trim, trim_inbox
from skywrite.settings import Settings
from skywrite.store.tables import destinations
from tests.support.build import A_MOMENT, a_new_record

DAY = 24 * 3600 * 1_000_000
EVERYBODY = ("dedupe", "observe", "warehouse")


class Kept:
    """A log of small segments, and who follows it."""

    def __init__(self, store, folder, max_bytes=1 << 30):
        self.store = store
        self.settings = Settings(data=folder, log_max_hours=0)
        self.log = SqliteLog(folder / "log", segment_bytes=1 << 16, max_bytes=max_bytes)
        self.append(40)

    def append(self, count, at=A_MOMENT):
        for _ in range(count):
            self.log.append([a_new_record(bytes(20_000), at=at)])

    def stands(self, position, *followers):
        with self.store.write() as connection:
            for follower in followers:
                cursors.start_cursor(connection, follower, position, 1)

    def destination(self, *, enabled=True):
        with self.store.write() as connection:
            row = {"id": "dst_1", "kind": "webhook", "name": "A", "settings": {}, "created_at": 1}
            connection.execute(insert(destinations).values(enabled=enabled, **row))

    def trim(self):
        return trim(self.log, self.store, self.settings)

    def first(self):
        return self.log.read(0, 1)[0].position


@pytest.fixture
def kept(store, tmp_path):
    kept = Kept(store, tmp_path)
    kept.stands(kept.log.head(), *EVERYBODY)
    yield kept
    kept.log.close()


def test_what_everybody_has_read_goes(kept):
    assert kept.trim().freed > 0
    assert kept.first() > 30


@pytest.mark.parametrize("follower", ["contacts", "observe", "destination:dst_1"])
def test_nothing_goes_that_anybody_has_not_read(kept, follower):
    kept.stands(3, follower)
    kept.trim()
    assert kept.log.read(3, 1)[0].position == 4


def test_nothing_goes_that_a_destination_has_not_read(kept):
    kept.destination()
    kept.stands(3, "destination:dst_1")
    kept.trim()
    assert kept.log.read(3, 1)[0].position == 4


def test_one_that_reads_all_from_the_beginning_is_waited_for_before_it_began(kept):
    with kept.store.write() as connection:
        connection.execute(cursors.drop_cursor("warehouse"))
    assert kept.trim().freed == 0


def test_a_destination_that_never_began_needs_nothing_of_what_is_there(kept):
    kept.destination()
    assert kept.trim().freed > 0


def test_a_destination_that_is_off_is_not_waited_for(kept):
    kept.destination(enabled=False)
    kept.stands(3, "destination:dst_1")
    assert kept.trim().freed > 0


@pytest.fixture
def crowded(sqlite_store, tmp_path):
    kept = Kept(sqlite_store, tmp_path, max_bytes=1_600_000)
    kept.append(3, at=now_micros() + 10 * DAY)
    kept.append(15)
    yield kept
    kept.log.close()


def test_a_crowded_log_drops_what_was_read_whatever_its_clock_said(crowded):
    crowded.stands(crowded.log.head(), *EVERYBODY)
    trimmed = crowded.trim()
    assert crowded.first() > 50
    assert trimmed.held_by == ""


def test_a_crowded_log_says_for_whom_it_keeps_what_it_has(crowded):
    crowded.stands(crowded.log.head(), *EVERYBODY)
    crowded.stands(3, "contacts")
    assert crowded.trim().held_by == "contacts"
    crowded.stands(crowded.log.head(), "contacts")
    assert crowded.trim().held_by == ""


def test_the_inbox_waits_for_a_follower_that_never_began(kept):
    kept.stands(kept.log.head(), "inbox:contacts")
    assert trim_inbox(kept.log, kept.store) == 0
    kept.stands(kept.log.head(), "inbox:observing")
    assert trim_inbox(kept.log, kept.store) > 0


def test_an_inbox_that_was_lost_goes_on_where_its_followers_are(kept):
    kept.stands(100, "inbox:contacts")
    kept.stands(70, "inbox:observing")
    kept.stands(900, "dedupe")
    assert resume_inbox(kept.log, kept.store)
    assert not resume_inbox(kept.log, kept.store)
    assert kept.log.append([a_new_record()]) == 101
