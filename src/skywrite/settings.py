"""Settings of one Skywrite: where its data is, where it listens, what it may use.

Each comes from `SKYWRITE_<NAME>` or a flag of the same name; an unknown `SKYWRITE_` name is an error at start.
"""

import ipaddress
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, get_args, get_origin, get_type_hints

import msgspec
from msgspec import Meta, Struct

from skywrite.kit.errors import Refused

_PREFIX = "SKYWRITE_"
_SCALARS = (str, int, float, Path)
_HIDDEN = "***"
_SECRET_NAME = re.compile(r"(^|_)(password|passphrase|secret|key|token)s?(_|$)")
_PASSWORD_IN_URL = re.compile(r"(://[^:/?#]*):.*@")  # up to the last @: not all that write one escape it
_SECRET_IN_QUERY = re.compile(r"([?&;][^=&;]*(?:password|passphrase|secret|key|token)=)[^&;]*", re.IGNORECASE)
_DATABASE = re.compile(r"(sqlite|postgres|postgresql)(\+\w+)?://")


class Settings(Struct, frozen=True, kw_only=True):
    """What can be set; every default serves one machine."""

    data: Annotated[Path, Meta(description="The folder that holds everything Skywrite keeps.")] = Path("data")
    host: Annotated[str, Meta(description="The address that the web processes listen on.")] = "127.0.0.1"
    port: Annotated[int, Meta(description="The port that the web processes listen on.", ge=0, le=65535)] = 8080
    database: Annotated[
        str, Meta(description="An SQLAlchemy URL of the state store; empty is SQLite in the data folder.")
    ] = ""
    public_url: Annotated[
        str, Meta(description="Where browsers and SDKs reach this server; empty is http://HOST:PORT.")
    ] = ""
    web_processes: Annotated[int, Meta(description="How many web processes `up` starts.", ge=1, le=64)] = 1
    log_max_bytes: Annotated[
        int, Meta(description="The event log's cap in bytes; beyond it new events get a 503.", ge=1 << 20)
    ] = 20 << 30
    log_max_hours: Annotated[
        float, Meta(description="How long read events stay in the log for replay, in hours.", ge=0)
    ] = 168.0
    log_segment_bytes: Annotated[
        int, Meta(description="The size in bytes at which the log begins a new segment file.", ge=1 << 16)
    ] = 256 << 20
    dedupe_hours: Annotated[float, Meta(description="How long a messageId is remembered, in hours.", ge=24)] = 24.0
    private_destinations: Annotated[
        bool, Meta(description="Let destinations reach private, loopback and link-local addresses.")
    ] = False
    trusted_proxies: Annotated[
        str, Meta(description="Addresses of proxies whose X-Forwarded headers are believed, by commas; * is all.")
    ] = ""
    retry_hours: Annotated[float, Meta(description="How long a failing delivery is tried again, in hours.", ge=0)] = 4.0
    warehouse_seconds: Annotated[
        float, Meta(description="The pause between two warehouse loads, in seconds.", ge=0)
    ] = 2.0
    mail_certificate: Annotated[
        str,
        Meta(
            description="A PEM file with the mail server's certificate and its chain; empty is one of its own making."
        ),
    ] = ""
    mail_key: Annotated[
        str, Meta(description="The PEM file of that certificate's key; empty where the same file holds it.")
    ] = ""
    log_format: Annotated[str, Meta(description="console, json, or auto: console on a terminal.")] = "auto"

    @property
    def store_url(self) -> str:
        """The SQLAlchemy URL of the state store."""
        return self.database or f"sqlite:///{self.data.resolve() / 'skywrite.db'}"

    @property
    def run(self) -> Path:
        """The folder of sockets and locks of the running processes."""
        return self.data / "run"

    @property
    def base_url(self) -> str:
        """Where this server is reached, without a slash at the end."""
        return (self.public_url or f"http://{self.host}:{self.port}").rstrip("/")


def load_settings(
    environ: Mapping[str, str] = os.environ, beneath: Mapping[str, Any] | None = None, **flags: Any
) -> Settings:
    """Settings from the environment, with `flags` that are not None on top, and `beneath` in place of the defaults.

    Raises Refused with `where` the name of the setting that is unknown or wrong.
    """
    known = {field.name for field in msgspec.structs.fields(Settings)}
    values = {name: value for name, value in (beneath or {}).items() if name in known}
    for name, value in environ.items():
        if not name.startswith(_PREFIX):
            continue
        field = name.removeprefix(_PREFIX).lower()
        if field not in known:
            raise Refused(f"{name} is not a setting of Skywrite; `skywrite settings` lists them.", where=name)
        values[field] = value
    values |= {name: value for name, value in flags.items() if value is not None}
    try:
        settings = msgspec.convert(values, Settings, strict=False, dec_hook=_decode)
    except msgspec.ValidationError as error:
        raise Refused(f"A setting is wrong: {error}.", where=str(error)) from error
    _check_database(settings.database)
    _check_proxies(settings.trusted_proxies)
    if settings.mail_key and not settings.mail_certificate:
        raise Refused("SKYWRITE_MAIL_KEY goes with SKYWRITE_MAIL_CERTIFICATE.", where="SKYWRITE_MAIL_KEY")
    return settings


# What msgspec cannot tell is told here, at the start of `up`, and not by each of its processes again and again.


def _check_database(url: str) -> None:
    if url and not _DATABASE.match(url):
        raise Refused(
            "SKYWRITE_DATABASE must be an SQLAlchemy URL of PostgreSQL or SQLite, such as "
            "postgresql+psycopg://user:password@host/name.",
            where="SKYWRITE_DATABASE",
        )


def _check_proxies(trusted: str) -> None:
    for word in filter(None, (word.strip() for word in trusted.split(","))):
        try:
            if word != "*":
                ipaddress.ip_network(word, strict=False)
        except ValueError as error:
            raise Refused(
                f"SKYWRITE_TRUSTED_PROXIES must be addresses or networks by commas, or *; {word!r} is neither.",
                where="SKYWRITE_TRUSTED_PROXIES",
            ) from error


def _decode(kind: type, value: Any) -> Any:
    if kind is Path:
        return Path(value)
    raise NotImplementedError(kind)


def as_environment(settings: Settings) -> dict[str, str]:
    """The environment that `load_settings` reads these settings from: what is None is left out, a list is JSON."""
    values = {name: value for name, value in msgspec.structs.asdict(settings).items() if value is not None}
    return {f"SKYWRITE_{name.upper()}": _as_text(value) for name, value in values.items()}


def _as_text(value: object) -> str:
    return str(value) if isinstance(value, _SCALARS) else msgspec.json.encode(value).decode()


def shown_settings(settings: Settings) -> list[tuple[str, str, str]]:
    """Each setting's name, value and description; what is secret by its name, or within an address, is hidden."""
    hints = get_type_hints(type(settings), include_extras=True)
    return [
        (f"SKYWRITE_{field.name.upper()}", _shown(field.name, getattr(settings, field.name)), _told(hints[field.name]))
        for field in msgspec.structs.fields(settings)
    ]


def _shown(name: str, value: object) -> str:
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if _SECRET_NAME.search(name):
        return _HIDDEN
    return _SECRET_IN_QUERY.sub(rf"\1{_HIDDEN}", _PASSWORD_IN_URL.sub(rf"\1:{_HIDDEN}@", str(value)))


def _told(hint: object) -> str:
    if get_origin(hint) is not Annotated:
        return ""
    return next((part.description or "" for part in get_args(hint) if isinstance(part, Meta)), "")
