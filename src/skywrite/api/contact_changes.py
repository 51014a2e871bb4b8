"""Contacts that become one, and contacts that are forgotten."""

from litestar.params import FromPath, JSONBody
from msgspec import Struct

from skywrite.api.routes import Given, act, remove
from skywrite.api.schemas import RequestBody
from skywrite.contacts import erasing
from skywrite.contacts.ids import public
from skywrite.contacts.merging import merge


class Merge(RequestBody):
    """Which contact becomes part of the one of the path: its id, an email or a userId."""

    other: str


class Merged(Struct):
    """The contact that stays."""

    id: str


class Erasure(Struct):
    """Whom was forgotten."""

    id: str
    addresses: int  # how many addresses are not written to any more


@act("/contacts/{contact:str}/merge", summary="Make another contact part of this one")
def merge_contacts(parts: Given, contact: FromPath[str], data: JSONBody[Merge]) -> Merged:
    """Traits of this one win; timeline, lists, segments and messages unite; the other's id finds this one."""
    return Merged(public(merge(parts.store, contact, data.other)))


@remove("/contacts/{contact:str}", summary="Forget a contact", status_code=200)
def erase_contact(parts: Given, contact: FromPath[str]) -> Erasure:
    """Everything that says who it was goes at once; its addresses are kept as hashes, so that nobody mails them."""
    erased = erasing.erase(parts.store, contact)
    return Erasure(erased.contact_id, len(erased.hashes))
