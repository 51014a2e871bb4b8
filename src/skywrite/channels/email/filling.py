"""From a claimed message to the mail that goes out: its version, its person, its addresses."""

import secrets
from collections.abc import Mapping
from typing import Any, Protocol

import structlog
from sqlalchemy import Row

from skywrite.channels.email.carrying import Outgoing
from skywrite.channels.email.domains.signing import Signing
from skywrite.channels.email.outbox.asking import Asked, To, ask
from skywrite.channels.email.outbox.model import Claimed, Made, Origin, Rejected, Rendered
from skywrite.channels.email.settings.model import EmailSettings
from skywrite.channels.email.templates.model import MailPlaces, Source, Version
from skywrite.channels.email.templates.rendering import Message, Person, Renderer
from skywrite.channels.email.templates.service import load_version, published
from skywrite.channels.email.tokens import Purpose, Tokens
from skywrite.kit import json
from skywrite.kit.errors import Later, Refused
from skywrite.kit.time import now_micros
from skywrite.store.engine import Store
from skywrite.store.types import storable

log = structlog.get_logger()

_SOURCE_FIELDS = ("subject", "text", "from_name", "from_address", "reply_to", "preheader")


def places_of(own: EmailSettings, base_url: str) -> MailPlaces:
    """Where a mail's addresses lead. `base_url` is this server's, used where no tracking address is set."""
    return MailPlaces(
        base_url=(own.tracking_url or base_url).rstrip("/"),
        from_name=own.from_name,
        from_address=own.from_address,
        comes_back=own.comes_back,
        message_domain=own.from_domain or own.inbound_domain,
        postal_address=own.postal_address,
        utm=own.tags,
    )


class Filling:
    """Makes the mails of claimed messages: renders and signs them."""

    def __init__(self, store: Store, tokens: Tokens, own: EmailSettings, base_url: str, signing: Signing) -> None:
        self._store, self._tokens, self._own, self._signing = store, tokens, own, signing
        self._renderer = Renderer(tokens, places_of(own, base_url))
        self._versions: dict[tuple[int, int], Version] = {}

    def __call__(self, message: Claimed) -> Made:
        """The mail of a message, or why there can be none. Raises Later where the store cannot be reached."""
        try:
            return self._filled(message)
        except Later:
            raise
        except Refused as error:
            return Rejected(storable(str(error)))
        except Exception as error:
            log.exception("a mail could not be made", message=message.id)
            return Rejected(storable(f"It could not be rendered: {type(error).__name__}: {error}"))

    def _filled(self, message: Claimed) -> Rendered:
        body = json.decode(message.body) if message.body else {}
        made = self._renderer.render(
            self._version(message, body),
            Person(message.email, message.contact_id, message.user_id, json.decode(message.traits)),
            message_of(message, body),
        )
        bounce = self._tokens.token(Purpose.BOUNCE, message.id)
        mail = Outgoing(
            id=message.id,
            sender=self._own.return_address(Purpose.BOUNCE.letter, bounce),
            recipient=message.email,
            content=self._signing.signed(made.content, made.sender_domain),
            envelope_id=self._tokens.token(Purpose.MESSAGE, message.id),
        )
        return Rendered(storable(made.subject), mail)

    def _version(self, message: Claimed, body: Mapping[str, Any]) -> Version:
        if message.template_id is None:
            return self._renderer.inline(source_of(body))
        if message.version is None:
            with self._store.read() as connection:
                return published(connection, f"template_{message.template_id}")
        key = (message.template_id, message.version)
        found = self._versions.get(key)
        if found is None:
            with self._store.read() as connection:
                found = self._versions[key] = load_version(connection, *key)
        return found


class HasCampaign(Protocol):
    """A message, claimed or as its row."""

    @property
    def id(self) -> int: ...  # noqa: D102
    @property
    def campaign_id(self) -> str | None: ...  # noqa: D102
    @property
    def campaign_name(self) -> str | None: ...  # noqa: D102


def message_of(message: HasCampaign | Row[Any], body: Mapping[str, Any]) -> Message:
    """A message as rendering takes it, with what it brought along."""
    return Message(
        id=message.id,
        campaign_id=message.campaign_id or "",
        campaign_name=message.campaign_name or "",
        data=body.get("data") or {},
        headers=body.get("headers") or {},
    )


def source_of(body: Mapping[str, Any]) -> Source:
    """A body of the API as a template."""
    fields: dict[str, Any] = {name: str(body[name]) for name in _SOURCE_FIELDS if body.get(name)}
    return Source(
        kind="html",
        body=str(body.get("html") or ""),
        topic_id=body.get("topic_id"),
        is_transactional=body.get("is_transactional", True),
        **fields,
    )


def queue_test(store: Store, source: Source, to: str) -> str:
    """Put a finished body into the outbox as a test to an address; the message's number as text.

    Raises Refused for an address that nobody can have.
    """
    asked = Asked(
        to=To(email=to),
        subject=source.subject,
        html=source.body,
        text=source.text,
        from_name=source.from_name,
        from_address=source.from_address,
        reply_to=source.reply_to,
    )
    return str(ask(store, asked, secrets.token_hex(8), now=now_micros(), origin=Origin.TEST).id)
