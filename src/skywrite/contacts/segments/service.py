"""The segments that people made: add, change, duplicate, remove, and what is asked about them while editing."""

import contextlib
import threading
from collections.abc import Callable, Iterator
from typing import Any

import msgspec
from msgspec import Struct
from sqlalchemy import Connection, Row, func, select
from sqlalchemy.exc import IntegrityError

from skywrite.contacts.list_queries import broadcast_to
from skywrite.contacts.lists import new_list
from skywrite.contacts.segments import queries
from skywrite.contacts.segments.check import check, used_segments
from skywrite.contacts.segments.compile import members, of_one
from skywrite.contacts.segments.model import Group, Node
from skywrite.contacts.segments.names import names_in
from skywrite.contacts.segments.order import users_of
from skywrite.contacts.segments.sentences import sentence
from skywrite.kit.errors import Later, Refused
from skywrite.kit.names import LONGEST, clean_name
from skywrite.kit.time import now_micros
from skywrite.store.contact_tables import contacts
from skywrite.store.engine import Store

COUNT_SECONDS = 5.0
_SAMPLE = 5
_HOUR = 3_600_000_000


class Segment(Struct, frozen=True):
    """A segment; times are µs."""

    id: int
    name: str
    definition: Group
    streams: bool
    state: str
    reason: str
    members: int
    sentence: str
    used_by: list[int]
    created_at: int
    updated_at: int


class Member(Struct, frozen=True):
    """A contact in a segment, or one that would be: who it is, and since when it is in."""

    id: int
    email: str | None
    user_id: str | None
    name: str
    since: int | None = None


class Counted(Struct, frozen=True):
    """How many contacts meet a definition, of how many, and some of them."""

    count: int
    of: int
    sample: list[Member]
    sentence: str


class Reason(Struct, frozen=True):
    """One condition or group, in words, and whether the contact meets it; `path` is its place in the definition."""

    path: str
    sentence: str
    holds: bool
    depth: int


class Hour(Struct, frozen=True):
    """An hour in which somebody came or went."""

    at: int
    members: int
    entered: int
    left: int


class Segments:
    """Each change is one transaction, announced to every process. `clock` gives µs."""

    def __init__(self, store: Store, clock: Callable[[], int] = now_micros) -> None:
        self._store = store
        self._now = clock

    def all(self) -> list[Segment]:
        """Every segment, by name."""
        with self._store.read() as connection:
            return self._shown(connection, connection.execute(queries.live_segments()).all())

    def get(self, segment_id: int) -> Segment:
        """One of them. Raises Refused (404) where there is none."""
        with self._store.read() as connection:
            return self._get(connection, segment_id)

    def add(self, name: str, definition: Group, *, streams: bool = False) -> Segment:
        """A new one; its keeper builds it soon. Raises Refused with the path of what is wrong."""
        check(definition)
        now = self._now()
        values = {
            "name": clean_name(name), "definition": msgspec.to_builtins(definition), "streams": streams,
            "state": "building", "reason": "", "members": 0, "kept_upto": now, "created_at": now, "updated_at": now,
        }  # fmt: skip
        with self._store.write() as connection, _unless_taken(name):
            self._store.announce(connection, queries.TOPIC)
            self._check_used(connection, definition, None)
            return self._get(connection, queries.add_segment(connection, **values))

    def duplicate(self, segment_id: int) -> Segment:
        """Another of the same definition, under a name that is free."""
        with self._store.read() as connection:
            found = self._get(connection, segment_id)
            taken = set(connection.execute(queries.names()).scalars())
        copies = (f"{found.name[: LONGEST - 12]} copy{f' {n}' if n > 1 else ''}" for n in range(1, 10_000))
        return self.add(next(name for name in copies if name not in taken), found.definition, streams=found.streams)

    def change(
        self, segment_id: int, *, name: str | None = None, definition: Group | None = None, streams: bool | None = None
    ) -> Segment:
        """Change what is given; another definition is built anew, and nobody enters or leaves by that."""
        values: dict[str, Any] = {}
        with self._store.write() as connection, _unless_taken(name or ""):
            self._store.announce(connection, queries.TOPIC)
            found = self._get(connection, segment_id)
            if name is not None:
                values["name"] = clean_name(name)
            if streams is not None:
                values["streams"] = streams
            if definition is not None and definition != found.definition:
                check(definition)
                self._check_used(connection, definition, segment_id)
                values |= {"definition": msgspec.to_builtins(definition), "state": "building", "reason": ""}
            if values:
                later = max(self._now(), found.updated_at + 1)  # the keeper tells by it that something changed
                connection.execute(queries.change_segment(segment_id, updated_at=later, **values))
            return self._get(connection, segment_id)

    def remove(self, segment_id: int) -> None:
        """Take it away; refused (409) while another segment uses it, or a broadcast that is not over goes to it."""
        with self._store.write() as connection:
            self._store.announce(connection, queries.TOPIC)
            found = self._get(connection, segment_id)
            if found.used_by:
                names = {row.id: row.name for row in connection.execute(queries.live_segments())}
                users = ", ".join(names[one] for one in found.used_by)
                raise Refused(f"{found.name} is used by {users}: change that first.", where="segment", status=409)
            broadcast = broadcast_to(connection, "segment", segment_id)
            if broadcast is not None:
                raise Refused(f"The broadcast {broadcast} goes to {found.name}.", where="segment", status=409)
            gone = {"state": queries.REMOVED, "name": f"{found.name}\u2009removed {segment_id}"}
            connection.execute(queries.change_segment(segment_id, updated_at=self._now(), **gone))

    # ---- asked while editing -------------------------------------------------------------------------------------

    def count(self, definition: Group, seconds: float = COUNT_SECONDS) -> Counted:
        """Who would be in it just now. Raises Later where that takes longer than `seconds`."""
        check(definition)
        found = members(definition, self._now())
        with self._store.read() as connection, _limited(connection, seconds):
            number = connection.execute(select(func.count()).select_from(found.subquery())).scalar_one()
            everybody = connection.execute(select(func.count(contacts.c.id))).scalar_one()
            ids = connection.execute(found.limit(_SAMPLE)).scalars().all() if number else []
            rows = connection.execute(queries.people(ids)).all()
            said = sentence(definition, names_in(connection, definition))
        return Counted(number, everybody, [member(row) for row in rows], said)

    def members(self, segment_id: int, after: int = 0, limit: int = 50) -> list[Member]:
        """A page of its members, in the order of their ids."""
        with self._store.read() as connection:
            self._get(connection, segment_id)
            rows = connection.execute(queries.members_after(segment_id, after, limit)).all()
        return [member(row, row.since) for row in rows]

    def has(self, segment_id: int, contact_id: int) -> bool:
        """Whether a contact is among the members just now."""
        with self._store.read() as connection:
            return connection.execute(queries.is_among(segment_id, [contact_id])).first() is not None

    def to_list(self, segment_id: int, name: str) -> int:
        """A new list of those who are in it now; the list's id."""
        with self._store.read() as connection:
            ids = connection.execute(queries.members_of(self._get(connection, segment_id).id)).scalars().all()
        return new_list(self._store, name, ids, self._now())[0]

    def why(self, segment_id: int, contact_id: int) -> list[Reason]:
        """Whether a contact meets the segment's definition, and each group and condition of it."""
        with self._store.read() as connection:
            definition = self._get(connection, segment_id).definition
            parts = list(_parts(definition))
            named = names_in(connection, definition)
            now = self._now()
            asked = [of_one(node, contacts.c.id, now).label(f"c{n}") for n, (_, node, _) in enumerate(parts)]
            row = connection.execute(select(*asked).where(contacts.c.id == contact_id)).first()
        if row is None:
            raise Refused("There is no such contact.", where="contact", status=404)
        return [
            Reason(path, sentence(node, named), bool(holds), depth)
            for (path, node, depth), holds in zip(parts, row, strict=True)
        ]

    def history(self, segment_id: int, hours: int) -> list[Hour]:
        """How it grew and shrank: each hour of the last so many, the hours without change included."""
        last = self._now() // _HOUR * _HOUR
        first = last - (hours - 1) * _HOUR
        with self._store.read() as connection:
            self._get(connection, segment_id)
            known = {row.at: row for row in connection.execute(queries.history(segment_id, first))}
            members = connection.execute(queries.history_before(segment_id, first)).scalar() or 0
        found = []
        for at in range(first, last + 1, _HOUR):
            row = known.get(at)
            members = row.members if row else members
            found.append(Hour(at, members, row.entered if row else 0, row.left if row else 0))
        return found

    # ---- within a transaction ------------------------------------------------------------------------------------

    def _get(self, connection: Connection, segment_id: int) -> Segment:
        rows = connection.execute(queries.segment(segment_id)).all()
        if not rows:
            raise Refused(f"There is no segment_{segment_id}.", where="segment", status=404)
        return self._shown(connection, rows)[0]

    def _shown(self, connection: Connection, rows: Any) -> list[Segment]:
        uses = _uses(connection)
        found = []
        for row in rows:
            definition = msgspec.convert(row.definition, Group)
            used_by = sorted(one for one, others in uses.items() if row.id in others)
            said = sentence(definition, names_in(connection, definition))
            found.append(
                Segment(
                    row.id, row.name, definition, row.streams, row.state, row.reason, row.members, said, used_by,
                    row.created_at, row.updated_at,
                )
            )  # fmt: skip
        return found

    def _check_used(self, connection: Connection, definition: Group, segment_id: int | None) -> None:
        """The segments that it uses are there, and none of them uses it."""
        uses = _uses(connection)
        for path, node, _ in _parts(definition):
            used = getattr(node, "segment_id", None)
            if used is None:
                continue
            if used not in uses:
                raise Refused(f"There is no segment_{used}.", where=f"{path}.segment_id")
            if segment_id is not None and (used == segment_id or used in users_of(segment_id, uses)):
                raise Refused("A segment can't use itself, nor one that uses it.", where=f"{path}.segment_id")


def member(row: Row[Any], since: int | None = None) -> Member:
    """The member of a row of a contact."""
    return Member(row.id, row.email, row.user_id, _name_in(row.traits), since)


def _name_in(traits: dict[str, Any]) -> str:
    whole = traits.get("name") or " ".join(
        str(traits[key]) for key in ("firstName", "lastName") if isinstance(traits.get(key), str)
    )
    return whole if isinstance(whole, str) else ""


def _uses(connection: Connection) -> dict[int, set[int]]:
    rows = connection.execute(queries.live_segments())
    return {row.id: used_segments(msgspec.convert(row.definition, Group)) for row in rows}


def _parts(group: Group, path: str = "definition", depth: int = 0) -> Iterator[tuple[str, Node, int]]:
    """Each group and condition with its path and depth, the whole first."""
    yield path, group, depth
    for index, node in enumerate(group.of):
        place = f"{path}.of[{index}]"
        if isinstance(node, Group):
            yield from _parts(node, place, depth + 1)
        else:
            yield place, node, depth + 1


@contextlib.contextmanager
def _unless_taken(name: str) -> Iterator[None]:
    try:
        yield
    except IntegrityError as error:
        raise Refused(f"There is a segment named {name.strip()!r} already.", where="name", status=409) from error


@contextlib.contextmanager
def _limited(connection: Connection, seconds: float) -> Iterator[None]:
    """Ends what runs on `connection` after so long. Raises Later then."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"SET LOCAL statement_timeout = {int(seconds * 1000)}")
        yield
        return
    driver = connection.connection.driver_connection
    ended = threading.Event()

    def end() -> None:
        ended.set()
        driver.interrupt()  # type: ignore[union-attr]

    timer = threading.Timer(seconds, end)
    timer.start()
    try:
        yield
    except Exception as error:
        if ended.is_set():
            raise Later(f"Counting takes longer than {seconds:g} s: the segment is built in its own time.") from error
        raise
    finally:
        timer.cancel()
