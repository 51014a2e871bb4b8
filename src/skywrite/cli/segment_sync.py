"""`skywrite segment-sync ...`: the API keys that AutopilotHQ destinations call with."""

from typing import Annotated, Any

from cyclopts import App, Parameter

from skywrite.cli.common import COMMON, Common, with_times
from skywrite.contacts.sync_keys import SyncKey, SyncKeys
from skywrite.kit.time import iso_millis

app = App(name="segment-sync")


@app.command
def show(*, common: Common = COMMON) -> None:
    """Print the present API key; the first one is made when it is asked for."""
    with common.store() as store:
        found = SyncKeys(store).all()
    common.done(_values(found)[0] | {"address": _address(common)}, found[0].key)


@app.command(name="list")
def list_keys(*, common: Common = COMMON) -> None:
    """Show every key that works, newest first."""
    with common.store() as store:
        found = SyncKeys(store).all()
    rows = [(one.key, iso_millis(one.created_at), _time(one.used_at), _time(one.expires_at), one.id) for one in found]
    common.show(_values(found), "keys", ("key", "since", "last used", "works until", "id"), rows)


@app.command
def regenerate(
    *,
    grace: Annotated[float, Parameter(help="For how many hours the old key works on.")] = 24.0,
    common: Common = COMMON,
) -> None:
    """Make a new API key; the old one works on for a while."""
    with common.store() as store:
        found = SyncKeys(store).regenerate(grace)
    common.done(_values(found)[0], found[0].key)


@app.command
def revoke(key_id: str, /, *, common: Common = COMMON) -> None:
    """End a key at once, by its id."""
    with common.store() as store:
        SyncKeys(store).revoke(key_id)
    common.done({"revoked": key_id}, f"The key {key_id} is ended.")


def _address(common: Common) -> str:
    return f"{common.base_url}/autopilothq/segmentio"


def _values(found: list[SyncKey]) -> list[dict[str, Any]]:
    return [with_times(one, "created_at", "used_at", "expires_at") for one in found]


def _time(at: int | None) -> str | None:
    return iso_millis(at) if at else None
