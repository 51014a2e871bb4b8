"""Opens and clicks by real HTTP: what is answered, and what the inbox gets."""

import sqlite3

import msgspec
import pytest

from skywrite.channels.email.tokens import Purpose, rotate_keys
from skywrite.channels.email.utm import Utm
from tests.support.mail_doors import MailDoors

TARGET = "https://example.com/start?a=1&a=2#part"
GIF_BYTES = 43


@pytest.fixture(scope="module")
def served(shared_store, tmp_path_factory):
    with MailDoors(shared_store, tmp_path_factory.mktemp("doors")) as doors:
        yield doors


@pytest.fixture
def doors(served):
    return served.forget()


def pixel(doors, message=7):
    return f"/o/{doors.tokens.token(Purpose.OPEN, message)}.gif"


def bent(path):
    """The path with one character of its token changed."""
    at = path.index("/", 1) + 20
    return path[:at] + ("0" if path[at] != "0" else "1") + path[at + 1 :]


def test_the_pixel_is_a_picture_that_nobody_keeps(doors):
    status, headers, body = doors.request("GET", pixel(doors), user_agent="Safari", cookie="a=b")
    assert (status, headers["content-type"], len(body)) == (200, "image/gif", GIF_BYTES)
    assert headers["cache-control"] == "no-store, no-cache, max-age=0, private"
    assert headers["pragma"] == "no-cache"
    assert "set-cookie" not in headers


def test_an_open_is_kept_with_who_fetched(doors):
    doors.request("GET", pixel(doors), user_agent="Safari", sec_purpose="prefetch")
    (record,) = doors.records()
    hit = {"message_id": 7, "agent": "Safari", "prefetch": "prefetch"}
    assert (record.kind, record.ip, msgspec.json.decode(record.body)) == ("open", "127.0.0.1", hit)


def test_a_click_leads_on_byte_for_byte(doors):
    status, headers, body = doors.request("GET", doors.tokens.links(7).path("l1", TARGET), user_agent="Safari")
    assert (status, headers["location"], body) == (302, TARGET, b"")
    assert (headers["cache-control"], headers["x-robots-tag"]) == (
        "no-store, no-cache, max-age=0, private",
        "noindex, nofollow",
    )
    assert headers["referrer-policy"] == "no-referrer-when-downgrade"
    hit = {"message_id": 7, "agent": "Safari", "link_id": "l1", "url": TARGET}
    assert [(each.kind, msgspec.json.decode(each.body)) for each in doors.records()] == [("click", hit)]


def test_utm_parameters_are_on_the_way_and_not_in_what_is_told(doors):
    utm = Utm("skywrite", "email", "Autumn")
    target = utm.target("https://example.com/a?b=c#there", utm.parameters(""))
    _, headers, _ = doors.request("GET", doors.tokens.links(7).path("l1", target))
    assert headers["location"] == (
        "https://example.com/a?b=c&utm_source=skywrite&utm_medium=email&utm_campaign=Autumn#there"
    )
    (record,) = doors.records()
    assert msgspec.json.decode(record.body)["url"] == "https://example.com/a?b=c#there"


@pytest.mark.parametrize("method", ["HEAD", "OPTIONS", "POST", "PUT"])
@pytest.mark.parametrize("path", ["open", "click"])
def test_what_is_no_get_counts_nothing(doors, method, path):
    asked = pixel(doors) if path == "open" else doors.tokens.links(7).path("l1", TARGET)
    status, headers, body = doors.request(method, asked)
    assert (doors.kinds(), body) == ([], b"")
    if method == "HEAD":
        answer = (200, None) if path == "open" else (302, TARGET)
        assert (status, headers.get("location")) == answer


CASES = {
    "as it was made": (lambda path: path, ["click"]),
    "upper case, as mail servers have it": (lambda path: path[:3] + path[3:39].upper() + path[39:], ["click"]),
    "one character of the token changed": (bent, []),
    "another link's id": (lambda path: path.replace("/l1/", "/l2/"), []),
    "another target": (lambda path: path[:-4] + "AAAA", []),
    "cut off": (lambda path: path[:-9], []),
    "no link id": (lambda path: "/".join(path.split("/")[:3]), []),
    "a target in the query": (lambda path: path[:60] + "?url=https://evil.example/", []),
    "nothing at all": (lambda _: "/c/", []),
}


@pytest.mark.parametrize(("bend", "kept"), CASES.values(), ids=CASES)
def test_a_tampered_link_leads_nowhere_and_counts_nothing(doors, bend, kept):
    status, headers, body = doors.request("GET", bend(doors.tokens.links(7).path("l1", TARGET)))
    assert (status, headers.get("location"), doors.kinds()) == ((302, TARGET, kept) if kept else (404, None, []))
    assert kept or (b"example.com" not in body and b"unsubscrib" not in body)


@pytest.mark.parametrize("purpose", [each for each in Purpose if each is not Purpose.OPEN])
def test_a_token_for_another_place_opens_nothing_and_the_picture_still_comes(doors, purpose):
    status, _, body = doors.request("GET", f"/o/{doors.tokens.token(purpose, 7)}.gif")
    assert (status, len(body), doors.kinds()) == (200, GIF_BYTES, [])


def test_a_bent_open_token_counts_nothing_and_the_picture_still_comes(doors):
    status, _, body = doors.request("GET", bent(pixel(doors)))
    assert (status, len(body), doors.kinds()) == (200, GIF_BYTES, [])


def test_tokens_of_an_older_key_go_on_working(sqlite_store, tmp_path):
    with MailDoors(sqlite_store, tmp_path / "before") as before:
        old = pixel(before), before.tokens.links(7).path("l1", TARGET)
    rotate_keys(sqlite_store, 0)
    with MailDoors(sqlite_store, tmp_path / "after") as after:
        assert [after.request("GET", path)[0] for path in (*old, after.tokens.links(7).path("l1", TARGET))] == [
            200,
            302,
            302,
        ]
        assert after.kinds() == ["open", "click", "click"]


def test_while_the_store_is_locked_links_lead_on_and_opens_are_kept(doors, shared_settings):
    held = sqlite3.connect(shared_settings.data / "skywrite.db", isolation_level=None)
    held.execute("begin exclusive")
    assert doors.request("GET", doors.tokens.links(7).path("l1", TARGET))[0] == 302
    assert doors.request("GET", pixel(doors))[0] == 200
    assert doors.form(f"/u/{doors.tokens.token(Purpose.UNSUBSCRIBE, 7)}", {"List-Unsubscribe": "One-Click"})[0] == 200
    held.close()
    assert doors.kinds() == ["click", "open", "unsubscribe"]


def test_when_the_inbox_takes_no_more_picture_and_link_come_all_the_same(shared_store, tmp_path):
    with MailDoors(shared_store, tmp_path, max_bytes=1) as doors:
        assert doors.request("GET", pixel(doors))[0] == 200
        assert doors.request("GET", doors.tokens.links(7).path("l1", TARGET))[1]["location"] == TARGET
        one_click = {"List-Unsubscribe": "One-Click"}
        assert doors.form(f"/u/{doors.tokens.token(Purpose.UNSUBSCRIBE, 7)}", one_click)[0] == 503


def test_behind_headers_that_are_known_each_path_and_agent_counts_by_itself(doors):
    asked = [(pixel(doors, 3), "A"), (pixel(doors, 4), "A"), (bent(pixel(doors, 5)), "A"), (pixel(doors, 6), "B")]
    for path, agent in asked * 2:
        doors.request("GET", path, user_agent=agent)
    hits = [msgspec.json.decode(record.body) for record in doors.records()]
    assert [(hit["message_id"], hit["agent"]) for hit in hits] == [(3, "A"), (4, "A"), (6, "B")] * 2


def test_a_get_with_a_body_or_a_broken_head_is_never_known(doors):
    import socket

    heads = [b"Host: t\r\nContent-Length: 2\r\n\r\nxx", b"Host: t\r\n folded: x\r\n\r\n", b"Host: t\nX: y\r\n\r\n"]
    for head in heads:
        for _ in range(2):
            with socket.create_connection(("127.0.0.1", doors.port), timeout=120) as connection:
                connection.sendall(b"GET " + pixel(doors).encode() + b" HTTP/1.1\r\n" + head)
                assert connection.recv(65536)[:9] == b"HTTP/1.1 "
    assert not [
        tail for tail in doors.known_tails() if b"folded" in tail or b"Content-Length" in tail or b"t\nX" in tail
    ]


def test_requests_of_one_connection_are_answered_in_their_order(doors):
    import socket

    asked = (pixel(doors), doors.tokens.links(7).path("l1", TARGET), "/c/bad/l1/xx", pixel(doors, 8))
    with socket.create_connection(("127.0.0.1", doors.port), timeout=120) as connection:
        connection.sendall(b"".join(f"GET {path} HTTP/1.1\r\nHost: t\r\n\r\n".encode() for path in asked))
        read = b""
        while read.count(b"HTTP/1.1 ") < len(asked) or not read.endswith(b";"):
            read += connection.recv(65536)
    statuses = [int(part.split(b" ", 1)[0]) for part in read.split(b"HTTP/1.1 ")[1:]]
    assert statuses == [200, 302, 404, 200]
    assert doors.kinds() == ["open", "click", "open"]
