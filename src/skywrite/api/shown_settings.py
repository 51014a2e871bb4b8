"""The settings in force as rows for a person; the command line shows the same."""

from typing import Annotated, get_args, get_origin, get_type_hints

import msgspec
from msgspec import Meta
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from skywrite.settings import Settings


def shown_settings(settings: Settings) -> list[tuple[str, str, str]]:
    """Each setting's name, value and description; a password in the database's address is hidden."""
    hints = get_type_hints(Settings, include_extras=True)
    return [
        (f"SKYWRITE_{field.name.upper()}", _shown(field.name, getattr(settings, field.name)), _told(hints[field.name]))
        for field in msgspec.structs.fields(Settings)
    ]


def _shown(name: str, value: object) -> str:
    if name == "database" and value:
        try:
            return make_url(str(value)).render_as_string(hide_password=True)
        except ArgumentError:
            return "(not an SQLAlchemy URL)"
    return str(value).lower() if isinstance(value, bool) else str(value)


def _told(hint: object) -> str:
    if get_origin(hint) is not Annotated:
        return ""
    return next((part.description or "" for part in get_args(hint) if isinstance(part, Meta)), "")
