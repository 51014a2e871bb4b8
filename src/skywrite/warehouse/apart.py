"""Records of which the warehouse refuses some events, loaded without those; they are put aside."""

from collections.abc import Callable, Sequence

from msgspec import Raw

from skywrite.kit.errors import Later
from skywrite.kit.time import now_micros
from skywrite.warehouse.blocks import SetAside, split_mended
from skywrite.warehouse.calls import Taken
from skywrite.warehouse.catalog import Catalog
from skywrite.warehouse.chunks import Chunk, Tally, write
from skywrite.warehouse.engines.base import Engine, Session
from skywrite.warehouse.history import Sync

ReadsChunk = Callable[[list[Taken], Catalog, Tally], Chunk]
Place = tuple[int, int]  # an event: the number of its record among those that are taken, and its index there


def load_apart(session: Session, engine: Engine, after: int, taken: Sequence[Taken], chunk_of: ReadsChunk) -> Sync:
    """Load and commit `taken`, which follow position `after`, less the events that the warehouse refuses.

    Which those are is found by trying ever smaller parts, each together with all that was found good before: so rows
    that only clash with one another are found too.
    """
    raws = [_raws(one) for one in taken]
    places = [
        (number, item)
        for number, (_, skip) in enumerate(taken)
        for item in range(len(raws[number]))
        if item not in skip
    ]
    good: set[Place] = set()
    offenders: dict[Place, str] = {}
    parts = [places]
    while parts:
        part = parts.pop()
        reason = _refusal(session, engine, _only(taken, raws, good.union(part)), chunk_of)
        if not reason:
            good.update(part)
        elif len(part) > 1:
            middle = len(part) // 2
            parts += [part[middle:], part[:middle]]
        elif part:
            offenders[part[0]] = reason
    tally = Tally(now_micros(), after)
    session.begin()
    chunk = chunk_of(_only(taken, raws, good), Catalog(session.tables(), engine.limits), tally)
    chunk.aside += [_set_aside(taken[at], item, reason, raws[at]) for (at, item), reason in offenders.items()]
    tally.position, tally.records = taken[-1][0].position, len(taken)
    tally.aside, tally.duplicates = len(chunk.aside), sum(len(skip) for _, skip in taken)
    write(session, chunk)
    return session.commit(tally.sync(now_micros()))


def _set_aside(taken: Taken, item: int, reason: str, raws: Sequence[Raw]) -> SetAside:
    record, _ = taken
    return SetAside(record.position, item, record.source_id, record.received_at, reason, bytes(raws[item]))


def _raws(taken: Taken) -> Sequence[Raw]:
    """The events of a record as they were sent, [] of one that can't be read: its reader puts it aside whole."""
    try:
        return split_mended(taken[0]).events
    except (ValueError, RecursionError):
        return []


def _only(taken: Sequence[Taken], raws: Sequence[Sequence[Raw]], kept: set[Place]) -> list[Taken]:
    """The records with those of their events that are in `kept`; one that has none left is left out."""
    found: list[Taken] = []
    for number, (record, skip) in enumerate(taken):
        items = range(len(raws[number]))
        left = [item for item in items if (number, item) in kept]
        if left or not items:
            found.append((record, frozenset(items).difference(left) if items else skip))
    return found


def _refusal(session: Session, engine: Engine, taken: list[Taken], chunk_of: ReadsChunk) -> str:
    """Why the warehouse refuses these events, "" where it takes them. Nothing is kept."""
    session.begin()
    try:
        catalog = Catalog(session.tables(), engine.limits)
        write(session, chunk_of(taken, catalog, Tally(0, 0)))
        session.settle()
    except Later:
        raise
    except Exception as error:  # whatever it is, it must not stop the loader
        if engine.is_not_now(error):
            raise
        return str(error) or type(error).__name__
    finally:
        session.rollback()
    return ""
