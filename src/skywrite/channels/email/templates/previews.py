"""A template looked at before it is sent: as one of the contacts, and as a test to an address of one's own."""

from collections.abc import Callable
from typing import Any

import msgspec
from msgspec import Struct

from skywrite.channels.email.templates.liquid import TooMuch
from skywrite.channels.email.templates.model import Compiled, MailPlaces, Source, Version
from skywrite.channels.email.templates.rendering import Message, NoMarks, Person, Renderer
from skywrite.channels.email.tokens import Tokens
from skywrite.kit.errors import Refused

# Puts a finished body into the outbox as a transactional message to an address; gives the message's public id.
SendTest = Callable[[Source, str], str]

SAMPLE = Person(email="ada@example.com", id=1, traits={"firstName": "Ada", "lastName": "Lovelace"})
_NOWHERE = Tokens({1: b"preview"})  # no token of a preview leads anywhere
_BRACES = "\x01"


class Preview(Struct, frozen=True):
    """A mail as one person would get it; where it can't be made, `refusal` says why and the parts are empty."""

    subject: str
    html: str
    text: str
    size: int  # bytes of HTML
    refusal: str = ""


class _TestMarks(NoMarks):
    """For a test: the addresses of the real mail are filled in when it is sent."""

    unsubscribe_url = f"{_BRACES}unsubscribe_url{_BRACES}"
    preferences_url = f"{_BRACES}preferences_url{_BRACES}"
    view_url = f"{_BRACES}view_url{_BRACES}"


class _MapMarks(NoMarks):
    """For a map of clicks: each link that is counted leads to its own id."""

    def link(self, link_id: str, target: str) -> str:  # noqa: ARG002
        """Where the map finds it."""
        return f"#{link_id}"


def click_map(version: Version, places: MailPlaces, person: Person, data: dict[str, Any]) -> str:
    """A version's HTML in which each counted link's address is `#` and its id, for figures to be laid over.

    Raises Refused where it can't be rendered for `person`, with the `data` that a message brought along.
    """
    return _renderer(places).words(version, person, Message(id=0, data=data), _MapMarks()).html


def preview(
    source: Source, compiled: Compiled | None, places: MailPlaces, person: Person, data: dict[str, Any]
) -> Preview:
    """What `person` would get. Refusals are told, not raised."""
    if compiled is None:
        return Preview("", "", "", 0, "It has errors.")
    try:
        words = _renderer(places).words(_version(source, compiled), person, Message(id=0, data=data))
    except Refused as error:
        return Preview("", "", "", 0, str(error))
    return Preview(words.subject, words.html, words.text, len(words.html.encode()))


def check_work(source: Source, compiled: Compiled, places: MailPlaces, person: Person) -> None:
    """Try a template once. Raises Refused where that is too much work; what has no value for `person` is no matter."""
    try:
        _renderer(places).words(_version(source, compiled), person, Message(id=0))
    except TooMuch as error:
        raise Refused(str(error), where="body", status=409) from error
    except Refused:
        return


def as_test(source: Source, compiled: Compiled, places: MailPlaces, person: Person, data: dict[str, Any]) -> Source:
    """The mail that `person` would get, as a body that is to be sent to somebody else.

    Raises Refused where it can't be rendered.
    """
    words = _renderer(places).words(_version(source, compiled), person, Message(id=0, data=data), _TestMarks())
    return msgspec.structs.replace(
        source,
        kind="html",
        subject=_literal(words.subject),
        preheader="",
        body=_literal(words.html),
        text=_literal(words.text),
        is_transactional=True,
    )


def _literal(text: str) -> str:
    """Text that Liquid leaves as it is, but for the mail's own addresses."""
    text = text.replace("{{", "{{ '{{' }}").replace("{%", "{{ '{%' }}")
    for name in ("unsubscribe_url", "preferences_url", "view_url"):
        text = text.replace(f"{_BRACES}{name}{_BRACES}", f"{{{{ {name} }}}}")
    return text


def _renderer(places: MailPlaces) -> Renderer:
    if not places.from_address:  # it is not sent: so it may be looked at before the channel is set up
        places = msgspec.structs.replace(
            places, from_name=places.from_name or "Your company", from_address="you@example.com"
        )
    return Renderer(_NOWHERE, places)


def _version(source: Source, compiled: Compiled) -> Version:
    return Version(template_id=0, number=0, source=source, compiled=compiled)
