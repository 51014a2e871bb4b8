"""The settings in force as rows for a person, without their secrets; the command line shows the same."""

import re
from typing import Annotated, get_args, get_origin, get_type_hints

import msgspec
from msgspec import Meta

from skywrite.settings import Settings

_HIDDEN = "***"
_SECRET_NAME = re.compile(r"(^|_)(password|passphrase|secret|key|token)s?(_|$)")
_PASSWORD_IN_URL = re.compile(r"(://[^:/?#]*):.*@")  # up to the last @: not all that write one escape it
_SECRET_IN_QUERY = re.compile(r"([?&;][^=&;]*(?:password|passphrase|secret|key|token)=)[^&;]*", re.IGNORECASE)


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
