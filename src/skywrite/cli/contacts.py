"""`skywrite contact ...`: found, shown, made, changed, imported, exported."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import App, Parameter

from skywrite.cli.common import BY, COMMON, Common, HowMany, Repeated, pairs, say, shortened
from skywrite.cli.contact_changes import erase, merge
from skywrite.cli.contact_imports import import_contacts
from skywrite.contacts import ids
from skywrite.kit.errors import Refused, SkywriteError
from skywrite.kit.ids import number_of
from skywrite.kit.json import decode, encode
from skywrite.kit.time import iso_millis

if TYPE_CHECKING:
    from skywrite.contacts.search import Search
    from skywrite.contacts.service import Person

app = App(name="contact")
app.command(import_contacts, name="import")
app.command(merge)
app.command(erase)
_SIGNS = ("=", "^", ">", "<", "?")
_OPS = {"=": "is", "^": "begins", ">": "greater", "<": "less", "?": "exists"}

Trait = Annotated[
    list[str] | None,
    Parameter(
        name="--trait",
        negative="",
        consume_multiple=False,
        help="name=value; name^begins; name>number; name<number; name? for whoever has it. Several times.",
    ),
]
ListName = Annotated[str, Parameter(name="--list", help="Only who is on this list, by its name or id.")]


@app.command(name="list")
def list_contacts(
    text: str = "",
    /,
    *,
    trait: Trait = None,
    on: ListName = "",
    segment: str = "",
    subscription: str = "",
    sort: str = "newest",
    count: HowMany = 20,
    common: Common = COMMON,
) -> None:
    """Show contacts, newest first.

    Parameters
    ----------
    text
        What their address, userId or name begins with.
    segment
        Only who is in this segment: segment_3.
    subscription
        subscribed, unsubscribed, bounced, complained, or none.
    sort
        newest, or seen: who was seen last first.
    count
        How many.

    """
    from skywrite.contacts.search import every  # noqa: PLC0415 - `--help` must not wait for SQLAlchemy

    with common.store() as store:
        search = _search(store, text, trait, on, segment, subscription, sort)
        found: list[Any] = []
        for rows in every(store, search, min(max(count, 1), 5_000)):
            found += rows
            if len(found) >= count:
                break
    shown = [
        {
            "id": ids.public(row.id),
            "email": row.email,
            "user_id": row.user_id,
            "traits": row.traits,
            "created_at": iso_millis(row.created_at),
            "seen_at": iso_millis(row.seen_at),
        }
        for row in found[:count]
    ]
    lines = [
        (one["id"], one["email"], one["user_id"], one["seen_at"], shortened(encode(one["traits"]).decode()))
        for one in shown
    ]
    common.show(shown, "contacts", ("id", "email", "userId", "seen", "traits"), lines)


@app.command
def show(contact: str, /, *, common: Common = COMMON) -> None:
    """Show one contact, and what happened to them last.

    Parameters
    ----------
    contact
        Their id, address, userId or anonymousId.

    """
    from skywrite.contacts.notes import note_of  # noqa: PLC0415
    from skywrite.contacts.service import People  # noqa: PLC0415

    with common.store() as store:
        people = People(store)
        person = people.get(contact)
        happened = people.timeline(contact, limit=20)
    _show(common, person)
    if not common.json and happened:
        say("")
        for each in happened:
            note = note_of(each.kind, each.name, each.data)
            say(f"{iso_millis(each.at)}  {each.name}{': ' if note else ''}{shortened(note)}")


@app.command
def add(
    *,
    email: str = "",
    user_id: str = "",
    trait: Annotated[list[str] | None, Repeated] = None,
    common: Common = COMMON,
) -> None:
    """Add a contact.

    Parameters
    ----------
    email
        Their address.
    user_id
        Their userId, in place of an address or beside it.
    trait
        A trait as key=value, its value JSON where it is that, else text; can be given several times.

    """
    from skywrite.contacts.service import People  # noqa: PLC0415

    with common.store() as store:
        _show(common, People(store).add(email, user_id, _traits(trait), BY))


@app.command
def change(contact: str, traits: list[str], /, *, common: Common = COMMON) -> None:
    """Set traits given as key=value; null takes one away."""
    from skywrite.contacts.service import People  # noqa: PLC0415

    with common.store() as store:
        _show(common, People(store).change_traits(contact, _traits(traits), BY))


@app.command
def unsubscribe(contact: str, /, *, common: Common = COMMON) -> None:
    """Send no marketing mail to a contact any more."""
    from skywrite.contacts.service import People  # noqa: PLC0415

    with common.store() as store:
        People(store).unsubscribe([contact], BY)
        _show(common, People(store).get(contact))


@app.command
def resubscribe(contact: str, /, *, consent: str, common: Common = COMMON) -> None:
    """Send marketing mail again to who asked for it.

    Parameters
    ----------
    consent
        How they agreed; it stays on their timeline.

    """
    from skywrite.contacts.service import People  # noqa: PLC0415

    with common.store() as store:
        _show(common, People(store).resubscribe(contact, BY, consent))


@app.command
def export(
    file: Path | None = None,
    /,
    *,
    text: str = "",
    trait: Trait = None,
    on: ListName = "",
    segment: str = "",
    subscription: str = "",
    exact: Annotated[bool, Parameter(negative="")] = False,
    safe: bool = False,
    common: Common = COMMON,
) -> None:
    """Export contacts as CSV, to a file or to stdout.

    Parameters
    ----------
    text
        Only whose address, userId or name begins so.
    segment
        Only who is in this segment: segment_3.
    subscription
        subscribed, unsubscribed, bounced, complained, or none.
    exact
        So that an import gives the same contacts again.
    safe
        Write no cell that a spreadsheet takes for a formula.

    """
    from skywrite.contacts.exporting import Style  # noqa: PLC0415
    from skywrite.contacts.exporting import export as exported  # noqa: PLC0415

    with common.store() as store:
        pieces = exported(store, _search(store, text, trait, on, segment, subscription, "newest"), Style(exact, safe))
        try:
            with file.open("wb") if file else open(sys.stdout.fileno(), "wb", closefd=False) as out:
                for piece in pieces:
                    out.write(piece)
        except OSError as error:
            if isinstance(error, BrokenPipeError):
                raise
            raise SkywriteError(f"The export can't be written: {error.strerror}.") from error


# ---- what is given -----------------------------------------------------------------------------------------------


def _search(
    store: Any, text: str, traits: list[str] | None, on: str, segment: str, subscription: str, sort: str
) -> "Search":
    from skywrite.cli.lists import list_named  # noqa: PLC0415
    from skywrite.contacts.search import Search  # noqa: PLC0415

    if sort not in ("newest", "seen"):
        raise Refused("--sort is newest or seen.", where="sort")
    return Search(
        text=text,
        traits=tuple(_rule(word) for word in traits or ()),
        list_id=list_named(store, on).id if on else None,
        segment_id=number_of("segment", segment) if segment else None,
        subscription=subscription,
        sort="seen" if sort == "seen" else "newest",
    )


def _rule(word: str) -> Any:
    from skywrite.contacts.search import TraitRule  # noqa: PLC0415

    place = min((word.find(sign) for sign in _SIGNS if sign in word[1:]), default=-1)
    if place < 1:
        raise Refused(f"{word!r} must have the form name=value.", where="trait")
    op: Any = _OPS[word[place]]
    return TraitRule(word[:place], op, word[place + 1 :])


def _traits(words: list[str] | None) -> dict[str, Any]:
    return {name: _value(text) for name, text in pairs(words or (), "trait").items()}


def _value(text: str) -> Any:
    try:
        return decode(text)
    except (ValueError, RecursionError):
        return text


# ---- what is shown -----------------------------------------------------------------------------------------------


def _show(common: Common, person: "Person") -> None:
    value = {
        "id": ids.public(person.id),
        "email": person.email,
        "user_id": person.user_id,
        "subscription": person.subscription,
        "traits": person.traits,
        "identities": person.identities,
        "lists": [each.name for each in person.lists],
        "segments": [each.name for each in person.segments],
        "mail": person.mail,
        "created_at": iso_millis(person.created_at),
        "seen_at": iso_millis(person.seen_at),
    }
    common.show_one(
        value,
        [
            ("id", value["id"]),
            ("email", person.email or "-"),
            ("userId", person.user_id or "-"),
            ("subscription", person.subscription),
            *((f"trait {name}", shortened(str(held))) for name, held in sorted(person.traits.items())),
            *((each.kind, each.value) for each in person.identities),
            ("lists", ", ".join(each.name for each in person.lists) or "-"),
            ("segments", ", ".join(each.name for each in person.segments) or "-"),
            ("seen", value["seen_at"]),
        ],
    )
