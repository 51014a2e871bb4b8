"""`skywrite destination ...`: where events go."""

import asyncio
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Annotated, Any

from cyclopts import App, Parameter

from skywrite.cli.common import COMMON, Common, HowMany, Repeated, pairs, with_times
from skywrite.destinations.service import Destinations, StoredDestination
from skywrite.kit.errors import Later, Refused
from skywrite.kit.time import iso_millis
from skywrite.pipeline import dead_letters
from skywrite.store.engine import Store
from skywrite.wiring import open_log

app = App(name="destination")


@app.command
def add(
    kind: str,
    /,
    *,
    name: str,
    source: Annotated[list[str], Repeated],
    set_: Annotated[list[str] | None, Parameter(name="--set", negative="", consume_multiple=False)] = None,
    disabled: Annotated[bool, Parameter(negative="")] = False,
    common: Common = COMMON,
) -> None:
    """Add a destination; it gets what its sources accept from now on.

    Parameters
    ----------
    kind
        One of the catalog's kinds: see `skywrite catalog destinations`.
    name
        Its name.
    source
        The schema or id of a source that it gets events of; can be given several times.
    set_
        A setting as key=value; can be given several times.
    disabled
        Leave it switched off.

    """
    with _opened(common) as (_, destinations):
        made = destinations.add(kind, name, source, pairs(set_ or (), "set"), enabled=not disabled)
    _show(common, made)


@app.command(name="list")
def list_destinations(*, common: Common = COMMON) -> None:
    """Show every destination."""
    with _opened(common) as (_, destinations):
        found = destinations.all()
    rows = [(one.name, one.kind, one.enabled, len(one.sources), one.id) for one in found]
    common.show([_value(one) for one in found], "destinations", ("name", "kind", "enabled", "sources", "id"), rows)


@app.command
def show(destination: str, /, *, common: Common = COMMON) -> None:
    """Show one destination, by its name or id."""
    with _opened(common) as (_, destinations):
        _show(common, destinations.get(destination))


@app.command
def reveal(destination: str, setting: str = "", /, *, common: Common = COMMON) -> None:
    """Print a secret setting of a destination, such as a webhook's signing secret.

    Parameters
    ----------
    destination
        Its name or id.
    setting
        Which one, as in `skywrite destination show`; can be left out where only one is set.

    """
    with _opened(common) as (_, destinations):
        name = setting or _only_secret(destinations.get(destination))
        value = destinations.reveal(destination, name)
    common.done({"name": name, "value": value}, value)


@app.command
def rename(destination: str, name: str, /, *, common: Common = COMMON) -> None:
    """Give a destination another name."""
    with _opened(common) as (_, destinations):
        _show(common, destinations.change(destination, name=name))


@app.command
def connect(destination: str, source: list[str], /, *, common: Common = COMMON) -> None:
    """Connect a destination to these sources, and no others."""
    with _opened(common) as (_, destinations):
        _show(common, destinations.change(destination, sources=source))


@app.command(name="set")
def change_settings(destination: str, settings: list[str], /, *, common: Common = COMMON) -> None:
    """Change settings given as key=value; an empty value forgets one."""
    given = {key: value or None for key, value in pairs(settings, "set").items()}
    with _opened(common) as (_, destinations):
        _show(common, destinations.change(destination, settings=given))


@app.command
def enable(destination: str, /, *, common: Common = COMMON) -> None:
    """Switch a destination on: it gets what comes from now on."""
    with _opened(common) as (_, destinations):
        _show(common, destinations.enable(destination))


@app.command
def disable(destination: str, /, *, common: Common = COMMON) -> None:
    """Switch a destination off: nothing is sent to it, and nothing queued for it."""
    with _opened(common) as (_, destinations):
        _show(common, destinations.disable(destination))


@app.command
def remove(destination: str, /, *, common: Common = COMMON) -> None:
    """Remove a destination, with what waits for it and its dead letters."""
    with _opened(common) as (_, destinations):
        removed = destinations.remove(destination)
    common.done({"removed": removed.id}, f"{removed.name} is removed.")


@app.command(name="test")
def try_destination(destination: str, /, *, common: Common = COMMON) -> None:
    """Send one sample event, past the pipeline, and show what comes back."""
    from skywrite.api.trying import try_event, try_here  # noqa: PLC0415 - asyncio and the HTTP client

    with _opened(common) as (store, destinations):
        target = destinations.open(destination)
        found = try_here(store, target, None) if target.is_local else None
    if found is not None and found.ok:
        common.done(found, found.response)
        return
    found = found or asyncio.run(try_event(target, None, allow_private=common.settings.private_destinations))
    if common.json or found.ok:
        common.done(found, f"Delivered: it answered {found.status} after {found.millis} ms.")
    if not found.ok:
        raise Later(f"It was not delivered: {found.reason}")


@app.command(name="dead-letters")
def list_dead_letters(destination: str, /, *, count: HowMany = 20, common: Common = COMMON) -> None:
    """Show events that could not be delivered, newest first.

    Parameters
    ----------
    count
        How many.

    """
    if count < 1:
        raise Refused("--count must be at least 1.", where="count")
    with _opened(common) as (store, destinations):
        found = dead_letters.listed(store, destinations.get(destination).id, limit=count)
    rows = [(one.id, iso_millis(one.failed_at), one.message_id, one.status, one.reason) for one in found]
    values = [with_times(one, "failed_at") for one in found]
    common.show(values, "dead letters", ("id", "failed", "message", "status", "reason"), rows)


@app.command(name="send-again")
def send_again(destination: str, ids: list[int] | None = None, /, *, common: Common = COMMON) -> None:
    """Send dead letters again: those of these ids, or all."""
    with _opened(common) as (store, destinations):
        count = dead_letters.send_again(store, destinations.get(destination).id, ids or None)
    common.done({"count": count}, f"{count} dead letters are sent again.")


@app.command
def discard(destination: str, ids: list[int] | None = None, /, *, common: Common = COMMON) -> None:
    """Forget dead letters: those of these ids, or all."""
    with _opened(common) as (store, destinations):
        count = dead_letters.discard(store, destinations.get(destination).id, ids or None)
    common.done({"count": count}, f"{count} dead letters are forgotten.")


@contextmanager
def _opened(common: Common) -> Iterator[tuple[Store, Destinations]]:
    settings = common.settings
    with common.store() as store, closing(open_log(settings)) as log:
        yield store, Destinations(store, log.head, allow_private=settings.private_destinations)


def _only_secret(one: StoredDestination) -> str:
    if len(one.secrets_set) != 1:
        named = ", ".join(one.secrets_set) or "none"
        raise Refused(f"{one.name} has no single secret to show; name one of those that are set: {named}.")
    return one.secrets_set[0]


def _show(common: Common, one: StoredDestination) -> None:
    secrets = [(name, "(set)") for name in one.secrets_set]
    plain = [(name, value) for name, value in one.settings.items() if name not in one.secrets_set]
    common.show_one(
        _value(one),
        [
            ("name", one.name),
            ("kind", one.kind),
            ("id", one.id),
            ("enabled", "yes" if one.enabled else "no"),
            ("sources", " ".join(one.sources) or "-"),
            *plain,
            *secrets,
        ],
    )


def _value(one: StoredDestination) -> dict[str, Any]:
    return {
        "id": one.id,
        "kind": one.kind,
        "name": one.name,
        "enabled": one.enabled,
        "sources": one.sources,
        "settings": one.settings,
        "secrets_set": one.secrets_set,
        "created_at": iso_millis(one.created_at),
    }
