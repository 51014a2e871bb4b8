import re

import pytest

from skywrite.channels.email.templates.compiling import compiled
from skywrite.channels.email.templates.model import Source
from skywrite.kit.errors import Refused


def links(body: str, **fields):
    return compiled(Source(subject="s", body=body, **fields)).links


@pytest.mark.parametrize(
    "href",
    [
        "mailto:a@b.example", "tel:+123", "sms:+123", "#top", "", "{{ unsubscribe_url }}", "{{ preferences_url }}",
        "{{view_url}}", "cid:image", "whatsapp://send",
    ],
)  # fmt: skip
def test_these_are_left_as_they_are(href: str) -> None:
    made = compiled(Source(subject="s", body=f'<a href="{href}">x</a>'))
    assert made.links == []
    assert f'href="{href}"' in made.html


@pytest.mark.parametrize(
    "body",
    [
        '<a href="https://a.example/x" data-track="false">x</a>',
        '<!-- <a href="https://a.example/x">x</a> -->',
        "<style>a { background: url(https://a.example/x) }</style>",
        '<img src="https://a.example/x">',
        '<link rel="icon" href="https://a.example/x">',
        "<a data-href='https://a.example/x'>x</a>",
    ],
)
def test_these_are_no_links_to_count(body: str) -> None:
    assert links(body + "<p>text</p>") == []


@pytest.mark.parametrize(
    "href",
    ["javascript:alert(1)", " JavaScript:alert(1)", "java&#115;cript:x", "data:text/html,x", "vbscript:x", "/path",
     "page.html", "//cdn.example/x", "https://", "https:///path",
     "https://[bad/", "https://[::1", "https://ex]ample.com/", "https://exa mple.com/",
     "https://exa&#10;mple.com/", "https://example..com/", "https://.example.com/", "https://example.com:99999/",
     "https://example.com:0/", "https://example.com:x/", "https://1.2.3.400/", "https://" + "a" * 64 + ".example/",
     "https://a.example\\@b.example/", "https://ann@/"],
)  # fmt: skip
def test_these_are_refused(href: str) -> None:
    with pytest.raises(Refused):
        links(f'<a href="{href}">x</a>')


def test_a_base_resolves_what_is_relative() -> None:
    found = links('<head><base href="https://a.example/dir/"></head><body><a href="b?c=d">x</a><a href="/e">y</a>')
    assert [one.url for one in found] == ["https://a.example/dir/b?c=d", "https://a.example/e"]


def test_ids_stay_when_the_text_around_them_changes() -> None:
    first = links('<a href="https://a.example/">top</a><p>x</p><a href="https://a.example/">foot</a>')
    second = links('<h1>New</h1><a href="https://b.example/">b</a><a href="https://a.example/">top!</a>'
                   '<p>y</p><a href="https://a.example/">end</a>')  # fmt: skip
    assert [one.id for one in first] == [one.id for one in second[1:]]
    assert len({one.id for one in second}) == 3
    assert first[0].label == "top"


def test_an_id_can_be_given() -> None:
    assert links('<a data-link-id="hero" href="https://a.example/">x</a>')[0].id == "hero"


def test_areas_and_outlooks_copies_count_too_and_a_copy_has_the_id_of_its_link() -> None:
    body = (
        '<map><area href="https://map.example/"></map><!--[if mso]><v:roundrect href="https://a.example/?b&amp;c" x>'
        '</v:roundrect><![endif]--><!--[if !mso]><!--><a href="https://a.example/?b&amp;c">Go</a><!--<![endif]-->'
    )
    made = compiled(Source(subject="s", body=body))
    assert [one.url for one in made.links] == ["https://a.example/?b&c", "https://map.example/"] or len(made.links) == 2
    (button,) = [one for one in made.links if "a.example" in one.url]
    assert made.html.count(f'"{button.id}"') == 2
    assert button.count == 1


def test_a_link_whose_target_is_personal_is_one_link() -> None:
    (link,) = links(
        '{% for each in data.all %}<a href="https://a.example/{{ each.id }}?a={{ contact.id }}">x</a>{% endfor %}'
    )
    assert link.url == "https://a.example/{{ each.id }}?a={{ contact.id }}"


def test_bare_addresses_of_a_text_are_rewritten_without_their_full_stop() -> None:
    made = compiled(
        Source(subject="s", text="See https://a.example/b, or (https://a.example/c).\n{{ unsubscribe_url }}")
    )
    assert [one.url for one in made.links] == ["https://a.example/b", "https://a.example/c"]
    assert re.search(r"%}https://a\.example/c{% endlink %}\)\.", made.text)


def test_a_text_that_only_names_the_scheme_has_no_link() -> None:
    assert compiled(Source(subject="s", text="Write https:// before it.")).links == []


@pytest.mark.parametrize("root", ["https://a.example/", "https://[bad/"])
def test_what_a_base_cannot_resolve_is_refused(root: str) -> None:
    with pytest.raises(Refused, match="no web address"):
        links(f'<head><base href="{root}"></head><body><a href="//[x/">x</a></body>')


def test_the_text_made_of_the_html_shares_its_ids() -> None:
    made = compiled(Source(subject="s", body='<a href="https://a.example/">x</a><a href="https://b.example/">y</a>'))
    assert len(made.links) == 2
    assert all(made.text.count(one.id) == 1 for one in made.links)
