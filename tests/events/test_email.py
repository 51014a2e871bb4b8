import re
from pathlib import Path

import pytest
from msgspec import structs

import skywrite
from skywrite.events.check import fault_of_raw
from skywrite.events.email import (
    EXTRAS_OF,
    Bounce,
    Delivery,
    Email,
    EmailEvent,
    Fetch,
    Link,
    Recipient,
    Unsubscribing,
    email_event,
)
from skywrite.kit.errors import Refused
from skywrite.kit.json import encode
from tests.support.build import A_MOMENT

KNOWN = Recipient("person_1", "ada@example.com", "user-1")
UNKNOWN = Recipient("person_1", "ada@example.com")
EMAIL = Email("email_1", "Good to have you", False, "journey_7", "Welcome")
LINK = Link("link_1", "https://example.com/start")


def an_email_event(kind=EmailEvent.OPENED, recipient=KNOWN, email=EMAIL, link=None, extras=None):
    return email_event(kind, recipient, email, at=A_MOMENT, message_id="m1", link=link, extras=extras)


@pytest.mark.parametrize("kind", EmailEvent)
def test_each_has_the_documented_properties(kind):
    event = an_email_event(kind, link=LINK if kind is EmailEvent.CLICKED else None)
    common = {
        "event": kind.value,
        "campaign_id": "journey_7",
        "campaign_name": "Welcome",
        "email_id": "email_1",
        "email_subject": "Good to have you",
        "transactional": False,
    }
    clicked = {"link_id": "link_1", "link_url": "https://example.com/start"}
    assert event["properties"] == (common | clicked if kind is EmailEvent.CLICKED else common)
    assert event["event"] == kind.value
    assert event["context"]["traits"] == {"email": "ada@example.com", "contact_id": "person_1"}
    assert fault_of_raw(encode(event), None) is None


def test_the_seven_are_segment_s():
    assert {kind.value for kind in EmailEvent} == {
        *("Email Delivered", "Email Bounced", "Email Opened", "Email Clicked"),
        *("Email Marked as Spam", "Email Unsubscribed", "Email Replied"),
    }


def test_a_known_contact_goes_by_its_user_id():
    event = an_email_event(recipient=KNOWN)
    assert event["userId"] == "user-1"
    assert "anonymousId" not in event


def test_any_other_goes_by_its_address():
    event = an_email_event(recipient=UNKNOWN)
    assert event["anonymousId"] == "ada@example.com"
    assert "userId" not in event


def test_an_email_without_a_journey_says_so_with_null():
    properties = an_email_event(email=Email("e", "s", True))["properties"]
    assert (properties["campaign_id"], properties["transactional"]) == (None, True)


def test_an_email_that_has_a_name_is_sent_with_it():
    plain = an_email_event()["properties"]
    assert an_email_event(email=structs.replace(EMAIL, email_name="Welcome 1"))["properties"] == plain | {
        "email_name": "Welcome 1"
    }


@pytest.mark.parametrize(
    ("kind", "extras", "sent"),
    [
        (EmailEvent.DELIVERED, Delivery("smtp"), {"delivered_by": "smtp"}),
        (EmailEvent.BOUNCED, Bounce("hard", "5.1.1"), {"bounce_class": "hard", "bounce_code": "5.1.1"}),
        (EmailEvent.BOUNCED, Bounce("soft"), {"bounce_class": "soft"}),
        (EmailEvent.OPENED, Fetch(machine=False), {"machine": False}),
        (EmailEvent.CLICKED, Fetch(machine=True, proxy="apple"), {"machine": True, "proxy": "apple"}),
        (EmailEvent.UNSUBSCRIBED, Unsubscribing("all", "one_click"), {"scope": "all", "method": "one_click"}),
        (EmailEvent.UNSUBSCRIBED, Unsubscribing(), {}),
    ],
)
def test_what_is_known_beyond_is_sent_beside_the_documented_properties(kind, extras, sent):
    link = LINK if kind is EmailEvent.CLICKED else None
    plain = an_email_event(kind, link=link)
    assert an_email_event(kind, link=link, extras=extras)["properties"] == plain["properties"] | sent


@pytest.mark.parametrize("kind", EmailEvent)
def test_another_event_s_extras_are_refused(kind):
    for extras in {Delivery, Bounce, Fetch, Unsubscribing} - {EXTRAS_OF.get(kind)}:
        with pytest.raises(Refused) as refusal:
            an_email_event(kind, link=LINK if kind is EmailEvent.CLICKED else None, extras=extras())
        assert refusal.value.where == "extras"


@pytest.mark.parametrize(
    ("kind", "link", "recipient", "where"),
    [
        (EmailEvent.CLICKED, None, KNOWN, "link"),
        (EmailEvent.OPENED, LINK, KNOWN, "link"),
        (EmailEvent.OPENED, None, Recipient("", "a@b.c"), "recipient"),
        (EmailEvent.OPENED, None, Recipient("p", ""), "recipient"),
    ],
)
def test_what_makes_no_sense_is_refused(kind, link, recipient, where):
    with pytest.raises(Refused) as refusal:
        an_email_event(kind, recipient, link=link)
    assert refusal.value.where == where


def test_nothing_else_builds_one_by_hand():
    source = Path(skywrite.__file__).parent
    literal = re.compile("|".join(f'"{kind.value}"' for kind in EmailEvent))
    found = {str(path.relative_to(source)) for path in source.rglob("*.py") if literal.search(path.read_text())}
    assert found == {"events/email.py", "sources/kinds/autopilothq.py"}  # the latter shows one to paste
