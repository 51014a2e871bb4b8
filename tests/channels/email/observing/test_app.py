"""The unsubscribe page by real HTTP: GET asks, the right POST acts, everything else changes nothing."""

import msgspec
import pytest
from sqlalchemy import delete, insert

from skywrite.channels.email.tokens import Purpose
from skywrite.kit.errors import Later
from skywrite.store.mail_tables import suppressions, topics
from tests.support.mail_doors import MailDoors
from tests.support.observing import add_contact, add_message

MULTIPART = '--b\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--b--\r\n'
FORM = "application/x-www-form-urlencoded"


class Site(MailDoors):
    """The doors, and Ada's unsubscribe link."""

    def __init__(self, store, folder, **fields):
        super().__init__(store, folder, **fields)
        with store.write() as connection:
            connection.execute(delete(topics))
            self.message = add_message(connection, add_contact(connection, "Ada@example.com"))
            for number, name in enumerate(("News", "Offers"), 1):
                connection.execute(insert(topics).values(id=number, name=name, description=f"{name}!", created_at=1))
        self.link = f"/u/{self.tokens.token(Purpose.UNSUBSCRIBE, self.message)}"

    def choices(self):
        return [msgspec.json.decode(record.body) for record in self.records()]

    def press(self, do, wait=5_000, **fields):
        """Press a button of the page, `wait` ms after it came."""
        _, hidden = self.page(self.link)
        sent = [("do", do), ("at", str(int(hidden["at"]) - wait)), *fields.items()]
        return self.form(self.link, sent)


@pytest.fixture(scope="module")
def served(shared_store, tmp_path_factory):
    with Site(shared_store, tmp_path_factory.mktemp("site")) as site:
        yield site


@pytest.fixture
def site(served):
    return served.forget()


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS", "PUT", "DELETE"])
def test_only_a_post_unsubscribes(site, method):
    site.request(method, site.link)
    assert site.choices() == []


def test_the_page_asks_first_and_names_the_address_partly(site):
    text, _ = site.page(site.link)
    assert "A•••@example.com" in text
    assert "Ada@" not in text
    assert "<script" not in text
    assert all(word in text for word in ("News", "Offers", "Unsubscribe from everything"))


ONE_CLICK = {
    "urlencoded": (FORM, "List-Unsubscribe=One-Click", True),
    "multipart": ("multipart/form-data; boundary=b", MULTIPART, True),
    "no content type": ("", "List-Unsubscribe=One-Click", True),
    "another value": (FORM, "List-Unsubscribe=Two-Clicks", False),
    "lower case": (FORM, "list-unsubscribe=one-click", False),
    "nothing": (FORM, "", False),
    "JSON": ("application/json", '{"List-Unsubscribe": "One-Click"}', False),
    "a broken multipart": ("multipart/form-data; boundary=z", "--z\r\n\r\n", False),
    "too long": (FORM, "a=" + "b" * 70_000 + "&List-Unsubscribe=One-Click", False),
}


@pytest.mark.parametrize(("kind", "body", "acts"), ONE_CLICK.values(), ids=ONE_CLICK)
def test_one_click_needs_the_right_body_and_any_other_shows_the_page(site, kind, body, acts):
    status, headers, answer = site.request("POST", site.link, body, content_type=kind)
    assert (status, "location" in headers, "set-cookie" in headers) == (200, False, False)
    chosen = {"message_id": site.message, "method": "one_click", "everything": True}
    assert site.choices() == ([chosen] if acts else [])
    assert acts or b"Email preferences" in answer


def test_the_page_s_button_unsubscribes_from_everything(site):
    status, _, body = site.press("all")
    assert (status, b"You are unsubscribed" in body) == (200, True)
    assert site.choices() == [{"message_id": site.message, "method": "page", "everything": True}]


def test_topics_are_chosen_by_their_boxes(site):
    _, _, body = site.press("save", shown="1", topic="2")
    assert b"Preferences saved" in body
    assert site.choices() == [{"message_id": site.message, "method": "page", "off": [1]}]


def test_who_is_off_may_come_back(site, shared_store):
    with shared_store.write() as connection:
        row = {"address": "ada@example.com", "scope": "all", "reason": "unsubscribed", "since": 1, "evidence": ""}
        connection.execute(insert(suppressions).values(**row))
    assert "you are unsubscribed from everything" in site.page(site.link)[0]
    _, _, body = site.press("resubscribe")
    assert b"You are subscribed" in body
    assert site.choices() == [{"message_id": site.message, "method": "page", "everything": False}]
    with shared_store.write() as connection:
        connection.execute(delete(suppressions))


def suppressed(store, *reasons):
    """Put Ada on the suppression list for these reasons alone."""
    with store.write() as connection:
        connection.execute(delete(suppressions))
        for reason in reasons:
            row = {"address": "ada@example.com", "scope": "all", "reason": reason, "since": 1, "evidence": ""}
            connection.execute(insert(suppressions).values(**row))


@pytest.fixture
def stopped(site, shared_store):
    """The site; call it with what stands against Ada."""
    yield lambda *reasons: suppressed(shared_store, *reasons)
    suppressed(shared_store)


@pytest.mark.parametrize("reason", ["manual", "complaint", "hard_bounce", "repeated_soft", "imported", "erased"])
def test_who_can_get_nothing_is_told_so_and_whom_to_ask(site, stopped, reason):
    stopped(reason)
    text, _ = site.page(site.link)
    assert "No emails go to <strong>A•••@example.com</strong>" in text
    assert "ask the sender" in text
    assert "Unsubscribe from everything" in text
    assert not any(word in text for word in ("Choose what is sent", "News", "Save preferences", "Subscribe", reason))


@pytest.mark.parametrize("fields", [{"do": "save", "shown": "1", "topic": "1"}, {"do": "resubscribe"}])
def test_a_choice_of_who_can_get_nothing_is_kept_and_promises_nothing(site, stopped, fields):
    stopped("manual")
    _, _, body = site.press(**fields)
    assert b"no emails go to your address" in body
    assert b"ask the sender" in body
    assert not any(words in body for words in (b"you get only what you chose", b"Good to have you back", b"News"))
    assert len(site.choices()) == 1


def test_who_can_get_nothing_may_still_unsubscribe_and_then_has_no_button(site, stopped):
    stopped("hard_bounce")
    assert b"You are unsubscribed" in site.press("all")[2]
    stopped("hard_bounce", "unsubscribed")
    text, _ = site.page(site.link)
    assert ("ask the sender" in text, "<form" in text, "<button" in text) == (True, False, False)


@pytest.mark.parametrize("fields", [{"wait": 10}, {"website": "https://spam.example"}, {"wait": -(10**9)}])
def test_a_program_that_submits_forms_changes_nothing_and_sees_the_page_again(site, fields):
    _, _, body = site.press("all", **fields)
    assert (site.choices(), b"press the button once more" in body) == ([], True)


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("purpose", [each for each in Purpose if each is not Purpose.UNSUBSCRIBE])
def test_a_token_that_is_not_for_it_shows_nothing_of_anybody(site, method, purpose):
    path = f"/u/{site.tokens.token(purpose, site.message)}"
    status, _, body = site.request(method, path, "List-Unsubscribe=One-Click", content_type=FORM)
    assert (status, b"example.com" in body, site.choices()) == (404, False, [])


def test_an_upper_cased_token_works_and_a_bent_one_does_not(site):
    upper = "/u/" + site.link[3:].upper()
    bent = site.link[:-1] + ("0" if site.link[-1] != "0" else "1")
    answers = [site.request("POST", path, "List-Unsubscribe=One-Click", content_type=FORM)[0] for path in (upper, bent)]
    assert (answers, len(site.choices())) == ([200, 404], 1)


def test_while_the_store_is_away_the_page_can_still_unsubscribe(site, monkeypatch):
    def away(*_):
        raise Later("The store can't be used just now.")

    monkeypatch.setattr(site._store, "read", away)
    assert "Unsubscribe from everything" in site.page(site.link)[0]
    assert site.press("all")[0] == 200
    assert len(site.choices()) == 1


def test_a_mail_is_viewed_online_by_its_own_token(shared_store, tmp_path):
    with MailDoors(shared_store, tmp_path, view=lambda message: b"<p>Hi</p>" if message == 1 else None) as site:
        status, headers, body = site.request("GET", f"/v/{site.tokens.token(Purpose.VIEW, 1)}")
        assert (status, body) == (200, b"<p>Hi</p>")
        assert "sandbox" in headers["content-security-policy"]
        gone, public = site.tokens.token(Purpose.VIEW, 99), site.tokens.token(Purpose.MESSAGE, 1)
        assert [site.request("GET", f"/v/{token}")[0] for token in (gone, "bad", public)] == [404, 404, 404]


def test_without_a_renderer_no_mail_is_viewed_online(site):
    assert site.request("GET", f"/v/{site.tokens.token(Purpose.VIEW, site.message)}")[0] == 404
