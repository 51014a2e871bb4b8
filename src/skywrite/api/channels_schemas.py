"""What the API takes and gives of channels. Times are ISO 8601 UTC strings."""

from datetime import datetime
from typing import Annotated, Any, Literal

from msgspec import Meta, Struct

from skywrite.api.schemas import FormField, RequestBody


class ChannelProvider(Struct):
    """A way to send mail, with the fields of its form."""

    slug: str
    name: str
    summary: str
    fields: list[FormField]


class EmailChannel(Struct):
    """The email channel as it is set up, without secrets."""

    is_set_up: bool  # there is enough to send by
    settings: dict[str, Any]
    fields: list[FormField]  # of `settings`
    provider: str
    provider_settings: dict[str, Any]  # a secret is there as null
    secrets_set: list[str]
    providers: list[ChannelProvider]
    helo: str  # the name by which this server greets others
    tracking_url: str  # where links and pixels lead


class EmailChannelChange(RequestBody, omit_defaults=True):
    """Of either settings only the named ones change, and null puts one back to its default."""

    settings: dict[str, Any] | None = None
    provider: str | None = None
    provider_settings: dict[str, Any] | None = None


class TestMail(RequestBody):
    """Whom a test mail goes to."""

    to: Annotated[str, Meta(min_length=3, max_length=320)]


class TestMailResult(Struct):
    """What became of a test mail."""

    result: Literal["taken", "refused", "later", "lost"]
    stage: str  # how far the talk had come: lookup, connect, helo, tls, auth, mail, rcpt, data, dot
    reason: str
    code: int
    enhanced: str
    host: str
    signed: bool
    millis: int
    transcript: list[str]  # "C: ..." what Skywrite said, "S: ..." what the server did


class DomainCheck(Struct):
    """One DNS record: how it is, what was found, and what should stand there."""

    slug: str
    title: str
    state: Literal["ok", "warn", "missing", "unknown"]
    says: str
    kind: str
    name: str
    wanted: str
    found: list[str]


class SendingDomain(Struct):
    """A domain that mail is sent from. `next_selector` is of a rotated key that waits for its record."""

    domain: str
    selector: str
    record_name: str
    record: str
    next_selector: str
    next_record_name: str
    next_record: str
    checks: list[DomainCheck]
    checked_at: datetime | None
    created_at: datetime


class NewSendingDomain(RequestBody):
    """A domain to send from."""

    domain: Annotated[str, Meta(min_length=1, max_length=253)]
