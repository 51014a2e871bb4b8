"""What is posted to an unsubscribe link: read, understood, and told back. Pure."""

import email.message
import email.parser
import urllib.parse

import msgspec

from skywrite.channels.email.observing.hits import Choice
from skywrite.channels.email.observing.pages import ASK_THE_SENDER, HONEYPOT, Preferences

_DWELL_MILLIS = 400  # nobody reads a page and presses a button in less


def chosen_on_page(message_id: int, fields: list[tuple[str, str]]) -> Choice | None:
    """What the page's form says, None where no button of it was pressed."""
    pressed = dict(fields).get("do", "")
    if pressed == "all":
        return Choice(message_id, "page", everything=True)
    shown, wanted = _numbers(fields, "shown"), _numbers(fields, "topic")
    if pressed == "resubscribe":
        return Choice(message_id, "page", everything=False, on=shown)
    if pressed == "save":
        on, off = tuple(n for n in shown if n in wanted), tuple(n for n in shown if n not in wanted)
        return Choice(message_id, "page", everything=False if on else None, off=off, on=on)
    return None


def applied(choice: Choice, found: Preferences) -> Preferences:
    """The preferences as they are once the choice has its effect, which it has a moment later."""
    is_off = found.is_off if choice.everything is None else choice.everything
    topics = [
        msgspec.structs.replace(
            topic, is_wanted=topic.id in choice.on or (topic.is_wanted and topic.id not in choice.off)
        )
        for topic in found.topics
    ]
    if choice.everything:
        topics = [msgspec.structs.replace(topic, is_wanted=False) for topic in topics]
    return msgspec.structs.replace(found, is_off=is_off, topics=topics)


def form_fields(content_type: bytes, body: bytes) -> list[tuple[str, str]]:
    """The fields of a posted form of either kind (RFC 8058 section 3.1); [] where it is none."""
    kind = content_type.decode("latin-1")
    if kind.lower().startswith("multipart/form-data"):
        return _multipart_fields(kind, body)
    try:
        return urllib.parse.parse_qsl(
            body.decode("utf-8", "replace").strip(), keep_blank_values=True, max_num_fields=500
        )
    except ValueError:
        return []


def _multipart_fields(kind: str, body: bytes) -> list[tuple[str, str]]:
    head = f"Content-Type: {kind}\r\n\r\n".encode("latin-1", "replace")
    try:
        whole = email.parser.BytesParser().parsebytes(head + body)
    except Exception:  # noqa: BLE001 - whatever a stranger sends is at most no form
        return []
    parts = whole.get_payload()
    if not isinstance(parts, list):
        return []
    fields = []
    for part in parts:
        if isinstance(part, email.message.Message):
            name, value = part.get_param("name", header="content-disposition"), part.get_payload(decode=True)
            if name and isinstance(value, bytes):
                fields.append((str(name), value.decode("utf-8", "replace").strip()))
    return fields


def looks_like_a_person(fields: list[tuple[str, str]], now: int) -> bool:
    """Whether the field that nobody sees is empty, and somebody took the time to read; `now` in ms."""
    values = dict(fields)
    at = values.get("at", "")
    return not values.get(HONEYPOT) and at.isdecimal() and len(at) < 16 and now - int(at) >= _DWELL_MILLIS


def told(choice: Choice, found: Preferences) -> tuple[str, str]:
    """A title and a sentence that say what was done, and what comes of it for this recipient."""
    if choice.everything:
        return (
            "You are unsubscribed",
            "You won't get any more of these emails. It can take a few minutes for mail on its way.",
        )
    if found.is_stopped:
        return "Preferences saved", f"Still, no emails go to your address. {ASK_THE_SENDER}"
    if choice.off:
        return "Preferences saved", "From now on you get only what you chose."
    return "You are subscribed", "Good to have you back. You can change this here at any time."


def _numbers(fields: list[tuple[str, str]], name: str) -> tuple[int, ...]:
    return tuple(int(value) for key, value in fields if key == name and value.isdecimal() and len(value) < 18)
