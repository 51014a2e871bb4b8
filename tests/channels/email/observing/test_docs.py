"""The tables of docs/email-events.md are the tables of these tests."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import get_type_hints

import msgspec
import pytest

from skywrite.channels.email.observing.settings import ObservingSettings
from skywrite.channels.email.settings.model import EmailSettings
from skywrite.events.email import EXTRAS_OF, EmailEvent, EmailProperties
from tests.channels.email.observing.test_app import ONE_CLICK
from tests.channels.email.observing.test_findings import PLACES, REPLIES, SORTED
from tests.channels.email.observing.test_machines import BESIDE_OTHERS, BY_ITSELF
from tests.channels.email.observing.test_smtp_server import RECIPIENTS
from tests.channels.email.reading.test_verdict import AT_SMTP_TIME

DOCS = (Path(__file__).parents[4] / "docs" / "email-events.md").read_text()

_SOFTS = ("repeated_softs", "repeated_soft_days")


def table(*rows):
    return "\n".join(f"| {' | '.join(row)} |" for row in (rows[0], ["---"] * len(rows[0]), *rows[1:]))


def yes(holds):
    return "yes" if holds else "no"


def fetches():
    rows = [
        (name, "machine" if verdict.is_machine else "person", verdict.reason)
        for name, (*_, verdict) in BY_ITSELF.items()
    ]
    return table(("who", "counts as", "by"), *rows)


def clicks():
    rows = [(name, str(links or "not known"), sign or "a person's") for name, (_, links, sign) in BESIDE_OTHERS.items()]
    return table(("the other clicks on the message", "its links", "the click is"), *rows)


def mailboxes():
    return table(("recipient", "answer"), *((name, str(code)) for name, (_, code) in RECIPIENTS.items()))


def sorting():
    heads = ("mail", "at `b…@`", "at `r…@`", "at `u…@`", "postmaster, ours", "postmaster, not ours")
    return table(heads, *((name, *found) for name, found in SORTED.items()))


def refusals():
    rows = [
        (stage, " ".join(filter(None, (str(code or ""), status))), words, bounce_class)
        for stage, code, status, words, bounce_class in AT_SMTP_TIME
    ]
    return table(("stage", "code", "words", "class"), *rows)


def settings():
    hints = get_type_hints(EmailSettings, include_extras=True)
    names = [
        name for name in EmailSettings.__struct_fields__ if name in {*ObservingSettings.__struct_fields__, *_SOFTS}
    ]
    defaults = msgspec.structs.asdict(EmailSettings())
    said = {name: next(each.description for each in hints[name].__metadata__ if each.description) for name in names}
    return table(("setting", "default", "meaning"), *((f"`{name}`", str(defaults[name]), said[name]) for name in names))


TABLES: dict[str, Callable[[], str]] = {
    "One fetch by itself": fetches,
    "Clicks beside each other": clicks,
    "Where mail comes in": mailboxes,
    "Sorting": sorting,
    "What a refusal says": refusals,
    "What matches a complaint": lambda: table(
        ("what is left of the mail", "matched"), *((name, yes(held)) for name, (_, held) in PLACES.items())
    ),
    "What matches a reply": lambda: table(
        ("our Message-ID stands in", "matched"), *((name, yes(held)) for name, (_, held) in REPLIES.items())
    ),
    "Unsubscribing": lambda: table(
        ("body", "unsubscribes"), *((name, yes(acts)) for name, (*_, acts) in ONE_CLICK.items())
    ),
    "Settings": settings,
}


@pytest.mark.parametrize("heading", TABLES)
def test_a_table_of_the_docs_is_the_table_of_the_tests(heading):
    section = re.search(rf"^## {heading}.*?$(.*?)(?=^## |\Z)", DOCS, re.MULTILINE | re.DOTALL)
    assert section, f"docs/email-events.md has no section {heading}"
    assert TABLES[heading]() in section[1]


def test_the_docs_name_the_seven_events():
    section = DOCS.split("## The seven events")[1].split("## ")[0]
    assert re.findall(r"^\| (Email [\w ]+?) \|", section, re.MULTILINE) == [kind.value for kind in EmailEvent]


def test_the_docs_name_every_property():
    section = DOCS.split("## What an event has")[1].split("## ")[0]
    named = [set(re.findall(r"`(\w+)`", row)) for row in re.findall(r"^\| (`[^|]*) \|", section, re.MULTILINE)]
    extras = {field for kind in set(EXTRAS_OF.values()) for field in kind.__struct_fields__}
    assert set.union(*named) == {*EmailProperties.__struct_fields__, *extras}
