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


LINK = '<a href="{{ unsubscribe_url }}">Stop</a>'


def unsubscribing(**fields) -> set[str]:
    return {level for level, code, _ in found(**fields) if code == "unsubscribe"}


@pytest.mark.parametrize(
    "body",
    [
        LINK,
        "<a class='x' href='{{- preferences_url -}}'><b>Stop</b></a>",
        '<a href="{{ unsubscribe_url }}?why=1"><img src="https://a.example/x.png"></a>',
        '<a href="{{ unsubscribe_url }}"><img alt="Stop"></a>',
        '<a href="{{ unsubscribe_url }}">{{ contact.id }}</a>',
        '<a {% if contact.vip %}class="x"{% endif %} href="{{ unsubscribe_url }}">Stop</a>',
        '<map><area href="{{ unsubscribe_url }}"></map>',
        f"<table>{{% if contact.vip %}}<tr><td>x</td></tr>{{% endif %}}<tr><td>{LINK}</td></tr></table>",
        f"{{% if contact.vip %}}{LINK}{{% endif %}}{LINK}",
        f"{{% capture foot %}}{LINK}{{% endcapture %}}{{{{ foot }}}}",
        f'<!--[if mso]>x<![endif]--><!--[if !mso]><!--><span style="mso-hide:all">{LINK}</span><!--<![endif]-->',
        f"<style>p {{ display: none }}</style><div>{LINK}</div>",
    ],
)
def test_an_unsubscribe_link_that_everybody_sees(body: str) -> None:
    assert not unsubscribing(body=f'<html lang="en"><body>{body}</body></html>')


@pytest.mark.parametrize(
    "body",
    [
        f"{{% if contact.vip %}}{LINK}{{% endif %}}",
        f"{{% unless contact.vip %}}x{{% else %}}{LINK}{{% endunless %}}",
        f"{{% case contact.vip %}}{{% when 1 %}}{LINK}{{% endcase %}}",
        f"{{% for each in contact.lists %}}<p>{LINK}</p>{{% endfor %}}",
        f"<table>{{% if contact.vip %}}<tr><td>{LINK}</td></tr>{{% endif %}}</table>",
        '<a href="{% if x %}https://a.example/{% else %}{{ unsubscribe_url }}{% endif %}">Stop</a>',
        '<a href="{{ unsubscribe_url }}">{% if contact.vip %}Stop{% endif %}</a>',
    ],
)
def test_an_unsubscribe_link_in_a_condition_is_warned_of(body: str) -> None:
    assert unsubscribing(body=f'<html lang="en"><body>{body}</body></html>') == {"warning"}


@pytest.mark.parametrize(
    "body",
    [
        f"<!-- {LINK} -->",
        f"<!--[if mso]>{LINK}<![endif]-->",
        f"{{% comment %}}{LINK}{{% endcomment %}}",
        f"{{% comment %}}{{% comment %}}x{{% endcomment %}}{LINK}{{% endcomment %}}",
        f"{{% raw %}}{LINK}{{% endraw %}}",
        '<img alt="x" src="{{ unsubscribe_url }}">',
        '<a href="{{ unsubscribe_url }}"></a>',
        '<a href="{{ unsubscribe_url }}">&nbsp;&zwnj;<img></a>',
        '<a style="color: red; DISPLAY : none" href="{{ unsubscribe_url }}">Stop</a>',
        f'<div style="display:none"><p>{LINK}</p></div>',
        f"<style>.no {{ display: none }}</style><div class='no'>{LINK}</div>",
        '<a href="{{ unsubscribe_url }}"><span style="display:none">Stop</span></a>',
        '<a href="https://a.example/?to={{ unsubscribe_url }}">Stop</a>',
        '<a title="{{ unsubscribe_url }}" href="https://a.example/">Stop</a>',
        "<p>{{ unsubscribe_url }}</p>",
    ],
)
@pytest.mark.parametrize("text", ["", "Stop: {{ unsubscribe_url }}"])
def test_an_unsubscribe_link_that_nobody_sees_is_none(body: str, text: str) -> None:
    assert unsubscribing(body=f'<html lang="en"><body><p>x</p>{body}</body></html>', text=text) == {"error"}


@pytest.mark.parametrize(
    ("text", "levels"),
    [
        ("Stop: {{ unsubscribe_url }}", set()),
        ("[Stop]({{ preferences_url }}).", set()),
        ("x{% if contact.vip %}{{ unsubscribe_url }}{% endif %}", {"warning"}),
        ("x{% comment %}{{ unsubscribe_url }}{% endcomment %}", {"error"}),
        ("https://a.example/?to={{ unsubscribe_url }}", {"error"}),
        ("unsubscribe_url", {"error"}),
    ],
)
def test_a_mail_of_text_alone_has_the_address_bare(text: str, levels: set[str]) -> None:
    assert unsubscribing(text=text) == levels


def test_a_button_or_a_linked_image_is_an_unsubscribe_link() -> None:
    for one in (
        '<mj-button href="{{ unsubscribe_url }}">Stop</mj-button>',
        '<mj-image alt="Stop" src="https://a.example/x.png" href="{{ unsubscribe_url }}" />',
        '<mj-navbar><mj-navbar-link href="{{ unsubscribe_url }}">Stop</mj-navbar-link></mj-navbar>',
    ):
        body = f"<mjml><mj-body><mj-section><mj-column>{one}</mj-column></mj-section></mj-body></mjml>"
        assert not unsubscribing(kind="mjml", body=body)
        kept = body.replace("<mj-column>", "<mj-column>{% if contact.vip %}")
        assert unsubscribing(kind="mjml", body=kept.replace("</mj-column>", "{% endif %}</mj-column>")) == {"warning"}


def test_transactional_mail_needs_no_unsubscribe_link() -> None:
    assert not {"unsubscribe", "address"} & {one[1] for one in found(body="<p>x</p>", is_transactional=True)}
