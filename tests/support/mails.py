"""Templates, people and a renderer for tests about mails."""

import email
import email.policy
from email.message import EmailMessage
from typing import Any

from skywrite.channels.email.templates.compiling import compiled
from skywrite.channels.email.templates.model import MailPlaces, Source, Version
from skywrite.channels.email.templates.rendering import Message, Person, Rendered, Renderer
from skywrite.channels.email.tokens import Tokens

TOKENS = Tokens({1: b"k" * 32})
PLACES = MailPlaces(
    base_url="https://t.example.com",
    from_name="Ann of Quay",
    from_address="ann@quay.example",
    comes_back=("", "@in.quay.example"),
    message_domain="quay.example",
    postal_address="1 Quay Street, Port Ellen",
)
ANNA = Person("anna@example.com", 5, "u-5", {"firstName": "Anna", "plan": "pro"})


def a_version(body: str = "<p>Hello</p>", number: int = 1, **fields: Any) -> Version:
    """A published template."""
    source = Source(**({"name": "Test", "subject": "A subject", "body": body} | fields))
    return Version(template_id=3, number=number, source=source, compiled=compiled(source))


def a_renderer(**places: Any) -> Renderer:
    """A renderer of these places."""
    return Renderer(TOKENS, MailPlaces(**({name: getattr(PLACES, name) for name in PLACES.__struct_fields__} | places)))


def render(version: Version, person: Person = ANNA, **message: Any) -> Rendered:
    """One mail."""
    return a_renderer().render(version, person, Message(**({"id": 77, "campaign_id": "broadcast_1"} | message)))


def read(rendered: Rendered) -> EmailMessage:
    """A mail as the standard library reads it."""
    parsed = email.message_from_bytes(rendered.content, policy=email.policy.default)
    assert isinstance(parsed, EmailMessage)
    return parsed


def part(rendered: Rendered, kind: str = "html") -> str:
    """The decoded text of a mail's part."""
    found = read(rendered).get_body((kind,))
    assert found is not None
    return str(found.get_content())
