"""The pages that a recipient sees: unsubscribe and preferences, and what stands where a link is not ours.

Plain HTML and CSS: they work without JavaScript, cookies or a sign-in, in light and dark, on any width.
"""

import html
from collections.abc import Sequence
from pathlib import Path

from msgspec import Struct

STYLE = (Path(__file__).parent / "pages.css").read_text()
HONEYPOT = "website"  # a field that no person sees; who fills it in is a program
ASK_THE_SENDER = "To get emails at this address again, ask the sender: answer an email that you had from them."


class TopicChoice(Struct, frozen=True):
    """A topic, and whether mail about it is wanted."""

    id: int
    name: str
    description: str
    is_wanted: bool


class Preferences(Struct, frozen=True):
    """What a page shows of a recipient. `topics` is empty where there are none, or they cannot be read now."""

    address: str  # masked
    is_off: bool = False  # unsubscribed from everything
    is_stopped: bool = False  # gets nothing, for a reason that no choice of the recipient takes away
    topics: Sequence[TopicChoice] = ()


def masked(email: str) -> str:
    """An address that its owner knows again, and nobody else learns: `a••••@example.com`."""
    local, at, domain = email.rpartition("@")
    return f"{local[:1]}{'•' * min(6, max(3, len(local) - 1))}{at}{domain}" if at else "•••"


def unsubscribe_page(found: Preferences, action: str, at: int, note: str = "") -> bytes:
    """The page that asks first. `action` is where its form is posted, `at` when it was made, in ms."""
    title = "Email preferences" if found.topics or found.is_off or found.is_stopped else "Unsubscribe"
    return _page("Email preferences", _head(title, found, note) + _form(found, action, at))


def done_page(title: str, sentence: str, found: Preferences, action: str, at: int) -> bytes:
    """What was done, with a way back."""
    address = f" for <strong>{_e(found.address)}</strong>" if found.address else ""
    top = f'<span class="mark" aria-hidden="true">{_TICK}</span><h1>{_e(title)}</h1><p>{_e(sentence)}</p>'
    change = f'<p class="quiet">Preferences{address}</p>'
    return _page(title, f"<header>{top}</header>{change}{_form(found, action, at)}")


def neutral_page() -> bytes:
    """What a token that is not ours shows: nothing of anybody, and nothing was changed."""
    words = (
        "<header><h1>Email preferences</h1><p>This link doesn't lead to any preferences. It may have been cut short on "
        "its way here. Nothing was changed.</p></header><p class='quiet'>Open the link at the foot of the latest email "
        "that you got, or answer that email with the word “unsubscribe”.</p>"
    )
    return _page("Email preferences", words)


def not_found_page() -> bytes:
    """What a link shows that is not ours."""
    words = "<header><h1>Page not found</h1><p>There is nothing at this address.</p></header>"
    return _page("Page not found", words)


def _head(title: str, found: Preferences, note: str) -> str:
    told = f'<p class="note" role="status">{_e(note)}</p>' if note else ""
    whose = f"<strong>{_e(found.address)}</strong>" if found.address else "your address"
    if found.is_stopped:
        words = f"No emails go to {whose}, and nothing that is chosen here changes that. {ASK_THE_SENDER}"
    elif found.is_off:
        words = f"No emails go to {whose}: you are unsubscribed from everything."
    elif found.topics:
        words = f"Choose what is sent to {whose}."
    else:
        words = f"Shall no more emails go to {whose}?"
    return f"<header><h1>{_e(title)}</h1><p>{words}</p></header>{told}"


def _form(found: Preferences, action: str, at: int) -> str:
    buttons = _buttons(found)
    if not buttons:
        return ""
    hidden = (
        f'<input type="hidden" name="at" value="{at}">'
        f'<p class="beyond" aria-hidden="true"><label>Leave this empty <input name="{HONEYPOT}" tabindex="-1" '
        'autocomplete="off"></label></p>'
    )
    return f'<form method="post" action="{_e(action)}">{hidden}{_topics(found)}{buttons}</form>'


def _topics(found: Preferences) -> str:
    if not found.topics or found.is_stopped:
        return ""
    rows = "".join(map(_topic, found.topics))
    return f"<fieldset><legend>Topics</legend>{rows}</fieldset>"


def _topic(topic: TopicChoice) -> str:
    checked = " checked" if topic.is_wanted else ""
    about = f"<small>{_e(topic.description)}</small>" if topic.description else ""
    return (
        f'<label class="topic"><input type="checkbox" name="topic" value="{topic.id}"{checked}>'
        f"<span><b>{_e(topic.name)}</b>{about}</span></label>"
        f'<input type="hidden" name="shown" value="{topic.id}">'
    )


def _buttons(found: Preferences) -> str:
    if found.is_stopped:  # what can still be said is that it shall stay so, whatever the sender does
        off = '<button name="do" value="all">Unsubscribe from everything</button>'
        return "" if found.is_off else f'<div class="buttons">{off}</div>'
    save = '<button name="do" value="save" class="first">Save preferences</button>' if found.topics else ""
    if found.is_off and not found.topics:
        return '<div class="buttons"><button name="do" value="resubscribe" class="first">Subscribe again</button></div>'
    first = "" if found.topics else ' class="first"'
    off = "" if found.is_off else f'<button name="do" value="all"{first}>Unsubscribe from everything</button>'
    again = '<button name="do" value="resubscribe">Subscribe to everything again</button>' if found.is_off else ""
    return f'<div class="buttons">{save}{off}{again}</div>'


def _page(title: str, body: str) -> bytes:
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="robots" content="noindex"><meta name="color-scheme" content="light dark">'
        f"<title>{_e(title)}</title><style>{STYLE}</style></head><body><main>{body}</main></body></html>"
    ).encode()


_TICK = (
    '<svg viewBox="0 0 24 24" width="22" height="22"><path d="M5 12.5l4.5 4.5L19 7.5" fill="none" '
    'stroke="currentColor" stroke-width="2.4" stroke-linecap="round" stroke-linejoin="round"/></svg>'
)


def _e(text: str) -> str:
    return html.escape(text, quote=True)
