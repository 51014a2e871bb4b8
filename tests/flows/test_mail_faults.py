"""Mail through a whole Skywrite, with receivers, senders, people and templates that behave as badly as they can."""

import contextlib
import email
import email.policy
import http.client
import itertools
import smtplib
import ssl
import urllib.parse
from email.message import EmailMessage

import pytest
from sqlalchemy import update

from skywrite.kit.time import now_micros
from skywrite.settings import Settings
from skywrite.store.engine import open_store
from skywrite.store.mail_tables import messages
from tests.support.build import an_event
from tests.support.mail_server import DROP, HANG, a_running_server
from tests.support.ports import free_port
from tests.support.skywrite import Skywrite

pytestmark = pytest.mark.flow
DAY = 86_400_000_000
_FRESH = itertools.count(1)


class Post:
    """A running Skywrite whose mail goes to `server`, and what can be done from both ends."""

    def __init__(self, skywrite, server, store):
        self.skywrite, self.server, self.store = skywrite, server, store
        self.inbound_port = free_port()
        self.rcpt, self.dot = {}, {}  # recipient -> what the server answers
        server.says |= {"rcpt": lambda to: self.rcpt.get(to, ""), "dot": lambda to: self.dot.get(to, "")}

    def set_up(self):
        settings = {
            "from_address": "ann@quay.example",
            "inbound_port": self.inbound_port,
            "hold_seconds": 0,
            "machine_seconds": 0,
        }
        self.go_to(self.server, settings=settings)
        self.skywrite.wait_until(self._takes_mail, "a mail server")

    def go_to(self, server, **more):
        """From now on mail goes to this server."""
        carried = {"mode": "direct", "routes": [f"*=127.0.0.1:{server.port}"]}
        done = self.skywrite.api("PATCH", "/channels/email", {"provider": "smtp", "provider_settings": carried, **more})
        assert done.status == 200, done

    def _takes_mail(self):
        with contextlib.suppress(OSError), smtplib.SMTP("127.0.0.1", self.inbound_port, timeout=10):
            return True
        return False

    # ---- what goes out ----

    def send(self, to=None, **body):
        """Ask for a message; its number and its recipient."""
        to = to or f"p{next(_FRESH)}@example.net"
        given = {"to": {"email": to} if isinstance(to, str) else to} | (body or {"subject": "Hi", "text": "Hello"})
        answer = self.skywrite.api("POST", "/messages", given)
        assert answer.status == 201, answer
        return answer.json["id"], to

    def message(self, number):
        return self.skywrite.api("GET", f"/messages/{number}").json["message"]

    def until(self, number, *states):
        """The message, once it is in one of these states."""

        def arrived():
            found = self.message(number)
            return found if found["state"] in states else None

        return self.skywrite.wait_until(arrived, f"message {number} {' or '.join(states)}")

    def delivered(self, to=None, **body):
        """A message that has been taken, and the mail as it came."""
        number, to = self.send(to, **body)
        self.until(number, "delivered")
        address = to if isinstance(to, str) else self.message(number)["email"]
        return number, next(mail for mail in reversed(self.server.mails) if mail.recipient == address)

    def change(self, number, **values):
        with self.store.write() as connection:
            connection.execute(update(messages).where(messages.c.id == number).values(**values))

    def asked_for(self, to):
        """How often a server was asked to take mail for an address."""
        return sum(line.startswith(f"RCPT TO:<{to}>") for line in self.server.commands)

    def suppressions(self):
        return {one["address"]: one["reason"] for one in self.skywrite.api("GET", "/suppressions").json}

    # ---- what comes in ----

    def write(self, sender, to, raw, *options):
        """A mail from outside, in TLS as most are."""
        nobody = ssl.create_default_context()
        nobody.check_hostname, nobody.verify_mode = False, ssl.CERT_NONE
        with smtplib.SMTP("127.0.0.1", self.inbound_port, timeout=120) as client:
            client.starttls(context=nobody)
            client.sendmail(sender, [to], raw, mail_options=options)


@pytest.fixture(scope="module")
def post(tmp_path_factory):
    folder = tmp_path_factory.mktemp("mail")
    with (
        a_running_server() as server,
        Skywrite(folder / "data", private_destinations="true") as skywrite,
        contextlib.closing(open_store(Settings(data=folder / "data"))) as store,
    ):
        post = Post(skywrite, server, store)
        post.set_up()
        yield post
        server.cut()  # whoever hangs there need not be waited for


def parsed(mail) -> EmailMessage:
    return email.message_from_bytes(mail.content, policy=email.policy.default)


def reply_address(mail):
    return parsed(mail)["Reply-To"].addresses[0].addr_spec


def a_report(to, *, blocks="", parts=""):
    """A delivery report: nobody there."""
    return (
        "From: MAILER-DAEMON@mx.example.net\r\nSubject: Undelivered Mail\r\nMIME-Version: 1.0\r\n"
        "Content-Type: multipart/report; report-type=delivery-status; boundary=x\r\n\r\n--x\r\n"
        "Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example.net\r\n\r\n"
        f"Final-Recipient: rfc822; {to}\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n{blocks}{parts}--x--\r\n"
    ).encode()


# ---- receivers ----


@pytest.mark.parametrize("weight", ["plain", "a thousand recipients and parts, and fifty megabytes"])
def test_taken_first_and_bounced_later_to_the_return_path(post, weight):
    number, mail = post.delivered()
    blocks = parts = ""
    if weight != "plain":
        blocks = "".join(f"Final-Recipient: rfc822; x{n}@example.net\r\nAction: failed\r\n\r\n" for n in range(999))
        parts = "--x\r\nContent-Type: text/plain\r\n\r\nx\r\n" * 1_000 + ("y" * 998 + "\r\n") * 49_000
    post.write("", mail.sender, a_report(mail.recipient, blocks=blocks, parts=parts))
    assert post.until(number, "bounced")["bounce_class"] == "hard"
    assert post.suppressions()[mail.recipient] == "hard_bounce"
    again, _ = post.send(mail.recipient)
    assert "bounced for good" in post.until(again, "rejected")["reason"]
    assert post.server.got[mail.recipient] == 1


def test_a_change_of_the_channel_holds_for_the_very_next_mail(post):
    with a_running_server() as other:
        for server in (other, post.server, other, post.server):
            post.go_to(server)
            number, to = post.send()
            post.until(number, "delivered", "deferred")
            assert server.got[to] == other.got[to] + post.server.got[to] == 1


def test_over_fifty_megabytes_is_refused_and_the_server_goes_on(post):
    _, mail = post.delivered()
    with pytest.raises(smtplib.SMTPException) as refused:
        post.write("", mail.sender, b"Subject: x\r\n\r\n" + (b"y" * 998 + b"\r\n") * 54_000)
    assert "552" in str(refused.value)
    test_taken_first_and_bounced_later_to_the_return_path(post, "plain")


@pytest.mark.parametrize("moment", ["dot", "rcpt"])
def test_a_receiver_that_hangs_up(post, moment):
    """After the content nobody can tell, and it is never sent again; before it, it is, and nobody gets two."""
    to = f"hangs.up.at.{moment}@example.net"
    getattr(post, moment)[to] = DROP
    number, _ = post.send(to)
    if moment == "dot":
        assert post.until(number, "unknown")
        del post.dot[to]
        post.delivered()
        assert (post.message(number)["state"], post.asked_for(to)) == ("unknown", 1)
        return
    post.until(number, "deferred")
    del post.rcpt[to]
    post.change(number, due_at=now_micros())
    post.until(number, "delivered")
    assert post.server.got[to] == 1


def test_put_off_for_long_it_arrives_once_or_is_given_up(post):
    post.rcpt |= dict.fromkeys(("late@example.net", "never@example.net"), "450 4.2.0 greylisted")
    late, never = post.send("late@example.net")[0], post.send("never@example.net")[0]
    for tried in (1, 2, 3):
        for number in (late, never):
            post.skywrite.wait_until(
                lambda number=number, tried=tried: post.message(number)["attempts"] == tried, f"tried {tried} times"
            )
            assert post.until(number, "deferred")["reason"] == "450 4.2.0 greylisted"
            if tried < 3:
                post.change(number, due_at=now_micros())
    post.change(never, first_tried_at=now_micros() - 3 * DAY, due_at=now_micros())
    found = post.until(never, "bounced")
    assert (found["bounce_class"], found["reason"]) == ("soft", "expired: 450 4.2.0 greylisted")
    del post.rcpt["late@example.net"]
    post.change(late, due_at=now_micros())
    post.until(late, "delivered")
    assert (post.server.got["late@example.net"], post.server.got["never@example.net"]) == (1, 0)
    assert "never@example.net" not in post.suppressions()


REFUSALS = {
    "nobody there": ("550 5.1.1 no such user", "hard"),
    "not from us": ("554 5.7.1 blocked using bl.example", "block"),
    "no room": ("552 5.2.2 mailbox full", "soft"),
}


@pytest.mark.parametrize(("said", "bounce_class"), REFUSALS.values(), ids=list(REFUSALS))
def test_refused_for_good_by_its_class(post, said, bounce_class):
    to = f"p{next(_FRESH)}@example.net"
    post.rcpt[to] = said
    number, _ = post.send(to)
    assert post.until(number, "bounced")["bounce_class"] == bounce_class
    assert (to in post.suppressions()) == (bounce_class == "hard")


def test_a_tarpit_holds_up_nobody_else(post):
    held = {moment: f"tarpit.at.{moment}@example.net" for moment in ("rcpt", "dot")}
    numbers = {}
    for moment, to in held.items():
        getattr(post, moment)[to] = HANG
        numbers[moment], _ = post.send(to)
        post.skywrite.wait_until(lambda to=to: post.asked_for(to), "in the tarpit")
    for _ in range(5):
        post.delivered()
    del post.rcpt[held["rcpt"]]
    post.server.cut()
    post.until(numbers["rcpt"], "delivered")
    post.until(numbers["dot"], "unknown")


# ---- people ----


def test_who_is_erased_while_a_mail_is_on_its_way_leaves_nothing_behind(post, people):
    person = people("held@example.net", {"firstName": "Ada"})
    post.dot["held@example.net"] = HANG
    number, _ = post.send({"user_id": person["user_id"]}, subject="Hi", text="Hello")
    post.skywrite.wait_until(lambda: post.asked_for("held@example.net"), "on its way")
    assert post.skywrite.api("DELETE", f"/contacts/{person['id']}").status == 200
    post.server.cut()
    post.until(number, "unknown")
    again, _ = post.send("held@example.net")
    assert "forgotten" in post.until(again, "rejected")["reason"]


def trait(name):
    return "{{ contact." + name + " | default: 'none' }}"


EVIL = "Ada\r\nBcc: evil@example.com\r\n\r\n<script>alert(1)</script>"


def test_no_trait_becomes_a_header_a_recipient_or_markup(post, people, template):
    person = people("inject@example.net", {"firstName": EVIL, "email2": "x@example.com>\r\nRCPT TO:<evil@example.com"})
    mine = template(subject=f"Hello {trait('firstName')}", body=f"<p>{trait('firstName')} {trait('email2')}</p>")
    _, mail = post.delivered({"user_id": person["user_id"]}, template_id=mine)
    found = parsed(mail)
    assert found["Bcc"] is None
    assert found["Subject"].startswith("Hello Ada Bcc: evil@example.com")
    assert "<script>" not in found.get_body(("html",)).get_content()
    assert not any("evil@example.com" in line for line in post.server.commands)


ADDRESSES = {
    "info@bücher.example": ("info@xn--bcher-kva.example", False),
    "jörg@bücher.example": ("jörg@xn--bcher-kva.example", True),
    "почта@пример.example": ("почта@xn--e1afmkfd.example", True),
}


@pytest.mark.parametrize("to", ADDRESSES)
def test_letters_of_any_script(post, to):
    on_the_wire, needs_smtputf8 = ADDRESSES[to]
    number, _ = post.send(to)
    post.until(number, "delivered")
    mail = next(mail for mail in post.server.mails if mail.recipient == on_the_wire)
    assert ("SMTPUTF8" in mail.mail) == needs_smtputf8
    post.write(to, reply_address(mail), f"From: <{to}>\r\n\r\nÜber".encode(), "SMTPUTF8")
    post.skywrite.wait_until(lambda: post.message(number)["replied_at"], "replied to")


# ---- templates ----

ENDLESS = (
    "{% for a in (1..9999) %}{% for b in (1..9999) %}{% for c in (1..9999) %}x{% endfor %}{% endfor %}{% endfor %}"
)
GREEDY = '{% assign a = "xxxxxxxxxx" %}' + "{% assign a = a | append: a | append: a %}" * 30 + "{{ a }}"
PRYING = [
    "{{ contact.__class__.__mro__ }}",
    "{% include '/etc/passwd' %}",
    "{{ settings.secret }}",
    "{{ contact.items }}",
]


@pytest.mark.parametrize("body", [ENDLESS, GREEDY, *PRYING])
def test_a_template_that_never_ends_or_pries_sends_nothing_and_stops_nothing(post, people, body):
    answer = post.skywrite.api("POST", "/templates", {"name": body[:60], "kind": "html", "body": f"<p>{body}</p>"})
    if answer.status == 201:
        answer = post.skywrite.api("POST", f"/templates/{answer.json['id']}/publish")
    assert 400 <= answer.status < 500, answer
    assert answer.json["error"]
    inline = {"to": {"email": f"p{next(_FRESH)}@example.net"}, "subject": "Hi", "html": f"<p>{body}</p>"}
    answer = post.skywrite.api("POST", "/messages", inline)
    if answer.status == 201:
        assert post.until(answer.json["id"], "rejected")["reason"]
    else:
        assert (answer.status, answer.json["where"]) == (400, "html")
    post.delivered()


def test_a_link_with_quotes_leads_where_it_says(post, template):
    mine = template(
        subject="Hi", body="""<p><a href="https://example.com/?q=&quot;{{ data.q }}&quot;&amp;n='b'">x</a></p>"""
    )
    number, mail = post.delivered(template_id=mine, data={"q": "a\"b'c<d> e"})
    html = parsed(mail).get_body(("html",)).get_content()
    (link,) = [part.partition('"')[0] for part in html.split('href="')[1:] if "/c/" in part.partition('"')[0]]
    assert not {"'", "<", " "} & set(link)
    answer = _unfollowed(link.replace("&amp;", "&"))
    asked = urllib.parse.parse_qs(urllib.parse.urlsplit(answer).query)
    assert asked == {"q": ['"a"b\'c<d> e"'], "n": ["'b'"]}
    assert not {'"', "<", ">", " "} & set(answer)
    post.skywrite.wait_until(lambda: post.message(number)["clicked_at"], "clicked")


# ---- mail that comes in ----

MALFORMED = {
    "nothing": b"",
    "no header": b"\r\nx\r\n",
    "every byte": bytes(range(256)).replace(b"\r", b"").replace(b"\n", b"") * 40,
    "a part without an end": b"Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n\r\nx",
    "no boundary": b"Content-Type: multipart/report; report-type=delivery-status\r\n\r\n--x\r\n\r\nx",
    "parts in parts": b"".join(b"Content-Type: multipart/a; boundary=%d\r\n\r\n--%d\r\n" % (n, n) for n in range(999)),
    "broken base64": b"Content-Type: text/plain\r\nContent-Transfer-Encoding: base64\r\n\r\n=====!!!\r\n",
    "an unknown charset": b"Content-Type: text/plain; charset=klingon\r\n\r\n\xff\xfe\r\n",
    "a header of a megabyte": b"Subject: " + b"x" * (1 << 20) + b"\r\n\r\nx\r\n",
    "a thousand headers": b"To: <a@b.c>\r\n" * 5_000 + b"\r\nx\r\n",
    "an encoded word without end": b"Subject: =?utf-8?q?=ff=\r\nFrom: =?x?b?///?= <\r\n\r\nx\r\n",
}  # fmt: skip


def test_no_mail_is_too_broken_to_be_taken_and_the_next_is_read(post):
    (_, first), (number, second) = post.delivered(), post.delivered()
    for raw in MALFORMED.values():
        post.write("a@example.net", reply_address(first), raw)
    post.write(second.recipient, reply_address(second), f"From: {second.recipient}\r\n\r\nGood.\r\n".encode())
    post.skywrite.wait_until(lambda: post.message(number)["replied_at"], "read after all that is broken")


# ---- what the tests are made of ----


@pytest.fixture(scope="module")
def people(post):
    """A function that makes a contact by the tracking API."""
    shop = post.skywrite.add_source(name="People")
    key = post.skywrite.api("GET", "/segment-sync").json["keys"][0]["key"]
    body = {"kind": "autopilothq", "name": "Contacts", "sources": [shop["id"]], "settings": {"apiKey": key}}
    assert post.skywrite.api("POST", "/destinations", body).status == 201

    def add(address, traits):
        event = an_event(
            type="identify", userId=f"u-{address}", messageId=f"m-{address}", traits={"email": address} | traits
        )
        assert post.skywrite.send(shop, event).status == 200

        def found():
            page = post.skywrite.api("GET", f"/contacts?q={address}").json["contacts"]
            return page[0] if page else None

        return post.skywrite.wait_until(found, f"a contact {address}")

    return add


@pytest.fixture
def template(post):
    """A function that publishes a transactional template of HTML."""

    def add(**fields):
        given = {"name": f"T{next(_FRESH)}", "kind": "html", "is_transactional": True} | fields
        made = post.skywrite.api("POST", "/templates", given).json
        published = post.skywrite.api("POST", f"/templates/{made['id']}/publish")
        assert published.status == 200, published
        return made["id"]

    return add


def _unfollowed(url):
    """Where an address redirects to."""
    parts = urllib.parse.urlsplit(url)
    with contextlib.closing(http.client.HTTPConnection(parts.netloc, timeout=120)) as connection:
        connection.request(
            "GET", url.partition(parts.netloc)[2], headers={"User-Agent": "Mozilla/5.0 (X11) Firefox/130"}
        )
        answer = connection.getresponse()
        answer.read()
        assert answer.status in (302, 303, 307), answer.status
        return answer.getheader("location")
