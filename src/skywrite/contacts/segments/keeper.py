"""Keeps segments true: follows what happened to contacts, and the clock, and evaluates only whom it may concern.

A step is one look: news and the contacts that time has reached are evaluated in a reading transaction; who entered and
left, their activities, the counts and the cursor are written in one. Segments that use others are evaluated in that
second transaction, when those are true. It is the only writer of members, so it may look first and write after:
whatever comes in between is news of the next step.
"""

import contextlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence

from msgspec import Struct
from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError

from skywrite.contacts.activity import Activity, Kind, add_activities
from skywrite.contacts.segments import queries
from skywrite.contacts.segments.build import build, take_away
from skywrite.contacts.segments.clock import crossed, moves_with_time, pause_of
from skywrite.contacts.segments.compile import members_among
from skywrite.contacts.segments.interests import Interests, interests_of
from skywrite.contacts.segments.kept import Kept, kept_of
from skywrite.contacts.segments.order import in_order
from skywrite.kit.errors import Later
from skywrite.kit.time import now_micros
from skywrite.pipeline import cursors
from skywrite.store.engine import Store

FOLLOWER = "activities:segments"
_AT_ONCE = 5_000  # activities in a step
_CLOCK_MICROS = 1_000_000  # how often the clock is looked at
_NOTED_MICROS = 60_000_000  # how often it is written down how far that has come, where nothing else is written


class News(Struct, frozen=True):
    """What came since the last step."""

    position: int  # the last activity's id
    touched: dict[tuple[str, str], set[int]]  # contacts by the kind and name of what happened to them
    changed: set[int]  # contacts of whom something else changed
    changes: list[int]  # the ids of those changes
    moved: bool  # whether the position is another than before


class Diff(Struct, frozen=True):
    """Who enters a segment and who leaves it."""

    entered: set[int]
    left: set[int]


class _Broken(Exception):
    """A segment that can't be evaluated: it is set aside, and the others go on."""

    def __init__(self, segment: Kept, reason: Exception) -> None:
        super().__init__(str(reason))
        self.segment, self.reason = segment, reason


@contextlib.contextmanager
def _blaming(one: Kept) -> Iterator[None]:
    try:
        yield
    except Later:  # the store is away: no segment's fault
        raise
    except OperationalError:
        raise
    except Exception as error:
        raise _Broken(one, error) from error


class Keeper:
    """One look at a time, see `step`. `clock` gives µs."""

    def __init__(self, store: Store, clock: Callable[[], int] = now_micros) -> None:
        self._store = store
        self._now = clock
        self._looked: dict[int, tuple[int, int]] = {}  # by segment: its last change, up to when the clock was looked at
        self._noted = 0
        self._commits = store.news()
        self._ready: list[Kept] = []
        self._waits = False  # whether there is something to write down that may wait

    def step(self) -> bool:
        """Do what there is to do, a piece of it. False when there was nothing."""
        if not self._commits.any() and not self._waits and not self._is_time(self._now()):
            return False
        is_done = self._look()
        if not is_done:
            self._commits.seen()
        return is_done

    def _is_time(self, now: int) -> bool:
        """Whether the clock alone may move somebody, or how far it has come is to be written down."""
        return now - self._noted > _NOTED_MICROS or any(
            self._is_due(one, now) and moves_with_time(one.definition) for one in self._ready
        )

    def _look(self) -> bool:
        self._waits = False
        with self._store.read() as connection:
            kept = [kept_of(row) for row in connection.execute(queries.kept_segments())]
            now = self._now()
            news = self._news(connection) if kept else self._no_news(connection, now)
        if any(one.state == queries.REMOVED for one in kept):
            take_away(self._store, next(one.id for one in kept if one.state == queries.REMOVED))
            return True
        waiting = [one for one in kept if one.state == "building"]
        if waiting:
            self._build(waiting, kept, now)
            return True
        try:
            self._ready = [one for one in kept if one.state == "ready"]
            return self._keep(self._ready, news, now)
        except _Broken as broken:
            self._fail(broken.segment, broken.reason)
            return True

    def _build(self, waiting: list[Kept], kept: list[Kept], now: int) -> None:
        order = in_order({one.id: one.uses for one in kept})
        first = min(waiting, key=lambda one: order.index(one.id))
        try:
            with _blaming(first):
                build(self._store, first, kept, now)
        except _Broken as broken:
            self._fail(first, broken.reason)

    def _fail(self, one: Kept, error: Exception) -> None:
        reason = (str(error).strip().splitlines() or [type(error).__name__])[0]
        with self._store.write() as connection:
            connection.execute(queries.set_aside(one.id, reason[:500], one.updated_at))

    # ---- looking -------------------------------------------------------------------------------------------------

    def _news(self, connection: Connection) -> News:
        position = cursors.cursor(connection, FOLLOWER)
        if position is None:
            position = connection.execute(queries.last_activity()).scalar() or 0
        touched: dict[tuple[str, str], set[int]] = defaultdict(set)
        rows = connection.execute(queries.activities_after(position, _AT_ONCE)).all()
        for row in rows:
            touched[row.kind, row.name].add(row.contact_id)
        changes = connection.execute(queries.changes(_AT_ONCE)).all()
        return News(
            position=rows[-1].id if rows else position,
            touched=touched,
            changed={row.contact_id for row in changes},
            changes=[row.id for row in changes],
            moved=bool(rows),
        )

    def _no_news(self, connection: Connection, now: int) -> News:
        """Where there is no segment nothing is of interest: a new one is built from all there is."""
        changes = connection.execute(queries.changes(_AT_ONCE)).scalars().all()
        head = connection.execute(queries.last_activity()).scalar() or 0
        is_due = not 0 <= now - self._noted < _CLOCK_MICROS  # others wait for their turn to write
        moved = head != cursors.cursor(connection, FOLLOWER)
        self._waits = moved and not is_due
        return News(head, {}, set(), list(changes), moved=moved and is_due)

    def _keep(self, ready: list[Kept], news: News, now: int) -> bool:
        by_id = {one.id: one for one in ready}
        with self._store.read() as connection:
            concerned = {one.id: self._concerned(connection, one, news, now) for one in ready}
            diffs = {
                one.id: diff_of(connection, one, concerned[one.id], now) for one in ready if not one.uses & by_id.keys()
            }
        order = in_order({one.id: one.uses for one in ready})
        has_news = bool(news.moved or news.changes)
        if has_news or any(concerned.values()) or now - self._noted > _NOTED_MICROS:
            self._write([by_id[one] for one in order], concerned, diffs, news, now)
        self._looked |= {one.id: (one.updated_at, now) for one in ready if self._is_due(one, now)}
        return has_news

    def _concerned(self, connection: Connection, one: Kept, news: News, now: int) -> set[int]:
        """The contacts of whom the segment may have something else to say than before."""
        concerned = news.changed | _interested(interests_of(one.definition), news)
        if self._is_due(one, now) and moves_with_time(one.definition):
            with _blaming(one):
                for found in crossed(one.definition, self._upto(one), now):
                    concerned.update(connection.execute(found).scalars())
        return concerned

    def _is_due(self, one: Kept, now: int) -> bool:
        pause = max(pause_of(one.definition), _CLOCK_MICROS)
        return not 0 <= now - self._upto(one) < pause

    def _upto(self, one: Kept) -> int:
        changed, upto = self._looked.get(one.id, (0, 0))
        return upto if changed == one.updated_at else one.kept_upto

    # ---- writing -------------------------------------------------------------------------------------------------

    def _write(
        self, ordered: list[Kept], concerned: dict[int, set[int]], diffs: dict[int, Diff], news: News, now: int
    ) -> None:
        with self._store.write() as connection:
            unchanged = {row.id: row.updated_at for row in connection.execute(queries.kept_segments())}
            for one in ordered:
                if unchanged.get(one.id) != one.updated_at:
                    continue  # it was changed or removed meanwhile: it is built anew
                if one.id not in diffs:
                    followed = [diffs[used] for used in one.uses if used in diffs]
                    whom = concerned[one.id].union(*(each.entered | each.left for each in followed))
                    diffs[one.id] = diff_of(connection, one, whom, now)
                write_diff(connection, one, diffs[one.id], now)
                if self._is_due(one, now):
                    connection.execute(queries.change_segment(one.id, kept_upto=now))
            if any(one.entered or one.left for one in diffs.values()):
                self._store.announce(connection, queries.TOPIC)
            queries.forget_changes(connection, news.changes)
            if cursors.cursor(connection, FOLLOWER) is None:
                cursors.start_cursor(connection, FOLLOWER, news.position, now)
            cursors.advance(connection, FOLLOWER, news.position, now)
        self._noted = now


def diff_of(connection: Connection, one: Kept, whom: Iterable[int], now: int) -> Diff:
    """Who of `whom` enters or leaves, when the segment is true at `now`."""
    entered: set[int] = set()
    left: set[int] = set()
    for ids in queries.in_parts(sorted(whom)):
        with _blaming(one):
            matching = set(connection.execute(members_among(one.definition, now, ids)).scalars())
            members = set(connection.execute(queries.is_among(one.id, ids)).scalars())
        entered |= matching - members
        left |= members - matching
    return Diff(entered, left)


def write_diff(connection: Connection, one: Kept, diff: Diff, now: int) -> None:
    """Members, the timelines of those who are still there, and the count."""
    if not diff.entered and not diff.left:
        return
    there = queries.existing(connection, diff.entered | diff.left)
    entered = diff.entered & there
    queries.enter(connection, one.id, entered, now)
    queries.leave(connection, one.id, diff.left)
    told = [*_told(one, "Entered Segment", entered, now), *_told(one, "Left Segment", diff.left & there, now)]
    add_activities(connection, told)
    queries.count_members(connection, one.id, entered=len(entered), left=len(diff.left), now=now)


def _told(one: Kept, name: str, contacts: Iterable[int], now: int) -> Sequence[Activity]:
    data = {"segment_id": one.public_id, "segment_name": one.name}
    return [Activity(contact, now, Kind.SEGMENT, name, data) for contact in sorted(contacts)]


def _interested(interests: Interests, news: News) -> set[int]:
    found: set[int] = set()
    for (kind, name), contacts in news.touched.items():
        if interests.has(kind, name):
            found |= contacts
    return found
