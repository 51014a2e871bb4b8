"""The tables of docs/identity.md, row by row."""

import re
from pathlib import Path

import pytest

from skywrite.contacts.apply import Outcome, step
from skywrite.contacts.calls import calls_in
from skywrite.contacts.identity import Kind
from skywrite.contacts.world import Person, World, whole
from tests.support.build import a_record, an_event

DOC = Path(__file__).parents[2] / "docs" / "identity.md"
NOW = 1_795_450_295_423_000


def rows():
    lines = DOC.read_text().splitlines()
    found = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("|")]
    return [cells[:3] for cells in found if cells[0] not in ("there is", "---")]


def kind_of(word):
    if word.startswith("~"):
        return Kind.ANONYMOUS, word[1:]
    return (Kind.EMAIL if "@" in word else Kind.USER), word.lower()


def contacts_in(text):
    return [[kind_of(word) for word in part.split()] for part in re.findall(r"\[(.*?)\]", text)]


def a_world(contacts):
    world, people = World(), []
    for number, ids in enumerate(contacts, 1):
        users = [value for kind, value in ids if kind is Kind.USER]
        emails = [value for kind, value in ids if kind is Kind.EMAIL]
        email = emails[-1] if emails else None
        people.append(Person(number, email, email, users[-1] if users else None))
        for kind, value in ids:
            world.owners[kind][value] = people[-1]
    return world, people


def call_of(text):
    words = text.replace("`", "").split()
    if words[0] == "alias":
        return an_event(type="alias", previousId=words[1], userId=words[2])
    event = {"type": "identify", "userId": None, "traits": {}, "properties": {}}
    for word in words:
        if word.startswith("new:"):
            event["traits"]["_NewEmail"] = word[4:]
        elif word.startswith("prop:"):
            event |= {"type": "track", "properties": {"email": word[5:]}}
        elif "@" in word:
            event["traits"]["email"] = word
        else:
            event |= {"anonymousId": word[1:]} if word[0] == "~" else {"userId": word}
    return an_event(**event)


def said(world, people):
    """The contacts as the table has them: sent-out userId, address, and all ids; in the order of their making."""
    found = []
    for person in [*people, *world.new]:
        if person.part_of is None:
            owned = ((kind, value, owner) for kind, ids in world.owners.items() for value, owner in ids.items())
            ids = {(kind, value) for kind, value, owner in owned if whole(owner) is person}
            found.append((person.user_id, person.email_key, ids))
    return found


def expected(text):
    found = []
    for ids in contacts_in(text):
        users = [value for kind, value in ids if kind is Kind.USER]
        emails = [value for kind, value in ids if kind is Kind.EMAIL]
        last = [values[-1] if values else None for values in (users, emails)]
        found.append((*last, {(int(kind), value) for kind, value in ids}))
    return found


@pytest.mark.parametrize(("before", "call", "after"), rows(), ids=lambda text: text.replace("`", ""))
def test_a_row_of_the_table(before, call, after):
    world, people = a_world(contacts_in(before))
    if call.startswith("merge"):
        world.unite(people[1], people[0], NOW)
        outcome = Outcome.TAKEN
    else:
        outcome = step(world, next(calls_in(a_record({"batch": [call_of(call)]}))), ())
    assert (outcome is Outcome.MISSING) == ("refused" in after)
    assert said(world, people) == expected(after)
    conflicts = [note.person for note in world.notes if note.name == "Identity Conflict"]
    assert len(set(conflicts)) == (2 if "conflict" in after else 0)


def test_the_tables_are_whole():
    assert len(rows()) > 50
