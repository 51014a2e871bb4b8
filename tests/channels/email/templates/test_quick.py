"""The quick way of rendering and the plain one say the same, of any template and any data."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from skywrite.channels.email.templates.rendering import Frame, Message, Person
from skywrite.channels.email.utm import Utm
from skywrite.kit.errors import Refused
from tests.support.mails import PLACES, a_renderer, a_version, part, read

NAMES = st.sampled_from(["name", "plan", "n", "list", "nothing", "spaces", "deep.a", "deep.b.c", "odd"])
VALUES = st.one_of(
    st.text(max_size=90), st.integers(-9, 9), st.booleans(), st.none(), st.lists(st.text(max_size=3), max_size=2),
    st.floats(allow_nan=False, allow_infinity=False), st.just("pro"), st.just(" "),
)  # fmt: skip
TRAITS = st.fixed_dictionaries(
    {},
    optional={
        "name": VALUES, "plan": VALUES, "n": VALUES, "list": VALUES, "nothing": st.none(), "spaces": st.just("  "),
        "deep": st.one_of(VALUES, st.dictionaries(st.sampled_from("ab"), VALUES), st.just({"b": {"c": "deep & down"}})),
    },
)  # fmt: skip
FILTERS = st.sampled_from(
    ["", ' | default: "you & I"', ' | upcase | default: "x"', " | capitalize", ' | append: "!" | default: "é"',
     ' | prepend: "<b>"', ' | replace: "a", "b" | default: 3', " | truncate: 5", " | strip | escape", " | url_encode",
     " | default: contact.plan", ' | remove: "p"', " | strip", ' | split: "," | join: ";"', ' | date: "%Y"']
)  # fmt: skip
OUTPUTS = st.builds("{{{{ contact.{}{} }}}}".format, NAMES, FILTERS)
LITERALS = st.sampled_from(['"pro"', "3", "true", "nil", "blank", "empty"])
COMPARISONS = st.sampled_from(["==", "!=", "<", ">", "<=", ">=", "contains"])
TESTS = st.one_of(
    NAMES.map("contact.{}".format),
    st.builds("contact.{} {} {}".format, NAMES, COMPARISONS, LITERALS),
    st.builds("contact.{} {} contact.{}".format, NAMES, COMPARISONS, NAMES),
    st.builds("contact.{} and contact.{} == 'pro' or contact.{}".format, NAMES, NAMES, NAMES),
    NAMES.map('contact.{} contains "p"'.format),
)  # fmt: skip
TEXTS = st.sampled_from(["Hello ", "a = b\n", "é € ü ", "<b>x</b>", " " * 80, "long " * 40])
LINKS = st.one_of(
    st.just('<a href="https://a.example/b?c=d&amp;e">x</a>'),
    st.just('<a href="https://a.example/{{ contact.name | default: "none" | url_encode }}">x</a>'),
    st.just('<a href="{{ unsubscribe_url }}">x</a>'),
)


def branched(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        st.builds("{{% if {} %}}{}{{% else %}}{}{{% endif %}}".format, TESTS, inner, inner),
        st.builds("{{% unless {} %}}{}{{% elsif {} %}}{}{{% endunless %}}".format, TESTS, inner, TESTS, inner),
        st.lists(inner, max_size=3).map("".join),
    )


BODIES = st.recursive(st.one_of(OUTPUTS, TEXTS, LINKS), branched, max_leaves=8)


def rendered(body: str, traits: dict[str, Any], utm: Utm | None, *, plain: bool) -> tuple[str, ...]:
    renderer = a_renderer(utm=utm)
    version = a_version(
        f"<p>{body}</p>",
        subject="Hi {{ contact.name | capitalize | default: 'x' }}{% if contact.n %}{{ contact.n }}{% endif %}",
    )
    frame = renderer.frame(version)
    if plain:
        frame.quick.update(subject=None, html=None, text=None)
    try:
        mail = renderer.render(version, Person("a@b.example", 5, None, traits), Message(id=7, at=0))
    except Refused as error:
        return ("refused", error.where, str(error))
    return (mail.subject, str(read(mail)["Subject"]), part(mail, "html"), part(mail, "plain"))


@settings(max_examples=60, deadline=None)
@given(BODIES, TRAITS, st.sampled_from([None, Utm("skywrite", "email")]))
def test_both_ways_say_the_same(body: str, traits: dict[str, Any], utm: Utm | None) -> None:
    quick, plain = rendered(body, traits, utm, plain=False), rendered(body, traits, utm, plain=True)
    assert quick == plain


@pytest.mark.parametrize(
    ("body", "is_quick"),
    [
        ('{{ contact.a | default: "b" | upcase }}', True),
        ("{% if contact.a == 'b' and contact.c %}x{% else %}{{ contact.d }}{% endif %}", True),
        ('{{ contact.a["b"].c }}{{ company.address }}{{ unsubscribe_url }}', True),
        ('<a href="https://a.example/{{ contact.id }}">x</a>', True),
        ("{% for a in data.b %}{{ a }}{% endfor %}", False),
        ("{% assign a = contact.b %}{{ a }}", False),
        ("{{ contact.a | append: contact.b }}", False),
        ("{{ contact.list.size }}", False),
        ("{% if contact.a > 3 or contact.b contains 'c' and 2 <= contact.d %}x{% endif %}", True),
        ("{% if contact.a == (1..3) %}x{% endif %}", False),
    ],
)
def test_what_is_simple_goes_the_quick_way(body: str, is_quick: bool) -> None:
    frame = Frame(a_version(body), PLACES)
    assert (frame.quick["html"] is not None) is is_quick
