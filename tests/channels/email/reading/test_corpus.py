"""The aims, held on real mail where there is some beside the clone; elsewhere these tests say that they did not run."""

import os
from pathlib import Path

import msgspec
import pytest

from skywrite.channels.email.reading import read
from skywrite.channels.email.reading.replies import own_words


def corpus():
    said = os.environ.get("SKYWRITE_CORPORA")
    above = [folder / "shared" / "corpora" for folder in Path(__file__).resolve().parents[4:]]
    return next((folder / "email" for folder in ([Path(said)] if said else above) if (folder / "email").is_dir()), None)


EMAIL = corpus()
pytestmark = pytest.mark.skipif(
    EMAIL is None, reason="NOT RUN: no collection of real mail at ../shared/corpora or $SKYWRITE_CORPORA"
)


def index(name):
    return msgspec.json.decode((EMAIL / name).read_bytes())


def mail(folder, case):
    return (EMAIL / folder / case["file"]).read_bytes()


def words(text):
    return "".join((text or "").split())


def test_95_of_100_bounces_have_the_right_kind_and_recipients_and_a_class_that_can_be_defended():
    cases = [(case, read(mail("bounces", case))) for case in index("bounces/index.json")]
    right = [
        (case, found) for case, found in cases if found.kind == case["kind"] and addresses(found) == expected(case)
    ]
    assert len(right) >= 0.95 * len(cases)
    classes = [
        (each.bounce_class in told["bounce_class_ok"])
        for case, found in right
        for told in case["recipients"]
        for each in found.recipients
        if each.address.lower() == told["address"].lower()
    ]
    assert sum(classes) >= 0.95 * len(classes)


def test_a_delay_never_becomes_a_bounce():
    for case in index("bounces/index.json"):
        if case["kind"] == "delayed":
            assert read(mail("bounces", case)).kind == "delayed", case["file"]


def test_every_complaint_is_told_from_what_only_looks_like_one():
    kinds = {"spam": "complaint", "unsubscribe": "unsubscribe", None: "none"}
    for case in index("complaints/index.json"):
        found = read(mail("complaints", case))
        assert found.kind == kinds[case["event"]], case["file"]
        assert case["event"] is None or addresses(found) == sorted(case["recipients"]), case["file"]


def test_every_automatic_answer_is_told_from_a_persons():
    for case in index("replies/index.json"):
        assert read(mail("replies", case)).kind == case["label"], case["file"]


def test_95_of_100_bodies_give_the_persons_own_words():
    cases = index("replies/index-text.json")
    right = [case for case in cases if is_right(case)]
    assert len(right) >= 0.95 * len(cases)


def addresses(found):
    return sorted(each.address.lower() for each in found.recipients)


def expected(case):
    return sorted(each["address"].lower() for each in case["recipients"])


def is_right(case):
    text = mail("replies", case).decode("utf-8", "replace")
    got = words(own_words("", text) if case["format"] == "html" else own_words(text, ""))
    if case["expect"] == "contains":
        return all(words(part) in got for part in case["contains"])
    return got == words(case["reply"]) if case["expect"].startswith("equals") else got.startswith(words(case["reply"]))
