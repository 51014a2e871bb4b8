"""The tracking API over real sockets: each way in, each answer."""

import asyncio
import base64
import gzip
import json
import queue

import pytest
import structlog

from skywrite.intake.app import GIF
from skywrite.intake.limits import MAX_BODY_BYTES
from skywrite.kit.errors import Later
from tests.support.build import a_batch, an_event
from tests.support.web import TrackingServer, basic

SUCCESS = (200, {"success": True})
EVENT = {"userId": "u1", "event": "Order Completed"}


@pytest.fixture
def server(sqlite_store, tmp_path):
    with TrackingServer(sqlite_store, tmp_path) as server:
        yield server


class TestPaths:
    @pytest.mark.parametrize("kind", ["identify", "track", "page", "screen", "group", "alias"])
    def test_each_call_by_its_long_and_its_short_path(self, server, kind):
        event = {"userId": "u", "event": "e", "groupId": "g", "previousId": "p"}
        assert server.post(f"/v1/{kind}", event) == SUCCESS
        assert server.post(f"/v1/{kind[0]}", event) == SUCCESS
        assert [record.kind for record in server.records()] == [kind, kind]

    @pytest.mark.parametrize("path", ["/v1/batch", "/v1/batch/", "/v1/import", "/v1/import/", "/v1/b", "/v1/batch?x=1"])
    def test_each_path_of_a_batch(self, server, path):
        assert server.post(path, a_batch()) == SUCCESS
        assert [record.kind for record in server.records()] == ["batch"]

    def test_the_sdk_s_own_metrics_are_taken_and_dropped(self, server):
        assert server.post("/v1/m", {"series": []})[0] == 200
        assert server.records() == []

    def test_an_unknown_path_says_so(self, server):
        status, answer = server.post("/v1/unknown", EVENT)
        assert (status, answer["success"], "/v1/unknown" in answer["message"]) == (404, False, True)


class TestAuthentication:
    def test_the_key_may_come_without_its_colon(self, server):
        header = "Basic " + base64.b64encode(server.key.encode()).decode()
        assert server.post("/v1/track", EVENT, Authorization=header) == SUCCESS

    @pytest.mark.parametrize("path", ["/v1/track", "/v1/batch"])
    def test_the_key_may_come_in_the_body(self, server, path):
        body = EVENT if path == "/v1/track" else a_batch()
        status, _, _ = server.request("POST", path, body | {"writeKey": server.key}, auth=False)
        assert status == 200

    def test_an_oauth_token_leaves_the_key_to_the_body(self, server):
        assert server.post("/v1/track", EVENT | {"writeKey": server.key}, Authorization="Bearer x") == SUCCESS

    @pytest.mark.parametrize("header", ["", "Basic !!", "Basic " + base64.b64encode(b"nobody:").decode(), "Digest x"])
    def test_an_unknown_key_gets_a_401_and_a_sentence(self, server, header):
        status, answer = server.post("/v1/track", EVENT, Authorization=header)
        assert (status, answer["success"], answer["code"]) == (401, False, "unknown_source")
        assert "write key" in answer["message"]
        assert server.records() == []

    def test_a_source_that_is_switched_off_says_so(self, server):
        server.sources.change(server.source.id, enabled=False)
        server._keys.refresh()
        status, answer = server.post("/v1/track", EVENT)
        assert (status, "switched off" in answer["message"]) == (403, True)

    def test_a_new_key_works_at_once_and_the_old_one_goes_on(self, server):
        rotated = server.sources.rotate(server.source.id, grace_hours=24)
        for key in rotated.write_keys:
            assert server.post("/v1/track", EVENT, Authorization=basic(key)) == SUCCESS
        assert len(server.records()) == 2

    def test_keys_made_in_quick_succession_all_work_at_once(self, server):
        for number in range(5):
            key = server.sources.add("python", f"Source {number}").write_keys[0]
            assert server.post("/v1/track", EVENT, Authorization=basic(key)) == SUCCESS

    def test_while_the_sources_cannot_be_read_an_unknown_key_is_told_to_come_again(self, server, monkeypatch):
        def refuse():
            raise Later("The store at 10.0.0.5:5432 is away.", after=2)

        monkeypatch.setattr(server._keys, "refresh", refuse)
        key = server.sources.add("python", "New").write_keys[0]
        with structlog.testing.capture_logs() as logs:
            status, headers, body = server.request("POST", "/v1/track", EVENT, {"Authorization": basic(key)})
        assert (status, headers["retry-after"]) == (503, "2")
        assert json.loads(body)["message"] == "Skywrite can't look the write key up just now; try again."
        assert [entry["reason"] for entry in logs] == ["The store at 10.0.0.5:5432 is away."]


class TestBodies:
    @pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "application/json; charset=x"])
    def test_the_content_type_does_not_matter(self, server, kind):
        assert server.post("/v1/track", EVENT, Content_Type=kind) == SUCCESS

    def test_gzip(self, server):
        body = gzip.compress(json.dumps(a_batch()).encode())
        assert server.post("/v1/batch", body, Content_Encoding="gzip") == SUCCESS
        assert json.loads(server.records()[0].body) == a_batch()

    @pytest.mark.parametrize(
        ("body", "encoding", "said"),
        [
            (b"{", "", "JSON"),
            (b"x", "gzip", "gzip"),
            (gzip.compress(bytes(80 << 20)), "gzip", "bytes"),
            (b"{}", "br", "br"),
            (b" " * (MAX_BODY_BYTES + 1), "", "bytes"),
            (b"[" * 100_000, "", "nests"),
            (b'{"batch":[]}', "", "empty"),
            (b'{"batch":["\xff"]}', "", "UTF-8"),
        ],
    )
    def test_what_cannot_be_read_gets_a_400_and_a_sentence(self, server, body, encoding, said):
        status, answer = server.post("/v1/batch", body, **({"Content_Encoding": encoding} if encoding else {}))
        assert (status, answer["success"]) == (400, False)
        assert said in answer["message"]

    def test_a_refused_event_in_a_batch_is_told_by_index_and_reason(self, server):
        status, answer = server.post("/v1/batch", a_batch(an_event(), an_event(event=1)))
        assert (status, answer["success"]) == (200, True)
        assert [(one["index"], one["code"]) for one in answer["rejected"]] == [(1, "event_not_string")]
        assert [record.kind for record in server.records()] == ["batch", "rejected"]

    def test_a_refused_single_event_gets_a_400_with_its_code(self, server):
        status, answer = server.post("/v1/track", {"userId": "u"})
        assert (status, answer["code"], "event" in answer["message"]) == (400, "event_not_defined", True)


class TestCors:
    def test_a_preflight_names_what_the_browser_sdk_sends(self, server):
        status, headers, _ = server.request("OPTIONS", "/v1/t", headers={"Origin": "https://a.example"}, auth=False)
        assert status == 204
        assert headers["access-control-allow-origin"] == "https://a.example"
        for name in ("authorization", "content-type", "x-retry-count"):
            assert name in headers["access-control-allow-headers"]
        assert "POST" in headers["access-control-allow-methods"]

    @pytest.mark.parametrize(("body", "status"), [(EVENT, 200), ({}, 400)])
    def test_every_answer_may_be_read_by_a_page(self, server, body, status):
        answered, headers, _ = server.request("POST", "/v1/track", body, {"Origin": "https://a.example"})
        assert answered == status
        assert headers["access-control-allow-origin"] == "https://a.example"
        assert headers["access-control-expose-headers"] == "retry-after"

    def test_without_an_origin_anybody_may(self, server):
        assert server.request("POST", "/v1/track", EVENT)[1]["access-control-allow-origin"] == "*"


DEEP = f"track?userId=u&{'a.' * 20_000}a=1"


class TestPixel:
    def get(self, server, path):
        status, headers, body = server.request("GET", path, auth=False)
        assert (status, headers["content-type"], body) == (200, "image/gif", GIF)
        return [json.loads(record.body) for record in server.records() if record.kind != "rejected"]

    @pytest.mark.parametrize("encode", [base64.b64encode, base64.urlsafe_b64encode])
    def test_data_in_base64(self, server, encode):
        data = encode(json.dumps(EVENT | {"writeKey": server.key, "x": "~~??>>"}).encode()).decode().rstrip("=")
        [event] = self.get(server, f"/v1/pixel/track?data={data}")
        assert event["event"] == "Order Completed"

    def test_a_flat_query_nests_at_dots(self, server):
        query = f"userId=u&event=Opened&properties.mail.id=7&writeKey={server.key}"
        [event] = self.get(server, f"/v1/pixel/track?{query}")
        assert event["properties"] == {"mail": {"id": "7"}}

    @pytest.mark.parametrize(
        "path", ["track", "track?data=%%%", "track?data=W10", "nothing?x=1", "track?a=1&a.b=2", DEEP]
    )
    def test_it_is_a_picture_whatever_happens(self, server, path):
        assert self.get(server, f"/v1/pixel/{path}") == []


class TestTheWire:
    """What a real network does to HTTP."""

    def head(self, server, body, *more, path="/v1/track"):
        lines = [f"POST {path} HTTP/1.1", "Host: x", f"aUTHORIZATION: {basic(server.key)}", *more]
        return "\r\n".join([*lines, f"Content-Length: {len(body)}", "", ""]).encode() + body

    def test_a_request_in_single_bytes(self, server):
        whole = self.head(server, json.dumps(EVENT).encode())
        assert b"200 OK" in server.raw(*[whole[n : n + 1] for n in range(len(whole))])
        assert len(server.records()) == 1

    @pytest.mark.parametrize("cut", [9, 10, 11, 14])
    def test_a_path_cut_where_a_shorter_one_ends(self, server, cut):
        whole = self.head(server, json.dumps(EVENT).encode())
        assert b"200 OK" in server.raw(whole[:cut], whole[cut:])
        assert [record.kind for record in server.records()] == ["track"]

    def test_pipelined_requests_are_answered_in_order(self, server):
        good, bad = self.head(server, json.dumps(EVENT).encode()), self.head(server, b"{}")
        read = server.raw(good + bad + good, answers=3)
        assert [line.split()[1] for line in read.split(b"\r\n") if b"HTTP/1.1" in line] == [b"200", b"400", b"200"] or (
            [part[:3] for part in read.split(b"HTTP/1.1 ")[1:]] == [b"200", b"400", b"200"]
        )

    def test_connection_close_is_kept_to(self, server):
        read = server.raw(self.head(server, json.dumps(EVENT).encode(), "Connection: close"))
        assert b"200 OK" in read
        assert len(server.records()) == 1

    def test_expect_100_continue(self, server):
        read = server.raw(self.head(server, json.dumps(EVENT).encode(), "Expect: 100-continue"), answers=2)
        assert read.index(b"100 Continue") < read.index(b"200 OK")

    def test_http_1_0(self, server):
        read = server.raw(self.head(server, json.dumps(EVENT).encode()).replace(b"HTTP/1.1", b"HTTP/1.0", 1))
        assert b" 200 OK" in read

    @pytest.mark.parametrize("protocol", ["h2c", "websocket"])
    def test_an_offer_to_upgrade_is_passed_over_and_the_event_taken(self, server, protocol):
        offer = ("Connection: Upgrade, HTTP2-Settings", f"Upgrade: {protocol}", "HTTP2-Settings: AAMAAABk")
        read = server.raw(self.head(server, json.dumps(EVENT).encode(), *offer))
        assert read.startswith(b"HTTP/1.1 200 ")
        assert len(server.records()) == 1

    def test_a_chunked_body(self, server):
        body = json.dumps(EVENT).encode()
        head = f"POST /v1/track HTTP/1.1\r\nHost: x\r\nAuthorization: {basic(server.key)}\r\n"
        chunks = b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in (body[:5], body[5:]))
        assert b"200 OK" in server.raw(f"{head}Transfer-Encoding: chunked\r\n\r\n".encode() + chunks + b"0\r\n\r\n")

    def test_a_body_far_over_the_limit_is_refused_and_the_connection_lives(self, server):
        large = self.head(server, b" " * (5 << 20), path="/v1/batch")
        read = server.raw(large + self.head(server, json.dumps(EVENT).encode()), answers=2)
        assert [part[:3] for part in read.split(b"HTTP/1.1 ")[1:]] == [b"400", b"200"]

    def test_a_head_seen_before_means_the_same_however_its_request_comes(self, server):
        one = self.head(server, b'{"userId":"a","event":"e","n":1}')
        two = self.head(server, b'{"userId":"a","event":"e","n":2}')
        read = server.raw(one, two, one[:-9], one[-9:] + two, two[:20], two[20:] + one[:50], one[50:], answers=6)
        assert read.count(b"200 OK") == 6
        assert [json.loads(record.body)["n"] for record in server.records()] == [1, 2, 1, 2, 2, 1]

    def test_a_head_seen_before_that_is_refused_is_refused_again(self, server):
        bad, good = self.head(server, b'{"userId":"a"}'), self.head(server, json.dumps(EVENT).encode())
        read = server.raw(bad, good, bad, good, answers=4)
        assert [part[:3] for part in read.split(b"HTTP/1.1 ")[1:]] == [b"400", b"200"] * 2

    @pytest.mark.parametrize("before", [b"\r\n", b"\r\n\r\n"])
    def test_empty_lines_before_a_request_are_no_head(self, server, before):
        whole = before + self.head(server, json.dumps(EVENT).encode())
        assert server.raw(whole, whole, before, whole, answers=3).count(b"200 OK") == 3
        assert len(server.records()) == 3

    def test_headers_without_end_are_refused(self, server):
        endless = b"POST /v1/track HTTP/1.1\r\nHost: x\r\n" + b"".join(b"X-%d: y\r\n" % n for n in range(20_000))
        assert server.raw(endless).startswith(b"HTTP/1.1 431 ")
        assert server.post("/v1/track", EVENT) == SUCCESS

    def test_a_request_that_does_not_get_whole_is_ended_and_one_that_is_whole_is_not(self, server):
        whole = self.head(server, json.dumps(EVENT).encode())
        with server.connected() as slow, server.connected() as idle:
            slow.sendall(whole[:-3])
            idle.sendall(whole)
            assert idle.recv(4096).startswith(b"HTTP/1.1 200")
            server.end_stalled()
            assert read_all(slow).startswith(b"HTTP/1.1 408 ")
            idle.sendall(whole)
            assert idle.recv(4096).startswith(b"HTTP/1.1 200")

    def test_who_leaves_before_the_answer_disturbs_nobody(self, server):
        for _ in range(20):
            server.raw(self.head(server, json.dumps(EVENT).encode())[:-3], answers=0)
        assert server.post("/v1/track", EVENT) == SUCCESS


class Elsewhere:
    """An ASGI app that says what of a request's body it has read; a GET gets a stream that goes on when told."""

    def __init__(self):
        self.read = queue.SimpleQueue()
        self.go_on = queue.SimpleQueue()
        self.ticks = 2

    async def __call__(self, scope, receive, send):
        start = {"type": "http.response.start", "status": 200, "headers": []}
        if scope["method"] == "GET":
            await send(start)
            while self.ticks:
                self.ticks -= 1
                await send({"type": "http.response.body", "body": b"tick", "more_body": True})
                await asyncio.to_thread(self.go_on.get)
        else:
            while (message := await receive()).get("more_body"):
                self.read.put(message["body"])
            await send(start)
        await send({"type": "http.response.body", "body": b""})


class TestWhatIsNoEvent:
    @pytest.fixture
    def elsewhere(self):
        return Elsewhere()

    @pytest.fixture
    def server(self, sqlite_store, tmp_path, elsewhere):
        with TrackingServer(sqlite_store, tmp_path, app=elsewhere) as server:
            yield server

    def test_an_upload_may_take_as_long_as_its_bytes_come(self, server, elsewhere):
        with server.connected() as upload:
            upload.sendall(b"POST /api/v1/imports HTTP/1.1\r\nHost: x\r\nContent-Length: 6\r\n\r\nab")
            assert elsewhere.read.get(timeout=120) == b"ab"
            begun = server.now()
            upload.sendall(b"cd")
            assert elsewhere.read.get(timeout=120) == b"cd"
            server.end_stalled(before=begun)
            upload.sendall(b"ef")
            assert upload.recv(4096).startswith(b"HTTP/1.1 200 ")

    def test_an_upload_of_which_no_byte_comes_is_ended(self, server, elsewhere):
        with server.connected() as upload:
            upload.sendall(b"POST /api/v1/imports HTTP/1.1\r\nHost: x\r\nContent-Length: 6\r\n\r\nab")
            assert elsewhere.read.get(timeout=120) == b"ab"
            server.end_stalled()
            assert upload.recv(4096) == b""

    def test_headers_that_do_not_get_whole_are_no_upload(self, server):
        with server.connected() as slow:
            whole = b"POST /api/v1/imports HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n"
            slow.sendall(whole + whole[:-2])
            read_until(slow, b"0\r\n\r\n")
            server.end_stalled()
            assert slow.recv(4096) == b""

    def test_an_answer_that_streams_is_not_ended_for_what_comes_behind_its_request(self, server, elsewhere):
        with server.connected() as stream:
            stream.sendall(b"GET /live HTTP/1.1\r\nHost: x\r\n\r\nGET /next HTTP/1.1\r\n")
            read_until(stream, b"tick")
            server.end_stalled()
            elsewhere.go_on.put(None)
            read_until(stream, b"tick")
            elsewhere.go_on.put(None)


def read_until(connection, end):
    read = b""
    while end not in read:
        more = connection.recv(4096)
        assert more, f"it ended after {read!r}"
        read += more


def read_all(connection):
    return b"".join(iter(lambda: connection.recv(4096), b""))


class TestClientSide:
    def test_a_browser_s_address_is_kept_and_a_server_s_is_not(self, sqlite_store, tmp_path):
        with TrackingServer(sqlite_store, tmp_path, kind="javascript") as server:
            server.post("/v1/track", EVENT)
            assert [record.ip for record in server.records()] == ["127.0.0.1"]

    def test_a_server_s_address_is_not_kept(self, server):
        server.post("/v1/track", EVENT)
        server.post("/v1/t", EVENT)
        assert [record.ip for record in server.records()] == ["", "127.0.0.1"]

    @pytest.mark.parametrize(("proxies", "ip"), [("127.0.0.1", "9.9.9.9"), ("", "127.0.0.1"), ("*", "8.8.8.8")])
    def test_a_proxy_is_believed_only_when_it_is_trusted(self, sqlite_store, tmp_path, proxies, ip):
        with TrackingServer(sqlite_store, tmp_path, proxies=proxies) as server:
            server.post("/v1/t", EVENT, X_Forwarded_For="8.8.8.8, 9.9.9.9")
            assert [record.ip for record in server.records()] == [ip]

    @pytest.mark.parametrize(
        ("call", "body", "ip"),
        [
            ("track", {"context": {"direct": True}}, "127.0.0.1"),
            ("track", {"properties": {"direct": True}}, ""),
            ("track", {"context": {"direct": "yes"}}, ""),
            ("track", {"context": {"page": {"direct": True}}}, ""),
            ("batch", a_batch(an_event(context={"direct": True})), "127.0.0.1"),
            ("batch", a_batch(an_event(), an_event(), context={"direct": True}), "127.0.0.1"),
            ("batch", a_batch(an_event(properties={"direct": True})), ""),
            ("batch", a_batch(an_event(context={"direct": True}), an_event()), ""),
        ],
    )
    @pytest.mark.parametrize("separators", [(",", ":"), (", ", ": ")])
    def test_an_event_straight_from_a_device_says_so_in_its_context(self, server, call, body, ip, separators):
        whole = EVENT | body if call == "track" else body
        server.post(f"/v1/{call}", json.dumps(whole, separators=separators).encode())
        assert [record.ip for record in server.records()] == [ip]

    @pytest.mark.parametrize(
        ("forwarded", "ip"),
        [
            ("203.0.113.9, 10.0.0.1", "203.0.113.9"),
            ("10.0.0.1, 203.0.113.9, 10.0.0.1", "203.0.113.9"),
            ("203.0.113.9, 198.51.100.7, 10.0.0.1", "198.51.100.7"),
            ("10.0.0.1, 10.0.0.1", "10.0.0.1"),
            ("nonsense, 10.0.0.1", "127.0.0.1"),
        ],
    )
    def test_a_client_behind_two_proxies_cannot_hide_behind_a_proxy_s_address(
        self, sqlite_store, tmp_path, forwarded, ip
    ):
        with TrackingServer(sqlite_store, tmp_path, proxies="127.0.0.1, 10.0.0.1") as server:
            server.post("/v1/t", EVENT, X_Forwarded_For=forwarded)
            assert [record.ip for record in server.records()] == [ip]


class TestAFullLog:
    def test_new_events_get_a_503_that_sdks_try_again(self, sqlite_store, tmp_path):
        with TrackingServer(sqlite_store, tmp_path, max_log_bytes=2 << 20) as server:
            batch = a_batch(*[an_event()] * 2000)
            statuses = [server.post("/v1/batch", batch)[0] for _ in range(20)]
            status, headers, body = server.request("POST", "/v1/batch", batch)
            assert (statuses[0], status) == (200, 503)
            assert int(headers["retry-after"]) >= 1
            assert "cap" in json.loads(body)["message"]
            assert len(server.records()) == statuses.count(200)

    def test_a_pixel_shows_its_picture_and_does_not_say_that_its_event_was_kept(self, sqlite_store, tmp_path):
        with TrackingServer(sqlite_store, tmp_path, max_log_bytes=2 << 20) as server:
            batch = a_batch(*[an_event()] * 2000)
            while server.post("/v1/batch", batch)[0] == 200:
                pass
            path = f"/v1/pixel/track?userId=u&event={'e' * 20_000}&writeKey={server.key}"
            before = len(server.records())
            answers = [server.request("GET", path, auth=False) for _ in range(10)]
            assert len(server.records()) - before == [status for status, _, _ in answers].count(200) < 10
            status, headers, body = answers[-1]
            assert (status, headers["content-type"], body) == (503, "image/gif", GIF)
            assert int(headers["retry-after"]) >= 1


class TestCdn:
    def test_the_settings_of_a_key_made_a_moment_ago_are_there(self, server):
        assert server.request("GET", "/v1/projects/nobody/settings", auth=False)[0] == 404
        key = server.sources.add("javascript", "New").write_keys[0]
        assert server.request("GET", f"/v1/projects/{key}/settings", auth=False)[0] == 200

    def test_the_settings_name_this_server_and_the_key(self, server):
        status, headers, body = server.request("GET", f"/v1/projects/{server.key}/settings", auth=False)
        segment = json.loads(body)["integrations"]["Segment.io"]
        assert (status, headers["access-control-allow-origin"]) == (200, "*")
        assert segment["apiKey"] == server.key
        assert (segment["protocol"], segment["apiHost"]) == ("http", f"127.0.0.1:{server.port}/v1")

    def test_an_unknown_key_has_no_settings(self, server):
        assert server.request("GET", "/v1/projects/nobody/settings", auth=False)[0] == 404

    def test_the_bundle_knows_its_key_and_chunks_are_served(self, sqlite_store, tmp_path):
        (tmp_path / "standalone.js").write_text('key="__WRITE_KEY__"')
        (tmp_path / "chunk.bundle.1.js").write_text("chunk")
        with TrackingServer(sqlite_store, tmp_path, web_files=tmp_path) as server:
            status, headers, body = server.request("GET", f"/analytics.js/v1/{server.key}/analytics.min.js", auth=False)
            assert (status, body.decode()) == (200, f'key="{server.key}"')
            assert "javascript" in headers["content-type"]
            path = f"/analytics.js/v1/{server.key}/analytics.min.js"
            _, packed, body = server.request("GET", path, headers={"Accept-Encoding": "gzip"}, auth=False)
            assert (packed["content-encoding"], gzip.decompress(body).decode()) == ("gzip", f'key="{server.key}"')
            assert server.request("GET", "/analytics-next/bundles/chunk.bundle.1.js", auth=False)[2] == b"chunk"
            assert server.request("GET", "/analytics-next/bundles/../../x", auth=False)[0] == 404
            tagged = {"If-None-Match": headers["etag"]}
            path = f"/analytics.js/v1/{server.key}/analytics.min.js"
            assert server.request("GET", path, headers=tagged, auth=False)[0] == 304
