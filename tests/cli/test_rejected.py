import json
from contextlib import closing

import pytest

from skywrite.intake.accept import accept
from skywrite.kit.time import now_micros
from skywrite.pipeline.dedupe import Dedupe
from skywrite.pipeline.watch import Watch
from skywrite.store.engine import open_store
from skywrite.wiring import open_feed, open_log

BAD = {"type": "track", "userId": "u", "properties": {"a": 1}}
MENDED = json.dumps(BAD | {"event": "Mended"})


@pytest.fixture
def refused(skywrite, settings) -> dict[str, object]:
    """A refused event of the source web, as the command line shows it."""
    return keep_refused(skywrite, settings, BAD)


def keep_refused(skywrite, settings, event) -> dict[str, object]:
    source = skywrite("source", "add", "python", "--name", "Web", "--json").value["id"]
    body = json.dumps({"batch": [event]}).encode()
    with closing(open_log(settings)) as log:
        log.append(accept(None, source, body, "", now_micros()).records)
        with closing(Dedupe(log, settings.data / "dedupe")) as dedupe:
            dedupe.step()
    with closing(open_store(settings)) as store, open_feed(settings, "test") as feed:
        Watch(feed, store).step()
    (found,) = skywrite("source", "rejected", "web", "--json").value
    return found


def test_each_is_listed_with_its_reason_and_body(skywrite, refused) -> None:
    assert json.loads(refused["body"]) == BAD
    assert refused["resent_at"] is None
    told = skywrite("source", "rejected", "web").out
    assert str(refused["reason"]) in told
    assert json.dumps(BAD) in told


def test_a_long_body_is_shortened_for_people_and_whole_for_programs(skywrite, settings) -> None:
    long = BAD | {"properties": {"lines": ["x\n" * 9] * 900, "end": "the end"}}
    keep_refused(skywrite, settings, long)
    told = skywrite("source", "rejected", "web").out
    assert '{"type": "track", "userId": "u"' in told
    assert "…" in told
    assert "the end" not in told
    assert len(told) < 1000
    assert "the end" in skywrite("source", "rejected", "web", "--json").out


def test_without_any_it_says_so(skywrite) -> None:
    skywrite("source", "add", "python", "--name", "Web")
    assert skywrite("source", "rejected", "web").out == "No refused events.\n"
    assert skywrite("source", "rejected", "nope").code == 2
    assert skywrite("source", "rejected", "web", "-n", "0").code == 2


def test_a_mended_one_is_sent_once(skywrite, refused) -> None:
    words = ["source", "resend", "web", str(refused["id"]), "--body", MENDED]
    assert skywrite(*words, "--json").value["resent_at"]
    again = skywrite(*words)
    assert (again.code, again.err) == (2, "skywrite: This event was sent again already.\n")
    assert names(skywrite) == ["Mended"]


def test_a_file_may_hold_it(skywrite, refused, tmp_path) -> None:
    path = tmp_path / "mended.json"
    path.write_text(MENDED)
    assert "was sent again" in skywrite("source", "resend", "web", str(refused["id"]), "--body", f"@{path}").out
    assert names(skywrite) == ["Mended"]


@pytest.mark.parametrize(
    ("body", "says"), [(json.dumps(BAD), "event"), ("{", "JSON"), ("{}", "type is missing"), ("@/no/file", "/no/file")]
)
def test_what_is_refused_again_stays(skywrite, refused, body, says) -> None:
    said = skywrite("source", "resend", "web", str(refused["id"]), "--body", body)
    assert said.code == 2
    assert says in said.err
    assert skywrite("source", "rejected", "web", "--json").value == [refused]
    assert names(skywrite) == []


def test_an_unknown_one_is_told(skywrite, refused) -> None:
    assert "no refused event 999" in skywrite("source", "resend", "web", "999", "--body", MENDED).err


def names(skywrite) -> list[str]:
    """Of the events that the source web sent and that were taken."""
    shown = skywrite("events", "tail", "web", "--json").value
    return [event["name"] for event in shown if event["status"] == "accepted"]
