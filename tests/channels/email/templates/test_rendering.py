import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skywrite.channels.email.filling import places_of, source_of
from skywrite.channels.email.observing.addresses import mailbox
from skywrite.channels.email.settings.model import EmailSettings
from skywrite.channels.email.templates.model import Source
from skywrite.channels.email.templates.rendering import Message, Person, Renderer, web_address
from skywrite.channels.email.tokens import Purpose
from skywrite.channels.email.utm import Utm, led
from skywrite.kit.errors import Refused
from tests.support.mails import ANNA, TOKENS, a_renderer, a_version, part, read, render

BODY = (
    '<p>Hello {{ contact.firstName | default: "there" }}</p><a href="https://a.example/?x=1&amp;y=2">Go</a>'
    '<a href="{{ unsubscribe_url }}">Stop</a><a href="https://a.example/{{ contact.id }}">Yours</a>'
)


def test_it_has_the_headers_of_a_good_mail() -> None:
    mail = read(render(a_version(BODY, subject='News for {{ contact.firstName | default: "you" }}')))
    token = mail["X-Skywrite-Id"]
    assert TOKENS.opened(Purpose.MESSAGE, token) == 77
    assert mail["Message-ID"] == f"<{token}@quay.example>"
    assert (mail["Subject"], mail["To"]) == ("News for Anna", "anna@example.com")
    assert mail["From"] == "Ann of Quay <ann@quay.example>"
    reply = re.fullmatch(r"Ann of Quay <r(\w+)@in\.quay\.example>", mail["Reply-To"])
    assert reply is not None
    assert TOKENS.opened(Purpose.REPLY, reply[1]) == 77
    assert mail["Feedback-ID"] == "broadcast_1:template_3:marketing:quay.example"
    assert mail["CFBL-Feedback-ID"] == token
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Precedence"] == "bulk"
    assert [each.get_content_type() for each in mail.iter_parts()] == ["text/plain", "text/html"]


def test_marketing_can_be_left_with_one_click_and_transactional_mail_cannot() -> None:
    mail = read(render(a_version(BODY)))
    found = re.fullmatch(
        r"<https://t\.example\.com/u/(\w+)>,\s+<mailto:u(\w+)@in\.quay\.example\?subject=unsubscribe>",
        mail["List-Unsubscribe"],
    )
    assert found is not None
    assert {TOKENS.opened(Purpose.UNSUBSCRIBE, each) for each in found.groups()} == {77}
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    other = read(render(a_version(BODY, is_transactional=True)))
    assert other["List-Unsubscribe"] is None
    assert other["Precedence"] is None


def test_links_lead_back_to_where_they_lead_from_both_parts() -> None:
    rendered = render(a_version(BODY))
    for kind in ("html", "plain"):
        paths = re.findall(r"https://t\.example\.com/c/(\w+)/(\w+)/([\w-]+)", part(rendered, kind))
        followed = [TOKENS.followed(*path) for path in paths]
        assert followed == [(77, "https://a.example/?x=1&y=2"), (77, "https://a.example/person_5")]


@pytest.mark.parametrize("broadcast", ["", "Autumn sale"])
def test_links_that_are_counted_get_utm_parameters_and_no_others(broadcast: str) -> None:
    body = (
        '<a href="https://a.example/?x=1#y">a</a> <a href="https://b.example/{{ contact.id }}">b</a>'
        '<a href="mailto:ann@quay.example">m</a> <a href="{{ unsubscribe_url }}">u</a>'
        '<a href="https://c.example" data-track="false">c</a>'
    )
    renderer, message = a_renderer(utm=Utm("news", "email")), Message(id=77, campaign_name=broadcast)
    rendered = renderer.render(a_version(body, name="Welcome"), ANNA, message)
    added = f"utm_source=news&utm_medium=email&utm_campaign={'Autumn%20sale' if broadcast else 'Welcome'}"
    goals = [f"https://a.example/?x=1&{added}#y", f"https://b.example/person_5?{added}"]
    for kind in ("html", "plain"):
        paths = re.findall(r"https://t\.example\.com/c/(\w+)/(\w+)/([\w-]+)", part(rendered, kind))
        followed = [TOKENS.followed(*path) for path in paths]
        assert [led(target)[1] for _, target in followed] == goals
        assert "utm_" not in part(rendered, kind)  # what is added shows only where it is followed


def test_the_pixel_and_the_unsubscribe_link_have_tokens() -> None:
    page = part(render(a_version(BODY)))
    assert TOKENS.opened(Purpose.OPEN, re.search(r"/o/(\w+)\.gif", page)[1]) == 77
    assert TOKENS.opened(Purpose.UNSUBSCRIBE, re.search(r"/u/(\w+)\"", page)[1]) == 77


@pytest.mark.parametrize("body", [BODY, BODY + "{% for x in (1..2) %}{{ x }}{% endfor %}"])
def test_every_line_ends_with_crlf_and_is_short(body: str) -> None:
    content = render(a_version(body + "<p>Zoë " + "word " * 300 + "</p>")).content
    assert b"\n" not in content.replace(b"\r\n", b"")
    assert max(len(line) for line in content.split(b"\r\n")) <= 100  # of headers; bodies keep 76


@given(st.text(max_size=60), st.text(max_size=60))
def test_no_trait_begins_a_header(first: str, last: str) -> None:
    person = Person(
        "anna@example.com", 5, None, {"firstName": first, "lastName": f"x\r\nBcc: evil@x.example\r\n\r\n{last}"}
    )
    version = a_version("<p>x</p>", subject='{{ contact.firstName | default: "-" }} {{ contact.lastName }}')
    mail = read(render(version, person, headers={"X-Campaign": f"a\r\nBcc: b@x.example{last}", "Bcc": "c@x.example"}))
    assert mail["Bcc"] is None
    assert len(mail.keys()) == len(set(mail.keys()))


def test_a_name_with_a_line_end_stays_in_the_subject() -> None:
    person = Person("anna@example.com\r\nBcc: evil@x.example", 5, None, {"firstName": "A\r\nX-Evil: 1"})
    mail = read(render(a_version("<p>x</p>", subject="Hi {{ contact.firstName }}"), person))
    assert mail["Subject"] == "Hi A X-Evil: 1"
    assert mail["X-Evil"] is None
    assert mail["Bcc"] is None


@pytest.mark.parametrize(
    ("traits", "body", "where"),
    [
        ({}, "Hi {{ contact.firstName }}", "contact.firstName"),
        ({"firstName": " "}, "Hi {{ contact.firstName }}", "contact.firstName"),
        ({"site": "javascript:alert(1)"}, '<a href="{{ contact.site }}">x</a>', "links"),
        ({"site": "/path"}, '<a href="{{ contact.site }}">x</a>', "links"),
        *[
            ({"site": host}, f'<a href="https://{before}{{{{ contact.site }}}}/x">x</a>', "links")
            for before in ("", "www.")
            for host in (
                "[bad",
                "[::1",
                "a]b.example",
                "a b.example",
                "a..example",
                "a.example:99999",
                "a.example:0",
                "a\nb.example",
                "1.2.3.400",
                "a" * 64 + ".example",
                "a.example\\@b.example",
                "%zz.example",
            )
        ],
    ],
)
def test_what_must_not_be_sent_is_refused(traits: dict[str, str], body: str, where: str) -> None:
    with pytest.raises(Refused) as refused:
        render(a_version(body), Person("a@b.example", 1, None, traits))
    assert refused.value.where == where


@pytest.mark.parametrize(
    ("site", "target"),
    [
        ("a.example", "https://a.example/x"),
        ("A.example:8443", "https://A.example:8443/x"),
        ("münchen.example:80", "https://xn--mnchen-3ya.example:80/x"),
        ("localhost", "https://localhost/x"),
        ("[::1]:8080", "https://[::1]:8080/x"),
        ("127.0.0.1", "https://127.0.0.1/x"),
        ("a_b.c.d.e.example.", "https://a_b.c.d.e.example./x"),
        ("a.example/ä b/%zz", "https://a.example/%C3%A4%20b/%zz/x"),
    ],
)
def test_an_address_that_leads_somewhere_is_sent_as_a_browser_asks_for_it(site: str, target: str) -> None:
    person = Person("a@b.example", 1, None, {"site": site})
    page = part(render(a_version('<a href="https://{{ contact.site }}/x">x</a>'), person))
    (path,) = re.findall(r"https://t\.example\.com/c/(\w+)/(\w+)/([\w-]+)", page)
    assert TOKENS.followed(*path) == (77, target)


def test_a_trait_cannot_pose_as_an_address_or_an_id() -> None:
    person = Person("real@b.example", 9, None, {"email": "fake@b.example", "id": "person_1"})
    assert "real@b.example person_9" in part(render(a_version("{{ contact.email }} {{ contact.id }}"), person))


@pytest.mark.parametrize(
    ("written", "target"),
    [
        ("https://a.example/?b=c&d=%20#e", "https://a.example/?b=c&d=%20#e"),
        ('https://a.example/"q"', "https://a.example/%22q%22"),
        ("https://a.example/a b", "https://a.example/a%20b"),
        ("https://bücher.example/ä?ö#ü", "https://xn--bcher-kva.example/%C3%A4?%C3%B6#%C3%BC"),
        ("https://a.example/\r\nX: y", "https://a.example/%0D%0AX:%20y"),
        (" https://a.example ", "https://a.example"),
        ("HTTPS://A.example/", "HTTPS://A.example/"),
        ("mailto:a@b.example", "mailto:a@b.example"),
    ],
)
def test_a_target_is_as_a_location_can_have_it(written: str, target: str) -> None:
    assert web_address(written) == target


def test_a_reply_goes_to_our_address_and_to_whom_the_template_names() -> None:
    addresses = read(render(a_version(BODY, reply_to="sales@quay.example")))["Reply-To"].addresses
    assert [each.domain for each in addresses] == ["in.quay.example", "quay.example"]


@pytest.mark.parametrize(
    ("settings", "before", "behind"),
    [
        ({}, "", "@quay.example"),
        ({"inbound_domain": "in.quay.example", "bounce_domain": "b.quay.example"}, "", "@in.quay.example"),
        ({"mailbox": "mail@box.example"}, "mail+", "@box.example"),
    ],
)
def test_replies_unsubscribes_and_complaints_go_to_where_the_settings_say(settings, before, behind) -> None:
    places = places_of(EmailSettings(from_address="ann@quay.example", **settings), "http://localhost")
    mail = read(Renderer(TOKENS, places).render(a_version(BODY), ANNA, Message(id=77)))
    reply, stop, complaint = (
        mail["Reply-To"],
        re.search(r"mailto:([^?]+)", mail["List-Unsubscribe"])[1],
        mail["CFBL-Address"].partition(";")[0],
    )
    assert reply == f"{before}r{TOKENS.token(Purpose.REPLY, 77)}{behind}"
    assert stop == f"{before}u{TOKENS.token(Purpose.UNSUBSCRIBE, 77)}{behind}"
    assert complaint == f"{before}fbl{behind}"
    assert all(mailbox(address, TOKENS) for address in (reply, stop, complaint))  # the server takes them


@pytest.mark.parametrize(
    ("body", "list_id"), [({}, None), ({"is_transactional": False, "topic_id": 4}, "<topic-4.quay.example>")]
)
def test_a_body_of_the_api_can_be_marketing(body, list_id) -> None:
    renderer = a_renderer()
    version = renderer.inline(source_of({"subject": "News", "html": "<p>Hello</p>"} | body))
    mail = read(renderer.render(version, ANNA, Message(id=77)))
    assert mail["List-Id"] == list_id
    assert (mail["List-Unsubscribe"] is None) == (list_id is None)


def test_a_body_of_the_api_is_rendered_the_same_way() -> None:
    renderer = a_renderer()
    source = Source(subject="Code {{ data.code }}", text="Your code is {{ data.code }}", is_transactional=True)
    version = renderer.inline(source)
    assert renderer.inline(Source(subject="Code {{ data.code }}", text=source.text, is_transactional=True)) is version
    mail = read(renderer.render(version, ANNA, Message(id=1, data={"code": "1234"})))
    assert (mail["Subject"], mail.get_content().strip()) == ("Code 1234", "Your code is 1234")


def test_without_an_address_to_send_from_it_is_refused() -> None:
    with pytest.raises(Refused, match="no address to send from"):
        a_renderer(from_address="").render(a_version(), ANNA, Message(id=1))
