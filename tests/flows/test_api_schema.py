"""schemathesis against the API's own description: never a 5xx, and every answer is as described."""

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import CHECKS, load_all_checks

from tests.support.build import an_event

pytestmark = pytest.mark.flow
load_all_checks()
_CHECKS = CHECKS.get_by_names(
    [
        "not_a_server_error",
        "status_code_conformance",
        "content_type_conformance",
        "response_headers_conformance",
        "response_schema_conformance",
        "unsupported_method",
    ]
)


@pytest.fixture(scope="module")
def headers(shared):
    """The headers of a program that may do all, on a server with something in it."""
    source = shared.add_source()
    shared.add_webhook(source, "https://example.com/hook")
    shared.send(source, an_event())
    shared.send(source, {"type": "track", "userId": "u"})
    shared.sync()
    return {"Authorization": f"Bearer {shared.token()}"}


@pytest.fixture(scope="module")
def described(shared):
    return schemathesis.openapi.from_url(f"{shared.base_url}/api/openapi.json")


def test_every_operation_answers_as_described(described, headers, subtests):
    tried = 0
    for found in described.exclude(path_regex="/live$").get_all_operations():  # live streams never end
        operation = found.ok()
        tried += 1
        with subtests.test(operation.label):
            _try(operation, headers)
    assert tried > 40


def _try(operation, headers):
    @settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
    @given(case=operation.as_strategy())
    def answers(case):
        case.call_and_validate(headers=headers, checks=_CHECKS, timeout=60)

    answers()
