import pytest

from skywrite.channels.email.templates import liquid
from skywrite.channels.email.templates.liquid import AUTHORS, HTML, TEXT, parse, render
from skywrite.kit.errors import Refused

DATA = {"items": [1, 2], "nested": [[[1] * 1_500, [2] * 1_500]], "wide": [[1] * 80_000], "long": "s" * 80_000}
CONTACT = {"name": "Ann & Co", "spaces": "  ", "nothing": None, "n": 3, "address": {"city": "Ayr"}}


def said(source: str, env=TEXT) -> str:
    return render(parse(source, env), {"contact": CONTACT, "data": DATA}, None)


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("{{ contact.name }}", "Ann & Co"),
        ('{{ contact.nope | default: "there" }}', "there"),
        ('{{ contact.spaces | default: "there" }}', "there"),
        ('{{ contact.nothing | default: "there" }}', "there"),
        ('{{ contact.nope | upcase | default: "there" }}', "there"),
        ('{{ contact.name | default: "there" }}', "Ann & Co"),
        ('{{ contact.n | default: "none" }}', "3"),
        ("{{ contact.address.city }}", "Ayr"),
        ("{% if contact.nope %}a{% else %}b{% endif %}", "b"),
        ("{% if contact.nope == blank %}a{% else %}b{% endif %}", "a"),
        ("{% if contact.spaces != blank %}a{% else %}b{% endif %}", "b"),
        ("{% unless contact.address.street != empty %}a{% endunless %}", "a"),
        ("{% for each in data.items %}{{ each }},{% endfor %}", "1,2,"),
        ("{% for each in data.nope %}x{% else %}none{% endfor %}", "none"),
    ],
)
def test_a_value_or_its_fallback(source: str, text: str) -> None:
    assert said(source) == text


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("Hi {{ contact.nope }},", "contact.nope"),
        ("Hi {{ contact.spaces }},", "contact.spaces"),
        ("Hi {{ contact.nothing }},", "contact.nothing"),
        ("Hi {{ contact.nope | upcase }},", "contact.nope"),
        ("{{ contact.name | append: contact.nope }}", "contact"),
        ("{{ contact.nope | default: contact.nothing }}", "contact.nope"),
        ('{{ contact.name | remove: "Ann & Co" }}', "contact.name"),
    ],
)
def test_what_would_be_blank_is_refused_by_its_name(source: str, name: str) -> None:
    with pytest.raises(Refused, match="has no value") as refused:
        said(source)
    assert refused.value.where.startswith(name)


def test_values_are_escaped_in_html_alone() -> None:
    assert said("{{ contact.name }}", HTML) == "Ann &amp; Co"
    assert said('{{ contact.name | append: " <b>" }}', HTML).startswith("Ann &amp; Co")


@pytest.mark.parametrize(
    "source",
    [
        "{% for a in (1..100000) %}x{% endfor %}",
        "{% for a in (1..5000) %}{% for b in (1..5000) %}x{% endfor %}{% endfor %}",
        '{% assign x = "aaaaaaaaaa" %}{% for a in (1..60) %}{% assign x = x | append: x %}{% endfor %}{{ x }}',
        '{% assign x = "aaaaaaaaaa" %}{% for a in (1..9) %}{% assign x = x | replace: "a", x %}{% endfor %}{{ x }}',
        "{{ (1..100000000) | join: ',' }}",
        "{% assign x = 9 %}{% for a in (1..40) %}{% assign x = x | times: x %}{% endfor %}{{ x }}",
        f"{{% for a in (1..9999) %}}{{{{ '{'a' * 400}' }}}}{{% endfor %}}",
        "{{ 1 | divided_by: 0 }}",
        "{% assign word = data.long | slice: 0, 400 %}{{ data.nested | join: word }}",
        "{{ data.wide | concat: data.wide | concat: data.wide | size }}",
        "{{ data.long | append: data.long | append: data.long | size }}",
    ],
)
def test_what_never_ends_or_prints_too_much_is_stopped(source: str) -> None:
    with pytest.raises(Refused):
        said(source)


@pytest.mark.parametrize(
    "source",
    [
        "{% for a in (1..3) %}x{% endfor %}",
        "{% if contact.n == 3 %}x{% endif %}",
        "{% case contact.name %}{% when contact.n %}x{% endcase %}",
        "{% unless data.long contains 'z' %}x{% endunless %}",
        "{% assign x = contact.n %}",
        "{% capture x %}x{% endcapture %}",
        "x",
    ],
)
def test_the_time_is_looked_at_in_every_node(source: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert said(source) is not None
    monkeypatch.setattr(liquid, "SECONDS", -1.0)
    with pytest.raises(liquid.TooMuch, match="takes longer"):
        said(source)


def test_a_condition_of_many_comparisons_is_stopped_between_two_of_them(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = iter([0.0] * 4)
    monkeypatch.setattr(liquid.time, "monotonic", lambda: next(asked, 2.0))
    with pytest.raises(liquid.TooMuch, match="takes longer"):
        said("{% if data.long == 1 or data.long == 2 or data.long == 3 or data.long == 4 %}x{% endif %}")


KEYED = [{"k": 1, "n": 1}, {"k": 1, "n": 2}, {"n": 3}, {"n": 4}]


@pytest.mark.parametrize(
    ("given", "key", "left"),
    [
        ([1, 1.0, "1", "1", None, None, [2, [3]], 2], None, [1, "1", None, 2, 3]),
        ([{"a": [1], "b": 2}, {"b": 2, "a": [1]}, {"a": [1, 2]}], None, [{"a": [1], "b": 2}, {"a": [1, 2]}]),
        (KEYED, "k", [KEYED[0], KEYED[2]]),
        (KEYED, None, KEYED),
    ],
)
def test_uniq_leaves_the_first_of_each(given: list, key: str | None, left: list) -> None:
    assert liquid.uniq(given, key) == left


@pytest.mark.parametrize(
    "source",
    [
        "{{ contact.__class__ }}",
        "{{ contact.name.__class__.__mro__ }}",
        '{{ contact["__init__"] }}',
        "{{ contact.keys }}",
        "{{ data.items.append }}",
        "{{ environment }}",
        "{{ self }}",
    ],
)
def test_nothing_but_data_can_be_read(source: str) -> None:
    with pytest.raises(Refused, match="has no value"):
        said(source)


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ("{% include 'a' %}", 1),
        ("a\n{% render '/etc/passwd' %}", 2),
        ("a\nb\n{% if contact.x %}", 3),
        ("{{ contact.x | }}", 1),
        ("\n{% link 'x' %}a{% endlink %}", 2),
        ("{% nonsense %}", 1),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_line(source: str, line: int) -> None:
    with pytest.raises(Refused) as refused:
        parse(source, AUTHORS)
    assert refused.value.where == f"line:{line}"
