"""What a template is, before and after it is compiled: plain data."""

from msgspec import Struct

from skywrite.channels.email.templates.links import Link
from skywrite.channels.email.utm import Utm


class Source(Struct, frozen=True, kw_only=True):
    """A template as its author writes it; `text` is "" where it is to be made from the HTML."""

    name: str = ""
    kind: str = "html"  # or mjml
    subject: str = ""
    preheader: str = ""
    body: str = ""
    text: str = ""
    from_name: str = ""
    from_address: str = ""  # "" for the channel's
    reply_to: str = ""
    topic_id: int | None = None
    is_transactional: bool = False


class Compiled(Struct, frozen=True, kw_only=True):
    """What rendering needs: Liquid for each part, and the links that are counted."""

    subject: str
    html: str  # "" for a mail of text alone
    text: str
    links: list[Link]


class MailPlaces(Struct, frozen=True, kw_only=True):
    """Where a mail's addresses lead: the channel's settings, as far as they stand in a mail."""

    base_url: str  # of the tracking host, without a slash at its end
    from_name: str = ""
    from_address: str = ""
    comes_back: tuple[str, str] = ("", "")  # before and behind a token in replies and mailed unsubscribes; empty: none
    message_domain: str = ""  # of Message-IDs, and of DKIM
    postal_address: str = ""
    utm: Utm | None = None  # None where links get no UTM parameters


class Version(Struct, frozen=True, kw_only=True):
    """A published template, which never changes; `number` 0 for one that is not published."""

    template_id: int
    number: int
    source: Source
    compiled: Compiled
