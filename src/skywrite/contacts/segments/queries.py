"""The SQL of segments, their members and what their keeper follows; a definition's own is made by `compile`."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, Delete, Select, Update, delete, func, insert, select, update

from skywrite.store.contact_tables import (
    activities,
    contact_changes,
    contacts,
    segment_history,
    segment_members,
    segments,
)
from skywrite.store.engine import insert as upsert

TOPIC = "segments"  # what is announced when a segment or its members change
REMOVED = "removed"  # the state of one whose rows the keeper still takes away
AT_ONCE = 2000  # ids in one statement: every engine takes so many parameters
_HOUR = 3_600_000_000


def live_segments() -> Select[Any]:
    """Every segment that was not removed, by name."""
    return select(segments).where(segments.c.state != REMOVED).order_by(func.lower(segments.c.name), segments.c.id)


def segment(segment_id: int) -> Select[Any]:
    """One of them."""
    return select(segments).where(segments.c.id == segment_id, segments.c.state != REMOVED)


def kept_segments() -> Select[Any]:
    """All of them, those that are to be taken away included, oldest first."""
    return select(segments).order_by(segments.c.id)


def names() -> Select[Any]:
    """What segments are called, also those that are being removed: a name is never two's."""
    return select(segments.c.name)


def add_segment(connection: Connection, **values: Any) -> int:
    """A new segment; its id."""
    return int(connection.execute(insert(segments).values(**values).returning(segments.c.id)).scalar_one())


def change_segment(segment_id: int, **values: Any) -> Update:
    """New values for a segment."""
    return update(segments).where(segments.c.id == segment_id).values(**values)


def set_aside(segment_id: int, reason: str, updated_at: int) -> Update:
    """Let a segment be failing, unless it was changed or removed since `updated_at`."""
    unchanged = segments.c.updated_at == updated_at
    return change_segment(segment_id, state="failing", reason=reason).where(unchanged)


def drop_segment(segment_id: int) -> list[Delete]:
    """Forget a segment whose members are gone."""
    return [
        delete(segment_history).where(segment_history.c.segment_id == segment_id),
        delete(segments).where(segments.c.id == segment_id),
    ]


# ---- news ----------------------------------------------------------------------------------------------------


def activities_after(position: int, limit: int) -> Select[Any]:
    """What happened since, in the order in which it was written."""
    a = activities.c
    return select(a.id, a.contact_id, a.kind, a.name).where(a.id > position).order_by(a.id).limit(limit)


def last_activity() -> Select[Any]:
    """The newest activity's id; None without any."""
    return select(func.max(activities.c.id))


def changes(limit: int) -> Select[Any]:
    """The contacts of whom something changed that is no activity."""
    return select(contact_changes).order_by(contact_changes.c.id).limit(limit)


def forget_changes(connection: Connection, ids: Sequence[int]) -> None:
    """Drop changes that were dealt with: those alone, since one with a lower id may be committed later."""
    for some in in_parts(ids):
        connection.execute(delete(contact_changes).where(contact_changes.c.id.in_(some)))


# ---- members -------------------------------------------------------------------------------------------------


def members_of(segment_id: int) -> Select[Any]:
    """The ids of all members."""
    return select(segment_members.c.contact_id).where(segment_members.c.segment_id == segment_id)


def number_of(segment_id: int) -> Select[Any]:
    """How many members there are, counted."""
    return select(func.count()).select_from(segment_members).where(segment_members.c.segment_id == segment_id)


def members_after(segment_id: int, after: int, limit: int) -> Select[Any]:
    """A page of members with who they are, in the order of their ids."""
    return (
        select(contacts.c.id, contacts.c.email, contacts.c.user_id, contacts.c.traits, segment_members.c.since)
        .join_from(segment_members, contacts, contacts.c.id == segment_members.c.contact_id)
        .where(segment_members.c.segment_id == segment_id, segment_members.c.contact_id > after)
        .order_by(segment_members.c.contact_id)
        .limit(limit)
    )


def is_among(segment_id: int, ids: Sequence[int]) -> Select[Any]:
    """Which of `ids` are members."""
    return members_of(segment_id).where(segment_members.c.contact_id.in_(ids))


def existing(connection: Connection, ids: Iterable[int]) -> set[int]:
    """Which of `ids` are contacts."""
    found: set[int] = set()
    for some in in_parts(sorted(ids)):
        found.update(connection.execute(select(contacts.c.id).where(contacts.c.id.in_(some))).scalars())
    return found


def enter(connection: Connection, segment_id: int, ids: Iterable[int], now: int) -> None:
    """Make them members."""
    rows = [{"segment_id": segment_id, "contact_id": contact, "since": now} for contact in sorted(ids)]
    if rows:
        connection.execute(upsert(connection, segment_members).on_conflict_do_nothing(), rows)


def leave(connection: Connection, segment_id: int, ids: Iterable[int]) -> None:
    """Let them be members no longer."""
    for some in in_parts(sorted(ids)):
        connection.execute(
            delete(segment_members).where(
                segment_members.c.segment_id == segment_id, segment_members.c.contact_id.in_(some)
            )
        )


def count_members(connection: Connection, segment_id: int, *, entered: int, left: int, now: int) -> None:
    """Count who came and went in the segment's row and in its history."""
    total = segments.c.members + entered - left
    changed = update(segments).where(segments.c.id == segment_id).values(members=total).returning(segments.c.members)
    note_history(connection, segment_id, int(connection.execute(changed).scalar_one()), entered, left, now)


def note_history(connection: Connection, segment_id: int, members: int, entered: int, left: int, now: int) -> None:
    """Write down how many there are, within the hour of `now`."""
    row = upsert(connection, segment_history).values(
        segment_id=segment_id, at=now // _HOUR * _HOUR, members=members, entered=entered, left=left
    )
    kept = segment_history.c
    sums = {"members": members, "entered": kept.entered + entered, "left": kept.left + left}
    connection.execute(row.on_conflict_do_update(index_elements=["segment_id", "at"], set_=sums))


def history(segment_id: int, since: int) -> Select[Any]:
    """Its hours since then, oldest first."""
    kept = segment_history
    return select(kept).where(kept.c.segment_id == segment_id, kept.c.at >= since).order_by(kept.c.at)


def history_before(segment_id: int, since: int) -> Select[Any]:
    """How many members it had before then."""
    kept = segment_history
    of = (kept.c.segment_id == segment_id, kept.c.at < since)
    return select(kept.c.members).where(*of).order_by(kept.c.at.desc()).limit(1)


def in_parts(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    """`ids` in parts that one statement takes."""
    for start in range(0, len(ids), AT_ONCE):
        yield ids[start : start + AT_ONCE]


def people(ids: Sequence[int]) -> Select[Any]:
    """Who some contacts are."""
    who = contacts.c
    return select(who.id, who.email, who.user_id, who.traits).where(who.id.in_(ids)).order_by(who.id)
