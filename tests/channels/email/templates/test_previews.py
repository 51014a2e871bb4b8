from skywrite.channels.email.templates.compiling import compiled
from skywrite.channels.email.templates.model import Source
from skywrite.channels.email.templates.previews import SAMPLE, as_test, click_map, preview
from skywrite.channels.email.templates.rendering import Message, Person
from tests.support.mails import ANNA, PLACES, a_renderer, a_version, part, read

SOURCE = Source(
    name="x",
    subject="Hi {{ contact.firstName }}",
    body='<p>{{ contact.firstName }} <a href="https://a.example/x">x</a> <a href="{{ unsubscribe_url }}">u</a></p>',
)


def test_a_preview_leads_nowhere_but_to_the_targets() -> None:
    seen = preview(SOURCE, compiled(SOURCE), PLACES, SAMPLE, {})
    assert seen.subject == "Hi Ada"
    assert 'href="https://a.example/x"' in seen.html
    assert PLACES.base_url not in seen.html + seen.text
    assert seen.size == len(seen.html)


def test_why_there_would_be_no_mail_is_said() -> None:
    assert "contact.firstName" in preview(SOURCE, compiled(SOURCE), PLACES, Person("a@b.example"), {}).refusal


def test_a_map_of_clicks_has_the_links_ids() -> None:
    version = a_version(SOURCE.body)
    (link,) = version.compiled.links
    assert f'href="#{link.id}"' in click_map(version, PLACES, ANNA, {})


def test_a_test_says_what_the_contact_would_read_even_if_that_looks_like_liquid() -> None:
    person = Person("a@b.example", 5, None, {"firstName": "{{ evil }} {% x %}"})
    source = as_test(SOURCE, compiled(SOURCE), PLACES, person, {})
    renderer = a_renderer()
    rendered = renderer.render(renderer.inline(source), ANNA, Message(id=9))
    assert read(rendered)["Subject"] == "Hi {{ evil }} {% x %}"
    page = part(rendered)
    assert "{{ evil }} {% x %}" in page
    assert "https://t.example.com/u/" in page
    assert "https://t.example.com/c/" in page
