import pytest

from tests.support.problems import problem

BAD = {"type": "track", "userId": "u", "properties": {"a": 1}}


@pytest.fixture
def refused(world):
    """A source with a refused event, and its number."""
    source = world.source()
    world.send(source, BAD)
    return source


class TestList:
    def test_each_has_its_reason_and_its_body(self, refused, program) -> None:
        (rejection,) = program.get("/api/v1/sources/web/rejections").json()
        assert "event" in rejection["reason"]
        assert '"properties"' in rejection["body"]
        assert rejection["resent_at"] is None

    def test_pages_follow_each_other(self, world, refused, program) -> None:
        world.send(refused, *[BAD] * 4)
        first = program.get("/api/v1/sources/web/rejections?limit=3").json()
        second = program.get(f"/api/v1/sources/web/rejections?limit=3&before={first[-1]['id']}").json()
        numbers = [rejection["id"] for rejection in first + second]
        assert len(first) == 3
        assert numbers == sorted(set(numbers), reverse=True)
        assert len(numbers) == 5

    @pytest.mark.parametrize("query", ["before=0", "before=x", "limit=0", "limit=501", "before=99999999999999999999"])
    def test_what_makes_no_sense_is_refused(self, refused, program, query) -> None:
        problem(program.get(f"/api/v1/sources/web/rejections?{query}"), 400, query.partition("=")[0])


class TestResend:
    def test_a_mended_event_goes_the_way_of_any(self, world, refused, program) -> None:
        (rejection,) = program.get("/api/v1/sources/web/rejections").json()
        mended = '{"type": "track", "event": "Mended", "userId": "u"}'
        answer = program.post(f"/api/v1/sources/web/rejections/{rejection['id']}/resend", json={"body": mended})
        assert answer.status_code == 200, answer.text
        assert answer.json()["resent_at"] is not None
        world.follow()
        assert program.get("/api/v1/sources/web/debugger").json()[-1]["name"] == "Mended"

    @pytest.mark.parametrize("body", ['{"type": "track"}', "{", "", "[]", "\x00"])
    def test_what_is_refused_again_says_why_and_stays(self, refused, program, body) -> None:
        (rejection,) = program.get("/api/v1/sources/web/rejections").json()
        path = f"/api/v1/sources/web/rejections/{rejection['id']}/resend"
        problem(program.post(path, json={"body": body}), 400, "body")
        assert program.get("/api/v1/sources/web/rejections").json() == [rejection]

    @pytest.mark.parametrize("number", ["999999", str(2**63 - 1)])
    def test_an_unknown_one_is_told(self, refused, program, number) -> None:
        problem(program.post(f"/api/v1/sources/web/rejections/{number}/resend", json={"body": "{}"}), 404)

    def test_anothers_is_not_seen(self, world, refused, program) -> None:
        (rejection,) = program.get("/api/v1/sources/web/rejections").json()
        world.source("Other")
        path = f"/api/v1/sources/other/rejections/{rejection['id']}/resend"
        problem(program.post(path, json={"body": "{}"}), 404)
