"""What a call says beside who somebody is and what they did: Autopilot's control fields. Pure.

They stand among the traits, or a track's properties, and among the options of `integrations.AutopilotHQ`.
"""

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from skywrite.store.types import key

NAME = "AutopilotHQ"  # in `integrations`, as the catalog has it
LIST, SESSION = "_autopilot_list", "_autopilot_session_id"
_LIST_OPTIONS = (LIST, "listId")  # the latter as other destinations' options call it
_LONGEST = 200


class Controls(Struct, frozen=True):
    """The lists that the contact is put on, each by its id or name, and the browser session that is the contact's."""

    lists: tuple[str, ...] = ()
    session: str = ""


def controls_in(listed: object, session: object, integrations: Mapping[str, Any] | None) -> Controls | None:
    """What a call says in its two control fields and in its options; None where that is nothing."""
    options = integrations.get(NAME) if integrations else None
    if not isinstance(options, dict):
        options = {}
    lists = dict.fromkeys([*_texts(listed), *(text for name in _LIST_OPTIONS for text in _texts(options.get(name)))])
    sessions = [*_texts(options.get(SESSION)), *_texts(session)]
    return Controls(tuple(lists), sessions[0] if sessions else "") if lists or sessions else None


def _texts(value: object) -> list[str]:
    """One id, or each of an array; a number is an id too."""
    values = value if isinstance(value, list) else [value]
    found = [str(one).strip() for one in values if isinstance(one, str | int) and not isinstance(one, bool)]
    return [key(text[:_LONGEST]) for text in found if text]
