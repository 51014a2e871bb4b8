"""`skywrite list ...`: static lists of contacts."""

from typing import TYPE_CHECKING, Any

from cyclopts import App

from skywrite.cli.common import COMMON, Common
from skywrite.contacts.ids import public_list
from skywrite.kit.errors import Refused
from skywrite.kit.time import iso_millis

if TYPE_CHECKING:
    from skywrite.contacts.lists import ContactList
    from skywrite.store.engine import Store

app = App(name="list")


@app.command(name="list")
def list_lists(*, common: Common = COMMON) -> None:
    """Show every list."""
    from skywrite.contacts.lists import Lists  # noqa: PLC0415 - `--help` must not wait for SQLAlchemy

    with common.store() as store:
        found = Lists(store).all()
    rows = [(each.name, each.members, iso_millis(each.created_at), public_list(each.id)) for each in found]
    common.show([_value(each) for each in found], "lists", ("name", "contacts", "made", "id"), rows)


@app.command
def add(name: str, /, *, common: Common = COMMON) -> None:
    """Make a list."""
    from skywrite.contacts.lists import Lists  # noqa: PLC0415

    with common.store() as store:
        made = Lists(store).add(name)
    common.done(_value(made), f"The list {made.name} is made.")


@app.command
def rename(which: str, name: str, /, *, common: Common = COMMON) -> None:
    """Give a list another name."""
    from skywrite.contacts.lists import Lists  # noqa: PLC0415

    with common.store() as store:
        changed = Lists(store).rename(list_named(store, which).id, name)
    common.done(_value(changed), f"It is the list {changed.name} now.")


@app.command
def remove(which: str, /, *, common: Common = COMMON) -> None:
    """Remove a list; its contacts stay."""
    from skywrite.contacts.lists import Lists  # noqa: PLC0415

    with common.store() as store:
        removed = Lists(store).remove(list_named(store, which).id)
    common.done({"removed": public_list(removed.id)}, f"The list {removed.name} is removed; its contacts stay.")


@app.command(name="put-on")
def put_on(which: str, contacts: list[str], /, *, common: Common = COMMON) -> None:
    """Put contacts on a list, by their ids, addresses or userIds."""
    from skywrite.contacts.lists import Lists  # noqa: PLC0415

    with common.store() as store:
        done = Lists(store).put_on(list_named(store, which).id, _numbers(store, contacts))
    common.done({"contacts": done}, f"{done} put on the list.")


@app.command(name="take-off")
def take_off(which: str, contacts: list[str], /, *, common: Common = COMMON) -> None:
    """Take contacts off a list."""
    from skywrite.contacts.lists import Lists  # noqa: PLC0415

    with common.store() as store:
        done = Lists(store).take_off(list_named(store, which).id, _numbers(store, contacts))
    common.done({"contacts": done}, f"{done} taken off the list.")


def list_named(store: "Store", which: str) -> "ContactList":
    """The list of a name or an id. Raises Refused where there is none."""
    from skywrite.contacts.lists import Lists  # noqa: PLC0415

    for each in Lists(store).all():
        if which in (each.name, public_list(each.id)):
            return each
    raise Refused(f"There is no list {which!r}.", where="list")


def _numbers(store: "Store", refs: list[str]) -> list[int]:
    from skywrite.contacts.finding import found  # noqa: PLC0415

    with store.read() as connection:
        return [found(connection, ref) for ref in refs]


def _value(each: "ContactList") -> dict[str, Any]:
    return {
        "id": public_list(each.id),
        "name": each.name,
        "contacts": each.members,
        "created_at": iso_millis(each.created_at),
    }
