"""`skywrite source ...`: what sends events here."""

from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

from cyclopts import App, Parameter

from skywrite.cli.common import COMMON, Common, HowMany, Repeated, RowId, pairs, shortened
from skywrite.kit.errors import Refused
from skywrite.kit.time import iso_millis
from skywrite.sources.service import Sources, StoredSource

app = App(name="source")
_COLUMNS = ("schema", "name", "kind", "enabled", "write key", "labels", "id")


@app.command
def add(
    kind: str,
    /,
    *,
    name: str,
    label: Annotated[list[str] | None, Repeated] = None,
    schema: str = "",
    common: Common = COMMON,
) -> None:
    """Add a source; it takes events at once.

    Parameters
    ----------
    kind
        One of the catalog's kinds: see `skywrite catalog sources`.
    name
        Its name, from which its schema in the warehouse is made.
    label
        A label as key=value; can be given several times.
    schema
        Its schema in the warehouse, where the name should not decide.

    """
    with common.store() as store:
        source = Sources(store).add(kind, name, pairs(label or (), "label"), schema)
    _show(common, source)


@app.command(name="list")
def list_sources(*, common: Common = COMMON) -> None:
    """Show every source."""
    with common.store() as store:
        found = Sources(store).all()
    common.show([_value(source) for source in found], "sources", _COLUMNS, [_row(source) for source in found])


@app.command
def show(source: str, /, *, common: Common = COMMON) -> None:
    """Show one source.

    Parameters
    ----------
    source
        Its schema or its id.

    """
    with common.store() as store:
        _show(common, Sources(store).get(source))


@app.command
def rename(source: str, name: str, /, *, common: Common = COMMON) -> None:
    """Give a source another name; its schema stays."""
    with common.store() as store:
        _show(common, Sources(store).change(source, name=name))


@app.command
def label(
    source: str, /, labels: Annotated[list[str] | None, Parameter(negative="")] = None, *, common: Common = COMMON
) -> None:
    """Replace a source's labels by those given as key=value, or by none."""
    with common.store() as store:
        _show(common, Sources(store).change(source, labels=pairs(labels or (), "labels")))


@app.command
def enable(source: str, /, *, common: Common = COMMON) -> None:
    """Switch a source on."""
    with common.store() as store:
        _show(common, Sources(store).change(source, enabled=True))


@app.command
def disable(source: str, /, *, common: Common = COMMON) -> None:
    """Switch a source off: its events are refused until it is switched on."""
    with common.store() as store:
        _show(common, Sources(store).change(source, enabled=False))


@app.command
def remove(source: str, /, *, common: Common = COMMON) -> None:
    """Remove a source; its events stay where they are."""
    with common.store() as store:
        removed = Sources(store).remove(source)
    common.done({"removed": removed.id}, f"{removed.name} is removed; its schema {removed.schema} keeps its rows.")


@app.command(name="rotate-key")
def rotate_key(source: str, /, *, grace_hours: float = 24.0, common: Common = COMMON) -> None:
    """Make a new write key; the old ones work on for a while.

    Parameters
    ----------
    grace_hours
        How long the old keys still work; 0 ends them at once.

    """
    with common.store() as store:
        _show(common, Sources(store).rotate(source, grace_hours))


@app.command
def snippets(source: str, /, *, common: Common = COMMON) -> None:
    """Show what to paste so that events arrive."""
    from skywrite.sources import catalog  # noqa: PLC0415
    from skywrite.sources.base import Place  # noqa: PLC0415

    with common.store() as store:
        found = Sources(store).get(source)
    place = Place(common.base_url, next(iter(found.write_keys), "WRITE_KEY"))
    made = catalog.source(found.kind).snippets(place)
    common.done(made, "\n".join(f"# {snippet.title}\n\n{snippet.code}" for snippet in made))


@app.command
def rejected(source: str, /, *, count: HowMany = 20, common: Common = COMMON) -> None:
    """Show a source's refused events, newest first: why, and the beginning of what was sent; with --json all of it.

    Parameters
    ----------
    count
        How many.

    """
    from skywrite.pipeline.mending import refused_events  # noqa: PLC0415 - with the tracking API's checks

    if count < 1:
        raise Refused("--count must be at least 1.", where="count")
    with common.store() as store:
        found = refused_events(store, Sources(store).get(source).id, None, count)
    rows = [(one.id, _time(one.received_at), _time(one.resent_at), one.reason, shortened(one.body)) for one in found]
    common.show(found, "refused events", ("id", "received", "sent again", "reason", "body"), rows)


@app.command
def resend(source: str, number: RowId, /, *, body: str, common: Common = COMMON) -> None:
    """Send a refused event again, mended; once.

    Parameters
    ----------
    number
        Its id in `skywrite source rejected`.
    body
        The mended event as JSON, or @FILE that holds it.

    """
    from skywrite.intake.intake import mended_records  # noqa: PLC0415
    from skywrite.pipeline.mending import claim, identified, refused_event, release  # noqa: PLC0415 - as above
    from skywrite.wiring import open_bell, open_log  # noqa: PLC0415

    mended = _given(body)
    with (
        common.store() as store,
        closing(open_log(common.settings)) as log,
        closing(open_bell(common.settings)) as bell,
    ):
        claimed = claim(store, Sources(store).get(source).id, number)
        try:
            log.append(mended_records(claimed.source_id, identified(mended, claimed)))
        except BaseException:
            release(store, claimed)
            raise
        bell.ring()
        sent = refused_event(store, claimed.source_id, number)
    common.done(sent, f"Event {number} was sent again.")


def _given(body: str) -> bytes:
    try:
        return Path(body[1:]).read_bytes() if body.startswith("@") else body.encode()
    except OSError as error:
        raise Refused(f"{body[1:]} can't be read: {error.strerror}.", where="body") from error
    except UnicodeEncodeError as error:
        raise Refused("The event is not UTF-8.", where="body") from error


def _show(common: Common, source: StoredSource) -> None:
    keys = [f"{key.key}  (until {iso_millis(key.expires_at)})" if key.expires_at else key.key for key in source.keys]
    common.show_one(
        _value(source),
        [
            ("name", source.name),
            ("kind", source.kind),
            ("schema", source.schema),
            ("id", source.id),
            ("enabled", "yes" if source.enabled else "no"),
            ("labels", _labels(source) or "-"),
            *(("write key", key) for key in keys),
        ],
    )


def _value(source: StoredSource) -> dict[str, Any]:
    return {
        "id": source.id,
        "kind": source.kind,
        "name": source.name,
        "schema": source.schema,
        "write_keys": source.write_keys,
        "enabled": source.enabled,
        "labels": source.labels,
        "created_at": iso_millis(source.created_at),
    }


def _row(source: StoredSource) -> tuple[object, ...]:
    key = next(iter(source.write_keys), "-")
    return source.schema, source.name, source.kind, source.enabled, key, _labels(source), source.id


def _time(at: datetime | None) -> str:
    return "-" if at is None else at.strftime("%Y-%m-%d %H:%M:%S")


def _labels(source: StoredSource) -> str:
    return " ".join(f"{key}={value}" for key, value in source.labels.items())
