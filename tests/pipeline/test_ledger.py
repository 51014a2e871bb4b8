"""What delivery writes down, on every store."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

import msgspec
import pytest
from sqlalchemy import insert

from skywrite.pipeline import cursors, dead_letters, delivery_queries
from skywrite.pipeline.ledger import Ledger, Wish
from skywrite.pipeline.pace import Pace
from skywrite.pipeline.retry import BEHIND
from skywrite.pipeline.route import Job, Route
from skywrite.pipeline.stats import MINUTE
from skywrite.pipeline.verdict import Verdict
from skywrite.store.tables import destinations
from tests.support.build import an_event

NOW = 1_795_450_295_423_000
ROUTE = Route("dst_1", "Hook", "webhook", "{}", frozenset())


class Book:
    """A ledger, and what a page would read of it."""

    def __init__(self, store):
        self.store = store
        self.thread = ThreadPoolExecutor(1)
        self.again()
        with store.write() as connection:
            cursors.start_cursor(connection, ROUTE.follower, 0, NOW)

    def again(self):
        self.ledger = Ledger(self.store, ROUTE, Pace(samples_kept=3, dead_kept=4), self.thread)

    def flush(self, cursor=0, **wish):
        return asyncio.run(self.ledger.flush(cursor, NOW, Wish(**wish)))

    def rows(self, query):
        with self.store.read() as connection:
            return connection.execute(query).all()

    def cursor(self):
        return self.rows(cursors.cursor_of(ROUTE.follower))[0].position

    def waiting(self):
        return sum(row.waiting for row in self.rows(delivery_queries.count_retries()))

    def dead(self):
        return dead_letters.listed(self.store, ROUTE.id)


@pytest.fixture
def book(store):
    book = Book(store)
    yield book
    book.thread.shutdown()


def a_job(position, user="u1", **fields):
    return Job(position, 0, "src_1", NOW, user, an_event(messageId=f"m{position}", userId=user), since=NOW, **fields)


def positions(loaded):
    return {user: [job.position for job in jobs] for user, jobs in loaded.jobs.items()}


def test_retries_come_back_when_due_with_all_that_waits_behind(book):
    book.ledger.put_retry(a_job(1, attempts=2, status=500, reason="why", response="what"), NOW)
    book.ledger.put_retry(a_job(2), BEHIND)
    book.ledger.put_retry(a_job(3, "u2"), NOW + 5)
    loaded = book.flush(due_upto=NOW)
    assert positions(loaded) == {"u1": [1, 2]}
    assert loaded.next_due == NOW + 5
    first = loaded.jobs["u1"][0]
    assert (first.attempts, first.status, first.reason, first.response) == (2, 500, "why", "what")
    assert first.event == an_event(messageId="m1", userId="u1")
    assert first.is_stored
    assert positions(book.flush(due_upto=NOW, busy=["u1"])) == {}
    assert positions(book.flush(users=["u2", "u3"])) == {"u2": [3], "u3": []}


def test_a_retry_read_from_the_log_again_stays_as_it_was(book):
    book.ledger.put_retry(a_job(1, attempts=2), NOW + 5)
    book.flush()
    book.again()
    for position in (1, 2):
        book.ledger.keep_retry(a_job(position))
    assert book.flush().next_due == NOW + 5
    assert positions(book.flush(due_upto=NOW + 5)) == {"u1": [1, 2]}
    book.ledger.drop_retry(a_job(1))
    book.ledger.keep_retry(a_job(1))
    assert positions(book.flush(users=["u1"])) == {"u1": [2]}


def test_a_retry_waits_for_those_before_it_and_not_for_those_after(book):
    book.ledger.put_retry(a_job(1, "u1"), NOW + 5)
    book.ledger.put_retry(a_job(2, "u1"), NOW)
    book.ledger.put_retry(a_job(3, "u2"), NOW)
    book.ledger.put_retry(a_job(4, "u2"), NOW + 5)
    assert positions(book.flush(due_upto=NOW)) == {"u2": [3, 4]}
    assert positions(book.flush(due_upto=NOW + 5)) == {"u1": [1, 2], "u2": [3, 4]}


def test_no_more_is_read_than_memory_may_hold(book):
    for position, user in enumerate(["u1", "u1", "u2", "u3"], 1):
        book.ledger.put_retry(a_job(position, user), NOW)
    tight = Pace(max_waiting_bytes=4 * len(msgspec.json.encode(an_event(messageId="m1"))))
    assert not book.flush(due_upto=NOW).is_cut
    book.ledger = Ledger(book.store, ROUTE, tight, book.thread)
    loaded = book.flush(due_upto=NOW)
    assert loaded.is_cut
    assert positions(loaded) == {"u1": [1, 2]}


def test_what_the_store_has_not_taken_is_bounded_in_bytes(book):
    book.ledger = Ledger(book.store, ROUTE, Pace(max_unsaved_bytes=100), book.thread)
    book.ledger.put_retry(a_job(1, size=60), NOW)
    assert not book.ledger.is_full
    book.ledger.put_dead(a_job(2, size=60), NOW)
    assert book.ledger.is_full
    book.flush()
    assert not book.ledger.is_full


def test_the_last_word_on_a_retry_counts(book):
    book.ledger.put_retry(a_job(1), NOW)
    book.ledger.put_retry(a_job(1, attempts=1), NOW + 9)
    book.ledger.put_retry(a_job(2), NOW)
    book.ledger.drop_retry(a_job(2))
    loaded = book.flush()
    assert (book.waiting(), loaded.next_due) == (1, NOW + 9)
    book.ledger.put_retry(a_job(1, attempts=2), NOW + 20)
    assert book.flush().next_due == NOW + 20
    book.ledger.drop_retry(a_job(1))
    assert book.flush().next_due is None


def test_the_cursor_goes_forward_only_and_is_not_made_anew(book):
    book.flush(cursor=7)
    assert book.cursor() == 7
    book.again()
    book.flush(cursor=5)
    assert book.cursor() == 7
    with book.store.write() as connection:
        connection.execute(cursors.drop_cursor(ROUTE.follower))
    book.flush(cursor=9)
    assert book.rows(cursors.cursor_of(ROUTE.follower)) == []


def test_counts_of_a_minute_add_up_over_commits(book):
    for _ in range(2):
        counts = book.ledger.counts(NOW)
        counts.delivered += 3
        counts.latency[4] += 3
        book.flush()
    [row] = book.rows(delivery_queries.minutes([ROUTE.id], 0))
    assert (row.minute, row.delivered, row.latency[4], row.failed) == (NOW // MINUTE, 6, 6, 0)


def test_samples_are_kept_to_a_number(book):
    for number in range(5):
        sample = {"at": number, "outcome": "delivered", "message_id": f"m{number}", "event_name": "E\0", "status": 200}
        book.ledger.put_sample(sample | {"reason": "", "millis": 1, "request": "", "response": ""})
        book.flush()
    assert [row.message_id for row in book.rows(delivery_queries.samples(ROUTE.id, 10))] == ["m4", "m3", "m2"]


def test_dead_letters_are_sent_again_and_discarded(book):
    for number in range(1, 5):
        book.ledger.put_dead(a_job(number, attempts=3, status=400, reason="no", response="nope"), NOW)
    book.flush()
    letters = book.dead()
    assert [letter.message_id for letter in letters] == ["m4", "m3", "m2", "m1"]
    assert (letters[0].attempts, letters[0].status, letters[0].reason) == (3, 400, "no")
    assert [letter.id for letter in dead_letters.listed(book.store, ROUTE.id, before=letters[1].id)] == [
        letter.id for letter in letters[2:]
    ]
    assert dead_letters.discard(book.store, ROUTE.id, [letters[0].id]) == 1
    assert dead_letters.send_again(book.store, ROUTE.id, [letters[3].id], NOW) == 1
    assert dead_letters.send_again(book.store, "dst_2", None, NOW) == 0
    assert dead_letters.send_again(book.store, ROUTE.id, None, NOW) == 2
    assert book.dead() == []
    assert positions(book.flush(due_upto=NOW)) == {"u1": [1, 2, 3]}


def test_of_dead_letters_the_newest_are_kept(book):
    other = Ledger(book.store, msgspec.structs.replace(ROUTE, id="dst_2"), Pace(), book.thread)
    other.put_dead(a_job(1), NOW)
    asyncio.run(other.flush(0, NOW, Wish()))
    for number in range(1, 8):
        book.ledger.put_dead(a_job(number), NOW)
        book.flush()
    assert [letter.message_id for letter in book.dead()] == ["m7", "m6", "m5", "m4"]
    for number in range(8, 11):
        book.ledger.put_retry(a_job(number), NOW)
    book.flush(expire_before=NOW)
    assert [letter.message_id for letter in book.dead()] == ["m10", "m9", "m8", "m7"]
    assert len(dead_letters.listed(book.store, "dst_2")) == 1


def test_what_waited_too_long_for_one_that_is_down_becomes_a_dead_letter(book):
    book.ledger.put_retry(a_job(1, attempts=2, status=500, reason="its own"), NOW)
    book.ledger.put_retry(a_job(2), BEHIND)
    book.ledger.put_retry(a_job(3, "u2"), NOW)
    loaded = book.flush(expire_before=NOW, expire_for=Verdict("later", "down", 503, response="gone"), busy=["u2"])
    assert loaded.expired == ["u1", "u1"]
    assert {letter.message_id: (letter.reason, letter.status) for letter in book.dead()} == {
        "m1": ("its own", 500),
        "m2": ("down", 503),
    }
    assert book.waiting() == 1
    assert book.rows(delivery_queries.minutes([ROUTE.id], 0))[0].failed == 2


def test_retries_that_wait_behind_one_that_is_gone_are_woken_at_the_start(book):
    book.ledger.put_retry(a_job(1, "led"), NOW + 9)
    book.ledger.put_retry(a_job(2, "led"), BEHIND)
    book.ledger.put_retry(a_job(3, "orphan"), BEHIND)
    book.flush()
    with book.store.write() as connection:
        connection.execute(delivery_queries.wake_orphans(ROUTE.id, NOW))
    assert positions(book.flush(due_upto=NOW)) == {"orphan": [3]}


def test_of_one_that_was_removed_nothing_is_written_down_any_more(book):
    row = {"id": ROUTE.id, "kind": "webhook", "name": "Hook", "enabled": False, "settings": {}, "created_at": NOW}
    with book.store.write() as connection:
        connection.execute(insert(destinations).values(row | {"removed_at": NOW}))
        delivery_queries.forget(connection, ROUTE.id)
    book.ledger.put_retry(a_job(1), NOW)
    book.ledger.put_dead(a_job(2), NOW)
    book.ledger.counts(NOW).delivered += 1
    book.ledger.put_state("failing", "It is down.", NOW, None)
    book.flush(cursor=3)
    assert (book.waiting(), book.dead(), book.rows(delivery_queries.states())) == (0, [], [])
    assert book.rows(delivery_queries.minutes([ROUTE.id], 0)) == []
    assert book.rows(cursors.cursor_of(ROUTE.follower)) == []


def test_what_the_store_does_not_take_is_offered_again(sqlite_store):
    book = Book(sqlite_store)
    book.ledger.put_retry(a_job(1), NOW)
    book.ledger.counts(NOW).delivered += 1
    with sqlite_store.write() as connection:
        connection.exec_driver_sql("alter table retries rename to retries_away")
    with pytest.raises(Exception, match="retries"):
        book.flush(cursor=3)
    with sqlite_store.write() as connection:
        connection.exec_driver_sql("alter table retries_away rename to retries")
    assert book.cursor() == 0
    book.ledger.counts(NOW).delivered += 1
    book.flush(cursor=3)
    assert (book.waiting(), book.cursor()) == (1, 3)
    assert book.rows(delivery_queries.minutes([ROUTE.id], 0))[0].delivered == 2
    book.thread.shutdown()


def test_the_state_is_what_was_said_last(book):
    book.ledger.put_state("failing", "It is down.", NOW, NOW + 1)
    book.flush()
    book.ledger.put_state("idle", "", NOW, None)
    book.flush()
    [row] = book.rows(delivery_queries.states())
    assert (row.destination_id, row.state, row.reason, row.probe_at) == ("dst_1", "idle", "", None)
