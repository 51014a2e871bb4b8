"""What an entry of a timeline says in words, beside its name. Pure."""

from collections.abc import Callable, Mapping
from typing import Any

from skywrite.events.email import EmailEvent

Data = Mapping[str, Any]
_SKIPPED = {
    "unsubscribed": "They have unsubscribed.",
    "hard_bounce": "Mail to this address has bounced for good.",
    "complaint": "They reported an earlier mail as spam.",
    "repeated_soft": "Mail to this address has bounced again and again.",
    "manual": "They were put on the suppression list by hand.",
    "imported": "They were unsubscribed by an import.",
    "already_sent": "They got this email before.",
    "no_address": "They have no email address.",
}


def is_machine(data: Data) -> bool:
    """Whether a proxy or a scanner did it, not a person."""
    return bool(data.get("machine"))


def note_of(kind: str, name: str, data: Data) -> str:
    """A few words, "" where the name says all."""
    say = _BY_NAME.get((kind, name)) or _BY_KIND.get(kind)
    return say(data) if say else ""


def _first(*names: str) -> Callable[[Data], str]:
    return lambda data: next((_text(data[name]) for name in names if data.get(name)), "")


def _text(value: Any) -> str:
    return value if isinstance(value, str) else str(value)


def _bounced(data: Data) -> str:
    kind = {"hard": "For good", "soft": "For now", "block": "Blocked"}.get(_text(data.get("bounce_class")), "")
    return ": ".join(filter(None, [kind, _first("reason", "bounce_code")(data)]))


def _opened(data: Data) -> str:
    if not is_machine(data):
        return ""
    proxy = _text(data.get("proxy") or "").capitalize()
    return f"By a machine ({proxy}), not a person." if proxy else "By a machine, not a person."


def _skipped(data: Data) -> str:
    reason = _first("reason")(data)
    return _SKIPPED.get(reason, reason)


def _by(data: Data) -> str:
    if data.get("import_id"):
        return f"By import {data['import_id']}, {_text(data.get('by', ''))}".rstrip(", ")
    return f"By {_text(data['by'])}" if data.get("by") else ""


def _changed(data: Data) -> str:
    said = []
    if data.get("traits"):
        said.append(", ".join(map(_text, data["traits"])))
    for verb in ("added", "removed"):
        if isinstance(data.get(verb), dict):
            said += [f"{verb} {kind} {value}" for kind, value in data[verb].items()]
    return "; ".join([*said, *filter(None, [_by(data)])])


def _unsubscribed(data: Data) -> str:
    from_what = _first("topic", "scope")(data)
    what = "" if from_what in ("", "all") else f"From {from_what}"
    return ". ".join(filter(None, [what, _by(data)]))


def _resubscribed(data: Data) -> str:
    return ". ".join(filter(None, [_first("consent")(data), _by(data)]))


_BY_KIND: dict[str, Callable[[Data], str]] = {
    "list": _first("list_name"),
    "segment": _first("segment_name"),
    "contact": _by,
    "email": _first("reason"),
}
_BY_NAME: dict[tuple[str, str], Callable[[Data], str]] = {
    ("email", EmailEvent.BOUNCED.value): _bounced,
    ("email", EmailEvent.CLICKED.value): _first("link_url"),
    ("email", EmailEvent.OPENED.value): _opened,
    ("email", EmailEvent.REPLIED.value): _first("reply_text"),
    ("email", "Email Autoresponded"): _first("reply_text", "reason"),
    ("email", "Email Skipped"): _skipped,
    ("email", EmailEvent.UNSUBSCRIBED.value): _unsubscribed,
    ("list", "List Not Found"): _first("list"),
    ("contact", "Changed"): _changed,
    ("contact", "Unsubscribed"): _unsubscribed,
    ("contact", "Resubscribed"): _resubscribed,
}
