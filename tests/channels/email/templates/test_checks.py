import pytest

from skywrite.channels.email.templates.checks import problems
from skywrite.channels.email.templates.model import Source
from skywrite.channels.email.templates.starter import starter
from tests.support.mails import PLACES

TRAITS = ("firstName", "company", "address.city")
FOOT = (
    "<p>A mail with a sentence or two of text, so that nobody takes it for one of images alone.</p>"
    '<p>{{ company.address }} <a href="{{ unsubscribe_url }}">Stop</a></p>'
)


def found(**fields) -> set[tuple[str, str, int | None]]:
    source = Source(**({"subject": "A subject", "preheader": "Psst"} | fields))
    return {(one.level, one.code, one.line) for one in problems(source, PLACES, TRAITS)[0]}


def test_the_starters_have_nothing_wrong() -> None:
    for kind in ("mjml", "html"):
        assert problems(starter("x", kind), PLACES, TRAITS)[0] == []


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ('<img src="https://a.example/x.png">', ("warning", "alt", 2)),
        ('<a href="">x</a>', ("warning", "empty-link", 2)),
        ('<a href="#">x</a>', ("warning", "empty-link", 2)),
        ('<a href="http://a.example/">x</a>', ("warning", "http", 2)),
        ('<a href="https://bit.ly/x">x</a>', ("warning", "shortener", 2)),
        ('<a href="https://evil.example/">https://bank.example</a>', ("warning", "mismatch", 2)),
        ('<a href="https://a.example/[[name]]">x</a>', ("error", "unfilled", 2)),
        ('<a href="https://a.example/*|NAME|*">x</a>', ("error", "unfilled", 2)),
        ('<a href="https://[bad/">x</a>', ("error", "link", 2)),
        ('<a href="https://[::1">x</a>', ("error", "link", 2)),
        ('<a href="https://ex]ample.com/">x</a>', ("error", "link", 2)),
        ('<a href="https://[[name]]/x">x</a>', ("error", "unfilled", 2)),
        ('<a href="https://exa mple.com/">x</a>', ("error", "link", 2)),
        ('<a href="https://example..com/">x</a>', ("error", "link", 2)),
        ('<a href="https://example..com/{{ contact.id }}">x</a>', ("error", "link", 2)),
        ('<a href="https://example.com:99999/" data-track="false">x</a>', ("error", "link", 2)),
        ('<a href="htp://example.com">x</a>', ("warning", "scheme", 2)),
        ('<a href="htp://example.com/{{ contact.id }}">x</a>', ("warning", "scheme", 2)),
        ('<a href="https://example">x</a>', ("warning", "host", 2)),
        ('<a href="https://localhost/x">x</a>', ("warning", "host", 2)),
        ('<a href="https://192.168.1.1/x">x</a>', ("warning", "host", 2)),
        ('<a href="mailto:">x</a>', ("warning", "recipient", 2)),
        ('<a href="mailto:ann">x</a>', ("warning", "recipient", 2)),
        ('<a href="tel:">x</a>', ("warning", "recipient", 2)),
        ('<a href="https://example.com/%zz">x</a>', ("warning", "escape", 2)),
        ("Hi {% if contact.firstName %}{{ contact.firstName }}{% endif %},", ("warning", "left-behind", 2)),
        ("\n<script>1</script>", ("warning", "script", 3)),
        ("<form></form>", ("warning", "form", 2)),
        ('<table width="900"></table>', ("warning", "wide", 2)),
        ('<td style="width: 1200px">', ("warning", "wide", 2)),
        ("{{ contact.nope }}", ("error", "variable", 2)),
        ('{{ contact.nope | default: "x" }}', ("warning", "variable", 2)),
        ("{{ contact.firstName | upcaze }}", ("error", "filter", 2)),
        ("{% if x %}", ("error", "syntax", None)),
        ("x" * 110_000, ("warning", "clipped", None)),
    ],
)
def test_what_is_wrong_is_found_at_its_line(body: str, problem: tuple[str, str, int | None]) -> None:
    level, code, line = problem
    assert any(
        (level, code) == one[:2] and (line is None or line == one[2])
        for one in found(body=f'<html lang="en">\n{body}\n{FOOT}</html>')
    )


@pytest.mark.parametrize(
    "href",
    [
        "https://a.example/%20", "https://a.example:8443/x?y#z", "https://A.Example./", "https://münchen.example/ä",
        "https://8.8.8.8/", "https://[2001:4860:4860::8888]:443/", "https://ann@a.example/",
        "mailto:a@b.example?subject=x",
        "mailto:a@b.example,c%40d.example", "mailto:?subject=x", "tel:+123", "sms:+123", "cid:image", "#top",
        "https://{{ contact.email }}/x", "mailto:{{ contact.email }}", "{{ unsubscribe_url }}",
    ],
)  # fmt: skip
def test_a_link_that_leads_somewhere_is_not_remarked_on(href: str) -> None:
    body = f'<html lang="en"><a href="{href}">x</a>{FOOT}</html>'
    assert not {one for one in found(body=body) if one[1] in ("link", "scheme", "host", "recipient", "escape")}


@pytest.mark.parametrize(
    ("address", "problem"),
    [
        ("https://[bad/", ("error", "link", 2)),
        ("https://example..com/", ("error", "link", 2)),
        ("https://example/", ("warning", "host", 2)),
        ("https://bit.ly/x", ("warning", "shortener", 2)),
    ],
)
def test_the_text_parts_addresses_are_looked_at_too(address: str, problem: tuple[str, str, int | None]) -> None:
    assert problem in found(text=f"{{{{ unsubscribe_url }}}}\nSee {address}, {{{{ contact.id }}}}")


def test_a_broken_link_is_named_once() -> None:
    body = f'<p>\n<a href="https://[bad/">x</a> <a href="https://b..example/">x</a></p>{FOOT}'
    said = [one for one in problems(Source(subject="s", body=body), PLACES, TRAITS)[0] if one.level == "error"]
    assert [(one.message, one.line) for one in said] == [
        ("The link 'https://[bad/' leads to no web address.", 2),
        ("The link 'https://b..example/' has a host that can't be: b..example.", 2),
    ]


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"subject": "BUY IT NOW"}, "subject-capitals"),
        ({"subject": "Really!!"}, "subject-marks"),
        ({"subject": ""}, "subject"),
        ({"preheader": ""}, "preheader"),
        ({"body": "<p>x</p>"}, "lang"),
        ({"body": "<p>x</p>"}, "unsubscribe"),
        ({"body": '<a href="{{ unsubscribe_url }}">x</a>'}, "address"),
        ({"body": '<img src="https://a.example/x.png" alt=""><p>x</p>'}, "image-only"),
    ],
)
def test_what_is_missing_is_said(fields: dict[str, str], code: str) -> None:
    assert code in {one[1] for one in found(**{"body": FOOT} | fields)}


def test_transactional_mail_needs_no_unsubscribe_link() -> None:
    assert not {"unsubscribe", "address"} & {one[1] for one in found(body="<p>x</p>", is_transactional=True)}
