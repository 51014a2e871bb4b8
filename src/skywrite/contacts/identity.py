"""Whose call is it? The rules by which ids are put to contacts, united, and kept apart (docs/identity.md). Pure."""

from enum import IntEnum
from typing import Generic, Protocol, TypeVar

from msgspec import Struct


class Kind(IntEnum):
    """What sort of id a contact goes by; the number is the table's."""

    USER = 1
    ANONYMOUS = 2
    EMAIL = 3


Identity = tuple[int, str]  # a kind, and the id; an email is folded


class Named(Struct, frozen=True, gc=False):
    """The ids that a call names, "" for one that it does not. `is_hint`: the email is but a property of a track.

    A property may be anybody's address, a friend's who was invited: it finds a contact, and it is the address of one
    that has none, but it changes no address and unites nobody.
    """

    user_id: str = ""
    email: str = ""
    anonymous_id: str = ""
    is_hint: bool = False


def named_by(user_id: str, email: str, anonymous_id: str, *, is_hint: bool = False) -> Named:
    """The ids that a call gives, the email folded.

    Events of an AutopilotHQ source have the address as their anonymousId where no userId is known: it is no browser.
    """
    return Named(user_id, email, "" if anonymous_id and anonymous_id.lower() == email else anonymous_id, is_hint)


class Known(Protocol):
    """What the rules look at of a contact."""

    @property
    def user_id(self) -> str | None:
        """The userId that was received last, if any was."""

    @property
    def email_key(self) -> str | None:
        """The folded address that mail goes to, if there is one."""


K = TypeVar("K", bound=Known)


class Decision(Struct, Generic[K], frozen=True):
    """What is to be done with a call: whose it is, and what becomes of its ids."""

    contact: K | None  # None: a new one
    united: tuple[K, ...] = ()  # these become part of it
    conflict: K | None = None  # this one keeps the email, though the call puts it to another
    takes_email: bool = False  # the email is the contact's from now on,
    is_address: bool = False  # and mail goes there
    takes_anonymous: bool = False  # the anonymousId is the contact's from now on, whoever had it


def decide(named: Named, user: K | None, email: K | None, anonymous: K | None) -> Decision[K] | None:
    """Whose call it is, given the contacts that its userId, its email and its anonymousId are known of.

    None where nothing it names is known and neither userId nor email is there to make a contact of.
    """
    has_email = bool(named.email)
    if named.is_hint and user is not None and (user.email_key or email not in (None, user)):
        has_email, email = False, None
    contact = user or email
    if contact is None and anonymous is not None and _may_be_of(named, has_email, anonymous):
        contact = anonymous
    if contact is None and not (named.user_id or has_email):
        return None
    united: list[K] = []
    conflict = None
    if email is not None and email is not contact:
        if email.user_id:
            conflict, has_email = email, False
        else:
            united.append(email)
    is_other = bool(named.anonymous_id) and (anonymous is None or anonymous is not contact)
    if is_other and anonymous is not None and anonymous not in united and _is_bare(anonymous):
        united.append(anonymous)
    return Decision(
        contact,
        tuple(united),
        conflict,
        takes_email=has_email,
        is_address=has_email and _is_address(named, contact),
        takes_anonymous=is_other,
    )


def _may_be_of(named: Named, has_email: bool, anonymous: Known) -> bool:
    """Whether a browser's contact may be the call's: it has no other userId and no other address."""
    return not (named.user_id and anonymous.user_id) and not (has_email and anonymous.email_key)


def _is_bare(contact: Known) -> bool:
    """Whether nothing is known of a contact but that a browser was there."""
    return not contact.user_id and not contact.email_key


def _is_address(named: Named, contact: Known | None) -> bool:
    """Whether mail goes to the email from now on: the first one does, later ones where a userId vouches for them.

    An email alone may be an old one of the contact that it finds.
    """
    return contact is None or not contact.email_key or (bool(named.user_id) and not named.is_hint)


def keeps_first(first: Known, second: Known) -> bool | None:
    """Which of two contacts stays when an address is said to be new for the other; None where both must stay.

    The one that has a userId; where neither has, the first.
    """
    if first.user_id and second.user_id:
        return None
    return bool(first.user_id) or not second.user_id
