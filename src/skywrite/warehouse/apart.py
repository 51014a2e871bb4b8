"""A record that the warehouse refuses, loaded without those of its events that it refuses; they are put aside."""

from collections.abc import Callable

from skywrite.kit.errors import Later
from skywrite.kit.time import now_micros
from skywrite.warehouse.blocks import SetAside, split_mended
from skywrite.warehouse.calls import Taken
from skywrite.warehouse.catalog import Catalog
from skywrite.warehouse.chunks import Chunk, Tally, write
from skywrite.warehouse.engines.base import Engine, Session
from skywrite.warehouse.history import Sync

ReadsChunk = Callable[[list[Taken], Catalog, Tally], Chunk]


def load_apart(session: Session, engine: Engine, after: int, taken: Taken, chunk_of: ReadsChunk) -> Sync:
    """Load and commit the record of `taken`, which follows position `after`; each event is tried alone first."""
    record, skip = taken
    raws = split_mended(record).events
    offenders: dict[int, str] = {}
    for item in range(len(raws)):
        if item not in skip:
            alone = (record, tuple(other for other in range(len(raws)) if other != item))
            reason = _refusal(session, engine, alone, chunk_of)
            if reason:
                offenders[item] = reason
    tally = Tally(now_micros(), after)
    session.begin()
    catalog = Catalog(session.tables(), engine.limits)
    if len({*skip, *offenders}) < len(raws):
        chunk = chunk_of([(record, (*skip, *offenders))], catalog, tally)
    else:  # nothing of it is left, and reading it may be what fails
        chunk = Chunk([], {}, [])
        tally.position = record.position
        tally.records = 1
    chunk.aside += [
        SetAside(record.position, item, record.source_id, record.received_at, reason, bytes(raws[item]))
        for item, reason in offenders.items()
    ]
    tally.aside = len(chunk.aside)
    tally.duplicates = len(skip)
    write(session, chunk)
    return session.commit(tally.sync(now_micros()))


def _refusal(session: Session, engine: Engine, alone: Taken, chunk_of: ReadsChunk) -> str:
    """Why the warehouse refuses these events, "" where it takes them. Nothing is kept."""
    session.begin()
    try:
        catalog = Catalog(session.tables(), engine.limits)
        write(session, chunk_of([alone], catalog, Tally(0, 0)))
        session.settle()
    except Later:
        raise
    except Exception as error:  # whatever it is, it must not stop the loader
        if engine.is_not_now(error):
            raise
        return str(error)
    finally:
        session.rollback()
    return ""
