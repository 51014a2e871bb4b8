"""What every destination of the catalog must do, run over all that there are."""

from pathlib import Path

import pytest

from skywrite.destinations import catalog
from skywrite.destinations.base import EVERY_METHOD
from skywrite.kit.errors import Refused
from skywrite.kit.fields import as_json, filled_in
from skywrite.kit.http import Failure, Response, origin_of, to_wire
from skywrite.pipeline.verdict import Verdict
from tests.support.build import an_event

AT = 1_795_450_295_423_000
DOCS = Path(__file__).parents[2] / "docs"
SECRET = "whsec_aHVzaGh1c2hodXNoaHVzaGh1c2hodXNo"  # fits where a key is wanted, and any other secret's place
FILLERS = {"secret": SECRET, "integer": 1, "number": 1.0, "boolean": True, "list": [], "choice": None}


def settings_of(kind, *, every):
    """Settings made from the fields: the required ones, or every one."""
    values = {}
    for field in kind.fields():
        if not (field.required or every):
            continue
        if field.type == "string":
            values[field.name] = "https://receiver.example/x" if "url" in field.name else "text"
        else:
            values[field.name] = field.choices[0] if field.choices and field.type == "choice" else FILLERS[field.type]
    return values


def made(kind, *, every=True):
    return kind.configured(settings_of(kind, every=every))


def an_event_of(kind):
    method = kind.methods[0]
    return an_event(type=method)


@pytest.mark.parametrize("kind", catalog.destinations().values(), ids=lambda kind: kind.slug)
class TestEveryDestination:
    def test_it_says_what_it_is(self, kind):
        assert kind.slug.isascii()
        assert kind.name
        assert kind.summary()
        assert kind.description()
        assert kind.categories
        assert kind.icon
        assert set(kind.methods) <= set(EVERY_METHOD)
        for field in kind.fields():
            assert field.title
            assert field.description

    @pytest.mark.parametrize("every", [False, True], ids=["required", "all"])
    def test_same_event_same_request(self, kind, every):
        event = an_event_of(kind)
        request = made(kind, every=every).request([event], AT)
        assert request == made(kind, every=every).request([an_event_of(kind)], AT)
        assert event == an_event_of(kind)  # events are shared between destinations
        assert to_wire(request, origin_of(request.url))

    def test_secrets_never_reach_logs_or_errors(self, kind):
        target = made(kind)
        shown = [
            repr(target.settings),
            str(target.settings),
            repr(target),
            repr(target.request([an_event_of(kind)], AT)),
        ]
        for field in kind.fields():
            wrong = settings_of(kind, every=True) | {field.name: [SECRET, object()]}
            with pytest.raises(Refused) as refusal:
                kind.configured(wrong)
            if field.type == "secret":
                shown.append(str(refusal.value))
        for name in kind.secrets():
            with pytest.raises(Refused) as refusal:
                kind.configured(settings_of(kind, every=True) | {name: "hush\r\nx: " + SECRET})
            shown.append(str(refusal.value))
        assert not any(SECRET in text or SECRET.removeprefix("whsec_") in text for text in shown)

    def test_refusal_is_final_and_timeout_is_not(self, kind):
        target = made(kind)
        assert target.verdict(Response(400)).outcome == "never"
        assert target.verdict(Response(408)).outcome == "later"
        assert target.verdict(Response(503)).outcome == "later"
        assert Verdict.of(Failure("ETIMEDOUT", "No answer.")).outcome == "later"

    def test_a_setting_that_is_missing_or_unknown_is_named(self, kind):
        for field in kind.fields():
            if field.required:
                with pytest.raises(Refused) as refusal:
                    kind.configured(settings_of(kind, every=True) | {field.name: None})
                assert refusal.value.where == field.name
        with pytest.raises(Refused) as refusal:
            kind.configured({"no_such_setting": 1})
        assert refusal.value.where == "no_such_setting"

    def test_settings_survive_being_stored(self, kind):
        settings = kind.completed(made(kind).settings)
        assert filled_in(kind.settings_type, as_json(settings)) == settings

    def test_it_wants_only_events_of_its_methods(self, kind):
        target = made(kind, every=False)
        assert [target.wants(an_event(type=method)) for method in kind.methods] == [True] * len(kind.methods)
        assert not target.wants(an_event(type="delete"))

    def test_its_page_is_in_the_docs(self, kind):
        page = (DOCS / f"{kind.slug}.md").read_text()
        assert page.startswith(f"# {kind.name}")
        for field in kind.fields():
            assert f"`{field.name}`" in page
            assert field.title in page


def test_an_unknown_kind_is_refused_with_what_there_is():
    with pytest.raises(Refused, match="webhook"):
        catalog.destination("webhok")
