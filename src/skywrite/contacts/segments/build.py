"""Builds a segment that is new or changed, from all contacts; and takes one away. Both in short transactions.

Nobody "enters" by a build: who was there before is no news, and no journey begins or event is sent because of it.
"""

import contextlib
from collections.abc import Iterator

from sqlalchemy import Connection

from skywrite.contacts.segments import queries
from skywrite.contacts.segments.compile import members
from skywrite.contacts.segments.kept import Kept
from skywrite.contacts.segments.order import users_of
from skywrite.store.engine import Store

_WRITTEN_AT_ONCE = 20_000


def build(store: Store, one: Kept, others: list[Kept], now: int) -> None:
    """Make its members those that meet its definition at `now`; segments that use it are built after it.

    What happens to contacts meanwhile is evaluated by the keeper's next step, whose cursor has not moved.
    """
    with store.read() as connection, _unhurried(connection):
        matching = set(connection.execute(members(one.definition, now)).scalars())
        present = set(connection.execute(queries.members_of(one.id)).scalars())
    for ids in _parts(sorted(present - matching)):
        with store.write() as connection:
            queries.leave(connection, one.id, ids)
    for ids in _parts(sorted(matching - present)):
        with store.write() as connection:
            queries.enter(connection, one.id, queries.existing(connection, ids), now)
    _finish(store, one, others, now)


def take_away(store: Store, segment_id: int) -> None:
    """Forget a removed segment and its members."""
    with store.read() as connection:
        present = sorted(connection.execute(queries.members_of(segment_id)).scalars())
    for ids in _parts(present):
        with store.write() as connection:
            queries.leave(connection, segment_id, ids)
    with store.write() as connection:
        for statement in queries.drop_segment(segment_id):
            connection.execute(statement)


def _finish(store: Store, one: Kept, others: list[Kept], now: int) -> None:
    users = users_of(one.id, {each.id: each.uses for each in others if each.state != queries.REMOVED})
    with store.write() as connection:
        row = connection.execute(queries.segment(one.id)).first()
        if row is None or row.updated_at != one.updated_at:
            return  # it was changed or removed meanwhile: it is built anew
        count = connection.execute(queries.number_of(one.id)).scalar_one()  # some contacts may be gone by now
        connection.execute(queries.change_segment(one.id, state="ready", reason="", members=count, kept_upto=now))
        queries.note_history(connection, one.id, count, 0, 0, now)
        for user in sorted(users):
            connection.execute(queries.change_segment(user, state="building"))
        store.announce(connection, queries.TOPIC)


def _parts(ids: list[int]) -> Iterator[list[int]]:
    for start in range(0, len(ids), _WRITTEN_AT_ONCE):
        yield ids[start : start + _WRITTEN_AT_ONCE]


@contextlib.contextmanager
def _unhurried(connection: Connection) -> Iterator[None]:
    """A million contacts may take PostgreSQL longer than a request may."""
    if connection.dialect.name != "postgresql":
        yield
        return
    from skywrite.store.patience import unhurried  # noqa: PLC0415 - it imports psycopg

    with unhurried(connection):
        yield
