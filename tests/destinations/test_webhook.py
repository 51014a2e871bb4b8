import json

import pytest
from standardwebhooks.webhooks import Webhook as Oracle
from standardwebhooks.webhooks import WebhookVerificationError

from skywrite.destinations.kinds.webhook import Webhook
from skywrite.kit.errors import Refused
from skywrite.kit.ids import new_secret
from skywrite.kit.time import now_micros
from tests.support.build import an_event

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
AT = 1_795_450_295_423_000


def a_webhook(**settings):
    return Webhook.configured({"url": "https://receiver.example/hook", "secret": SECRET} | settings)


def test_one_event_is_the_body_and_its_id_the_messages():
    event = an_event(messageId="m1")
    request = a_webhook().request([event], AT)
    assert (request.method, request.url) == ("POST", "https://receiver.example/hook")
    assert json.loads(request.body) == event
    assert request.headers["content-type"] == "application/json"
    assert request.headers["webhook-id"] == "m1"
    assert request.headers["webhook-timestamp"] == "1795450295"


@pytest.mark.parametrize("secret", [SECRET, SECRET.removeprefix("whsec_"), new_secret()], ids=["usual", "bare", "new"])
@pytest.mark.parametrize("name", ["m1", "with.dots.and spaces", "ümläut ☃", "line\r\nbreak", "x" * 5000])
def test_any_library_of_standard_webhooks_verifies_it(secret, name):
    request = a_webhook(secret=secret).request([an_event(messageId=name)], now_micros())
    oracle = Oracle(secret)
    assert oracle.verify(request.body, request.headers)["messageId"] == name
    with pytest.raises(WebhookVerificationError):
        oracle.verify(request.body + b" ", request.headers)
    with pytest.raises(WebhookVerificationError):
        Oracle(new_secret()).verify(request.body, request.headers)


def test_ids_that_no_header_can_carry_stay_apart_and_the_same():
    def name(message_id):
        return a_webhook().request([an_event(messageId=message_id)], AT).headers["webhook-id"]

    assert name("a\nb") == name("a\nb")
    assert len({name("a\nb"), name("a\nc"), name("ä"), name("ö")}) == 4


def test_a_batch_is_an_array_with_an_id_of_its_own():
    events = [an_event(messageId="m1"), an_event(messageId="m2")]
    webhook = a_webhook(batch_size=10)
    request = webhook.request(events, now_micros())
    assert Oracle(SECRET).verify(request.body, request.headers) == events
    assert request.headers["webhook-id"] == webhook.request(events, AT).headers["webhook-id"]
    assert json.loads(webhook.request(events[:1], AT).body) == events[:1]
    assert webhook.batch_size == 10


def test_further_headers_are_sent_beside_the_authorization():
    webhook = a_webhook(headers=["X-Team: growth", "X-Empty:"], authorization="Bearer abc")
    headers = webhook.request([an_event()], AT).headers
    assert (headers["x-team"], headers["x-empty"], headers["authorization"]) == ("growth", "", "Bearer abc")


@pytest.mark.parametrize(
    ("settings", "where"),
    [
        ({"url": "ftp://x.example"}, "url"),
        ({"url": "https://user:word@x.example"}, "url"),
        ({"url": ""}, "url"),
        ({"url": 7}, "url"),
        ({"secret": "whsec_short"}, "secret"),
        ({"secret": "not base64 at all, but long enough to be one"}, "secret"),
        ({"headers": ["no colon"]}, "headers"),
        ({"headers": ["X-A: b\r\nX-C: d"]}, "headers"),
        ({"headers": ["Authorization: Bearer x"]}, "headers"),
        ({"headers": ["Host: other"]}, "headers"),
        ({"headers": ["Webhook-Id: x"]}, "headers"),
        ({"authorization": "two\nlines"}, "authorization"),
        ({"batch_size": 0}, "batch_size"),
        ({"batch_size": 1001}, "batch_size"),
        ({"batch_size": "many"}, "batch_size"),
        ({"in_flight": 129}, "in_flight"),
        ({"types": ["trakc"]}, "types"),
        ({"urls": "x"}, "urls"),
    ],
)
def test_settings_that_cannot_work_are_refused_by_name(settings, where):
    with pytest.raises(Refused) as refusal:
        a_webhook(**settings)
    assert refusal.value.where == where


def test_settings_may_come_as_text():
    webhook = a_webhook(batch_size="20", types="track, page", events='["A, with a comma", "B"]')
    assert webhook.settings.batch_size == 20
    assert webhook.settings.types == ["track", "page"]
    assert webhook.settings.events == ["A, with a comma", "B"]


def test_only_the_types_and_track_events_that_are_named_are_wanted():
    webhook = a_webhook(types=["track", "identify"], events=["Signed Up"])
    assert webhook.wants(an_event(event="Signed Up"))
    assert not webhook.wants(an_event(event="Signed Out"))
    assert webhook.wants(an_event(type="identify"))
    assert not webhook.wants(an_event(type="page"))


def test_a_new_one_gets_a_secret_of_its_own():
    made = Webhook.completed(Webhook.configured({"url": "https://x.example"}).settings)
    assert made.secret.startswith("whsec_")
    assert Webhook.completed(made) == made
