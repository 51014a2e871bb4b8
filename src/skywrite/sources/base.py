"""What a kind of source is: how the catalog shows it, and what to paste so that it sends events here."""

from collections.abc import Sequence
from typing import ClassVar
from urllib.parse import urlsplit

from msgspec import Struct

from skywrite.kit.catalog import Entry


class Snippet(Struct, frozen=True):
    """A piece of set-up, ready to paste."""

    title: str
    language: str  # shell, python, javascript, go, java, ruby, php, rust, html, text
    code: str


class Place(Struct, frozen=True):
    """Where a snippet sends events: this server, and a source's write key."""

    base_url: str  # without a slash at the end
    write_key: str

    @property
    def scheme(self) -> str:
        """What stands before `://`: http or https."""
        return urlsplit(self.base_url).scheme

    @property
    def host(self) -> str:
        """The host's name alone."""
        return urlsplit(self.base_url).hostname or ""

    @property
    def port(self) -> int:
        """The port, said or not."""
        return urlsplit(self.base_url).port or (443 if self.is_secure else 80)

    @property
    def authority(self) -> str:
        """Host, port where it is said, and the path that leads to Skywrite: all but the scheme."""
        return self.base_url.partition("://")[2]

    @property
    def path(self) -> str:
        """The path under which a proxy serves Skywrite, "" for most."""
        return urlsplit(self.base_url).path

    @property
    def is_secure(self) -> bool:
        """Whether it is reached by https."""
        return self.scheme == "https"


class SourceKind(Entry):
    """A kind of source.

    `events` are the track events that a cloud source sends; empty where the user's own code decides. `is_public` says
    that its write key stands where anybody can read it.
    """

    categories: ClassVar[Sequence[str]]
    events: ClassVar[Sequence[str]] = ()
    is_public: ClassVar[bool] = False

    def __init_subclass__(cls, *, slug: str, name: str, categories: Sequence[str], events: Sequence[str] = ()) -> None:
        cls.slug, cls.name, cls.categories, cls.events = slug, name, categories, events

    @classmethod
    def snippets(cls, place: Place) -> list[Snippet]:
        """Set-up that works as pasted."""
        raise NotImplementedError


def filled(template: str, place: Place) -> str:
    """A snippet's code: `BASE`, `AUTHORITY`, `SCHEME`, `HOST`, `PORT` and `WRITE_KEY` in double angle brackets."""
    values = {
        "BASE": place.base_url,
        "AUTHORITY": place.authority,
        "SCHEME": place.scheme,
        "HOST": place.host,
        "PORT": str(place.port),
        "SSL": "true" if place.is_secure else "false",
        "WRITE_KEY": place.write_key,
    }
    for name, value in values.items():
        template = template.replace(f"<<{name}>>", value)
    return template.strip("\n") + "\n"
