"""What people do with a mail: each act over real HTTP or SMTP; Skywrite's reader reads what is sent back."""

import asyncio
from contextlib import asynccontextmanager

import pytest
from aiohttp import web

from skywrite.channels.email.reading.reader import Envelope, read
from skywrite.demo import acts
from skywrite.demo.acts import World
from skywrite.demo.cast import CAST
from skywrite.demo.mailbox.mails import Mails
from skywrite.demo.mailbox.server import Mailbox

ADA = CAST[0]
PAGE = """<form action="/elsewhere"><input name="csrf" value="c1">
<input type="checkbox" name="topic" value="news" checked>
<input type="checkbox" name="topic2" value="offers"><button name="what" value="some">Save</button>
<button name="what" value="all">All</button></form><form><input name="other" value="x"></form>"""
MAIL = """From: Ann <ann@quay.example>
To: {to}
Reply-To: reply+t1@in.quay.example
Subject: News
Message-ID: <m1@quay.example>
List-Unsubscribe: <{base}/u/t1/x>, <mailto:unsubscribe+t1@in.quay.example>
MIME-Version: 1.0
Content-Type: multipart/alternative; boundary=b

--b
Content-Type: text/plain; charset=utf-8

Hello Ada

--b
Content-Type: text/html; charset=utf-8

<img src="{base}/o/t1"><img src="cid:x"><a href="{base}/c/one">1</a><a href="mailto:x@y.example">m</a>
<a href="{base}/u/t1/x?page">Unsubscribe</a><a href="{base}/c/two">2</a>
--b--
"""


@asynccontextmanager
async def serving(status=200):
    """A web server that answers everything; what it was asked, and its address."""
    asked = []

    async def answer(request):
        form = dict(await request.post()) if request.method == "POST" else None
        asked.append((request.method, request.path, request.headers.get("User-Agent", ""), request.remote, form))
        return web.Response(text=PAGE, content_type="text/html", status=status)

    app = web.Application()
    app.router.add_route("*", "/{tail:.*}", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "0.0.0.0", 0)  # people come from networks of their own
    await site.start()
    try:
        yield asked, f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


def a_mail(base="http://t.example", to=ADA.email):
    return Mails().add("b+t1@in.quay.example", to, MAIL.format(base=base, to=to).replace("\n", "\r\n").encode())


def on_the_web(*acting, status=200):
    """What a web server was asked by these acts on one mail."""

    async def act():
        async with serving(status) as (asked, base):
            world, mail = World("127.0.0.1", 1), a_mail(base)
            for one in acting:
                await one(world, mail)
        return asked

    return asyncio.run(act())


def by_mail(act, *more):
    """The one mail that an act sends: its envelope and how Skywrite reads it."""
    got = []
    with Mailbox(Mails(), lambda _: "", got.append) as mailbox:
        asyncio.run(act(World("127.0.0.1", mailbox.port), a_mail(), *more))
    [mail] = got
    return mail, read(mail.raw, Envelope(mail.sender, (mail.recipient,)))


def test_pictures_are_loaded_and_nothing_else():
    assert [one[:2] for one in on_the_web(acts.opens)] == [("GET", "/o/t1")]


def test_a_click_follows_a_link_that_is_not_for_unsubscribing():
    async def second(world, mail):
        await acts.clicks(world, mail, 1)

    assert [one[1] for one in on_the_web(acts.clicks, second, acts.follows_every_link)] == [
        "/c/one",
        "/c/two",
        "/c/one",
        "/c/two",
    ]


def test_people_have_networks_of_their_own():
    world = World("127.0.0.1", 1)

    async def act():
        async with serving() as (asked, base):
            for one in (ADA, CAST[1], ADA):
                await acts.opens(world, a_mail(base, one.email))
        return [one[3] for one in asked]

    first, second, again = asyncio.run(act())
    assert first == again
    assert first.rsplit(".", 2)[0] != second.rsplit(".", 2)[0] or first.split(".")[2] != second.split(".")[2]


def test_one_click_is_what_the_standard_says():
    [(method, path, _, _, form)] = on_the_web(acts.unsubscribes_at_once)
    assert (method, path, form) == ("POST", "/u/t1/x", {"List-Unsubscribe": "One-Click"})


def test_on_the_page_the_form_is_sent_as_a_browser_would():
    seen, pressed = on_the_web(acts.unsubscribes_on_page)
    assert (seen[0], pressed[0]) == ("GET", "POST")
    assert pressed[4] == {"csrf": "c1", "topic": "news", "what": "all"}


def test_a_server_that_refuses_is_no_success():
    with pytest.raises(Exception, match="503"):
        on_the_web(acts.opens, status=503)


def test_a_reply_is_a_persons():
    mail, reading = by_mail(acts.replies, ADA)
    assert (mail.recipient, reading.kind) == ("reply+t1@in.quay.example", "human_reply")
    assert reading.reply_text.endswith(ADA.first_name)
    assert "Hello Ada" not in reading.reply_text


@pytest.mark.parametrize(
    ("act", "more", "recipient", "kind"),
    [
        (acts.is_away, (ADA,), "reply+t1@in.quay.example", "auto_reply"),
        (acts.unsubscribes_by_mail, (ADA,), "unsubscribe+t1@in.quay.example", "unsubscribe"),
        (acts.bounces, (), "b+t1@in.quay.example", "bounce"),
        (acts.complains, (), "b+t1@in.quay.example", "complaint"),
    ],
)
def test_what_comes_back_is_read_for_what_it_is(act, more, recipient, kind):
    mail, reading = by_mail(act, *more)
    assert (mail.recipient, reading.kind) == (recipient, kind)
    if kind == "bounce":
        [one] = reading.recipients
        assert (one.address, one.bounce_class) == (ADA.email, "hard")
