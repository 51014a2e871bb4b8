import pytest

from skywrite.channels.email.templates.compiling import PIXEL, compiled
from skywrite.channels.email.templates.model import Source
from skywrite.channels.email.templates.starter import HTML, MJML
from skywrite.kit.errors import Refused

PAGE = "<mjml><mj-body><mj-section><mj-column>{}</mj-column></mj-section></mj-body></mjml>"


def html(body: str, kind: str = "html", **fields: str) -> str:
    return compiled(Source(subject="s", kind=kind, body=body, **fields)).html


@pytest.mark.parametrize(
    "piece",
    [
        "{{ contact.name | default: \"a < b & 'c'\" }}",
        "{% if contact.age < 18 and contact.x != 'a > b' %}x{% endif %}",
        "{% comment %} <b> & {% endcomment %}",
        "{% raw %}{{ not liquid }}{% endraw %}",
    ],
)
@pytest.mark.parametrize("kind", ["mjml", "html"])
def test_liquid_in_text_comes_through(piece: str, kind: str) -> None:
    body = (
        PAGE.format(f"<mj-text>{piece}</mj-text>")
        if kind == "mjml"
        else f"<style>p {{color: red}}</style><p>{piece}</p>"
    )
    assert piece in html(body, kind)


def test_liquid_in_attributes_and_tags_comes_through() -> None:
    body = '<style>.x {color:red}</style><p {% if contact.a %}class="b"{% endif %} title="{{ contact["c d"] }}">x</p>'
    made = html(body)
    assert 'title="{{ contact["c d"] }}"' in made
    assert made.index("{% if contact.a %}") < made.index('class="b"') < made.index("{% endif %}")


def test_loops_around_sections_columns_and_texts_stay_around_them() -> None:
    body = (
        "<mjml><mj-body>{% for a in data.a %}<mj-section><mj-column>{% for b in a.b %}<mj-text>{{ b }}</mj-text>"
        "{% endfor %}</mj-column></mj-section>{% endfor %}</mj-body></mjml>"
    )
    made = html(body, "mjml")
    places = [made.index(each) for each in ("{% for a", "<table", "{% for b", "<tr><td align", "{{ b }}", "{% endfor")]
    assert places == sorted(places)
    assert made.count("{% endfor %}") == 2


def test_loops_around_rows_stay_in_their_table() -> None:
    made = html("<style>td{color:red}</style><table>{% for a in data.a %}<tr><td>{{ a }}</td></tr>{% endfor %}</table>")
    assert (
        made.index("<table")
        < made.index("{% for")
        < made.index("<tr")
        < made.index("{% endfor")
        < made.index("</table")
    )


def test_css_is_inlined_and_media_queries_are_kept() -> None:
    made = html("<style>p { color: red } @media (max-width: 9px) { p { color: blue } }</style><p>x</p>")
    assert '<p style="color: red;">' in made
    assert "@media (max-width: 9px)" in made


def test_the_pixel_is_last_and_the_preheader_first() -> None:
    made = html("<html><body><p>x</p></body></html>", preheader="Psst & {{ contact.id }}")
    assert made.endswith(f"{PIXEL}</body></html>")
    assert made.index("Psst &amp; {{ contact.id }}") < made.index("<p>")


def test_a_text_of_the_author_s_own_is_kept() -> None:
    assert compiled(Source(subject="s", body="<p>x</p>", text="Mine")).text == "Mine"


@pytest.mark.parametrize(("body", "kind"), [(MJML, "mjml"), (HTML, "html")])
def test_the_starters_compile(body: str, kind: str) -> None:
    made = compiled(Source(subject="s", kind=kind, body=body))
    assert made.links
    assert "{{ unsubscribe_url }}" in made.text


def test_liquid_in_the_sender_s_name_is_refused_as_it_would_go_out_as_written() -> None:
    with pytest.raises(Refused, match="the same in every mail") as refused:
        compiled(Source(subject="s", kind="html", body="<p>x", from_name="{{ contact.owner }}"))
    assert refused.value.where == "from_name"


@pytest.mark.parametrize(
    ("body", "kind", "where"),
    [
        ("", "html", "body"),
        ("<p>\n{{ a | }}", "html", "line:2"),
        ("<mjml><mj-body>\n<mj-section>\n</mj-body></mjml>", "mjml", "line:3"),
        ("<mjml><mj-body><mj-include path='/etc/passwd' /></mj-body></mjml>", "mjml", "line:1"),
        (PAGE.format('<mj-button\n{% if a %}href="https://a.example"{% endif %}>x</mj-button>'), "mjml", "line:2"),
        ("<div>" * 5000, "html", "line:1"),
        ("lq1ql", "html", "body"),
        ("<!--" * 50_000, "html", "line:1"),
        ("<p>\n" + "<style>" * 5_000, "html", "line:2"),
        ("x" * 600_000, "html", "body"),
    ],
)
def test_what_cannot_be_compiled_says_where(body: str, kind: str, where: str) -> None:
    with pytest.raises(Refused) as refused:
        html(body, kind)
    assert refused.value.where == where
