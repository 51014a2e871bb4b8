import ast
import json
import re

import pytest

from skywrite.kit.errors import Refused
from skywrite.sources import catalog
from skywrite.sources.base import Place

PLAIN = Place("http://127.0.0.1:8931", "WriteKeyOfThisTest")
SECURE = Place("https://events.example.com", "WriteKeyOfThisTest")
BELOW = Place("https://example.com/sky", "WriteKeyOfThisTest")


def code(slug: str, place: Place) -> str:
    return "\n".join(snippet.code for snippet in catalog.source(slug).snippets(place))


def test_the_catalog_has_every_source_of_the_product() -> None:
    wanted = {"http-api", "python", "nodejs", "go", "java", "ruby", "php", "rust", "javascript", "autopilothq"}
    assert wanted <= set(catalog.sources())


def test_websites_and_servers_come_before_the_other_categories() -> None:
    firsts = [kind.categories[0] for kind in catalog.sources().values()]
    assert firsts == sorted(firsts, key=lambda first: ({"Website": 0, "Server": 1}.get(first, 2), first))


def test_an_unknown_kind_is_refused_with_those_there_are() -> None:
    with pytest.raises(Refused, match="autopilothq"):
        catalog.source("fax")


@pytest.mark.parametrize("kind", catalog.sources().values(), ids=lambda kind: kind.slug)
@pytest.mark.parametrize("place", [PLAIN, SECURE, BELOW], ids=["http", "https", "path"])
class TestEverySource:
    def test_it_says_what_it_is(self, kind, place) -> None:
        assert kind.summary().endswith(".")
        assert kind.description()
        assert re.fullmatch(r"[a-z0-9-]+", kind.slug)

    def test_its_snippets_name_this_server_and_key_and_leave_nothing_open(self, kind, place) -> None:
        text = code(kind.slug, place)
        assert place.write_key in text
        assert place.host in text
        assert "<<" not in text
        assert "segment.io/v1" not in text
        assert "segment.com" not in text


class TestSnippets:
    def test_python_is_python_and_sets_the_host(self) -> None:
        use = catalog.source("python").snippets(PLAIN)[1].code
        ast.parse(use)
        assert 'analytics.host = "http://127.0.0.1:8931"' in use

    def test_node_discards_a_path_so_it_is_given_apart(self) -> None:
        assert "path: '/sky/v1/batch'" in code("nodejs", BELOW)
        assert "path:" not in code("nodejs", PLAIN)

    def test_ruby_takes_host_port_and_ssl_apart(self) -> None:
        assert "host: '127.0.0.1',\n  port: 8931,\n  ssl: false\n" in code("ruby", PLAIN)
        assert "host: 'events.example.com',\n  port: 443,\n  ssl: true\n" in code("ruby", SECURE)

    def test_php_has_its_sdk_only_where_https_is(self) -> None:
        assert "Segment::init" not in code("php", PLAIN)
        assert "['host' => 'events.example.com']" in code("php", SECURE)

    def test_the_browser_gets_bundle_settings_and_events_from_here(self) -> None:
        text = code("javascript", PLAIN)
        assert 'script.src = "http://127.0.0.1:8931/analytics.js/v1/" + key + "/analytics.min.js"' in text
        assert 'analytics._cdn = "http://127.0.0.1:8931"' in text
        assert '{ apiHost: "127.0.0.1:8931/v1", protocol: "http" }' in text

    def test_the_requests_by_hand_are_json(self) -> None:
        for slug in ("http-api", "autopilothq"):
            bodies = re.findall(r"-d '(.*?)'", code(slug, PLAIN), re.DOTALL)
            assert bodies
            assert all(isinstance(json.loads(body), dict) for body in bodies)

    def test_autopilothq_lists_its_seven_events(self) -> None:
        assert len(catalog.source("autopilothq").events) == 7
