"""Templates and topics: what is written, what is sent, and how it will look."""

from typing import Annotated, Any, Literal

import msgspec
from litestar import Router
from litestar.params import FromPath, JSONBody, QueryParameter
from msgspec.structs import asdict

from skywrite.api import template_schemas as wire
from skywrite.api.parts import Parts
from skywrite.api.routes import Given, SerialId, act, change, create, read, remove
from skywrite.api.signing import signed_in
from skywrite.channels.email.templates.model import Compiled, Source
from skywrite.channels.email.templates.previews import SAMPLE, as_test, preview
from skywrite.channels.email.templates.problems import Problem
from skywrite.channels.email.templates.rendering import Person
from skywrite.channels.email.templates.service import Figures, Template
from skywrite.channels.email.templates.starter import starter
from skywrite.channels.email.templates.topics import Topic
from skywrite.channels.email.viewing import recent_data
from skywrite.contacts import ids as contact_ids
from skywrite.kit.errors import Refused
from skywrite.kit.time import to_datetime

_Prefix = Annotated[str, QueryParameter(max_length=320, description="How the address begins.")]


@read("/templates", summary="Every template")
def list_templates(parts: Given) -> list[wire.TemplateSummary]:
    """Those changed last first, each with what became of its mails, counted no oftener than many mails allow."""
    found = parts.templates.all()
    figures = parts.figures.get([one.id for one in found], lambda: parts.templates.figures(found))
    topics = {topic.id: topic.name for topic in parts.topics.all()}
    return [_summary(one, figures.get(one.id, Figures()), topics) for one in found]


@create("/templates", summary="Add a template")
def add_template(parts: Given, data: JSONBody[wire.NewTemplate]) -> wire.Template:
    """Without a body it begins with one that looks good."""
    given = {name: value for name, value in msgspec.structs.asdict(data).items() if value is not None}
    base = starter(data.name, data.kind) if data.body is None else Source()
    if not given.get("preheader"):
        given.pop("preheader", None)
    return _shown(parts.templates.add(msgspec.structs.replace(base, **given)))


@read("/templates/people", summary="Contacts to look at a template as")
def list_preview_people(parts: Given, prefix: _Prefix = "") -> list[wire.PreviewPerson]:
    """Ten at most, whose address begins so."""
    return [_person(one) for one in parts.templates.people(prefix)]


@read("/templates/{template:str}", summary="One template")
def show_template(parts: Given, template: FromPath[str]) -> wire.Template:
    """As it is written now."""
    return _shown(parts.templates.get(template))


@change("/templates/{template:str}", summary="Change what is written")
def change_template(parts: Given, template: FromPath[str], data: JSONBody[wire.TemplateChange]) -> wire.Template:
    """Only what is given changes; what is published stays as it is."""
    return _shown(parts.templates.change(template, _given(data)))


@remove("/templates/{template:str}", summary="Remove a template")
def remove_template(parts: Given, template: FromPath[str]) -> None:
    """Mails that wait already still go out."""
    parts.templates.remove(template)


@create("/templates/{template:str}/duplicate", summary="Copy a template")
def duplicate_template(parts: Given, template: FromPath[str]) -> wire.Template:
    """The copy is not published."""
    return _shown(parts.templates.duplicate(template))


@act("/templates/{template:str}/publish", summary="Send what is written now from now on")
def publish_template(parts: Given, template: FromPath[str]) -> wire.Template:
    """Refused with the first error where there is one; `where` is a field, or line:7 of the body."""
    return _shown(parts.templates.publish(template))


@read("/templates/{template:str}/versions", summary="What was published")
def list_versions(parts: Given, template: FromPath[str]) -> list[wire.TemplateVersion]:
    """Newest first."""
    return [wire.TemplateVersion(number, to_datetime(at)) for number, at in parts.templates.versions(template)]


@read("/templates/{template:str}/check", summary="What is wrong with a template")
def check_template(parts: Given, template: FromPath[str]) -> wire.TemplateCheck:
    """Errors stop it from being published; warnings are what filters and clients punish."""
    found, compiled = parts.templates.check(parts.templates.get(template).source)
    return wire.TemplateCheck(_problems(found), _links(compiled))


@read("/templates/{template:str}/sample", summary="Data to look at a template with")
def show_sample(parts: Given, template: FromPath[str]) -> wire.TemplateSample:
    """What a recent message of it brought along, for previews and tests."""
    return wire.TemplateSample(*recent_data(parts.store, parts.templates.get(template).id))


@act("/templates/{template:str}/preview", summary="How a template looks")
def preview_template(
    parts: Given, template: FromPath[str], data: JSONBody[wire.PreviewAsk | None] = None
) -> wire.TemplatePreview:
    """With changes that are not saved, as a contact or the one who came last; with what is wrong, too."""
    data = data or wire.PreviewAsk()
    source = _draft(parts, template, data.changes)
    found, compiled = parts.templates.check(source)
    person = parts.templates.person(data.contact or "") or SAMPLE
    seen = preview(source, compiled, parts.places(), person, data.data)
    return wire.TemplatePreview(
        seen.subject, seen.html, seen.text, seen.size, seen.refusal, _person(person), _problems(found), _links(compiled)
    )


@act("/templates/{template:str}/test", summary="Send a test")
def test_template(parts: Given, template: FromPath[str], data: JSONBody[wire.TestSend]) -> wire.TestSent:
    """A transactional message to an address, with what the chosen contact would read."""
    source = _draft(parts, template, data.changes)
    found, compiled = parts.templates.check(source)
    if compiled is None:
        raise Refused(found[0].message, where=found[0].field, status=409)
    person = parts.templates.person(data.contact or "") or SAMPLE
    mail = as_test(source, compiled, parts.places(), person, data.data)
    return wire.TestSent(parts.send_test(mail, data.to))


@read("/topics", summary="Every topic")
def list_topics(parts: Given) -> list[wire.Topic]:
    """By name."""
    return [_topic(one) for one in parts.topics.all()]


@create("/topics", summary="Add a topic")
def add_topic(parts: Given, data: JSONBody[wire.NewTopic]) -> wire.Topic:
    """People see its name and description on the preference page."""
    return _topic(parts.topics.add(data.name, data.description))


@change("/topics/{topic:int}", summary="Rename or describe a topic")
def change_topic(parts: Given, topic: SerialId, data: JSONBody[wire.TopicChange]) -> wire.Topic:
    """Only what is given changes."""
    return _topic(parts.topics.change(topic, name=data.name, description=data.description))


@remove("/topics/{topic:int}", summary="Remove a topic")
def remove_topic(parts: Given, topic: SerialId) -> None:
    """Nobody can choose it any more; who unsubscribed from it stays so."""
    parts.topics.remove(topic)


def _given(data: wire.TemplateChange) -> dict[str, Any]:
    return {name: value for name, value in msgspec.structs.asdict(data).items() if value is not msgspec.UNSET}


def _draft(parts: Parts, template: str, changes: wire.TemplateChange | None) -> Source:
    source = parts.templates.get(template).source
    return msgspec.structs.replace(source, **_given(changes)) if changes is not None else source


def _person(person: Person) -> wire.PreviewPerson:
    name = person.traits.get("name") or " ".join(
        str(person.traits[key]) for key in ("firstName", "lastName") if person.traits.get(key)
    )
    identifier = contact_ids.public(person.id) if person.id is not None and person is not SAMPLE else ""
    return wire.PreviewPerson(identifier, person.email, str(name))


def _state(template: Template) -> Literal["draft", "published", "changed"]:
    if template.version is None:
        return "draft"
    return "changed" if template.is_changed else "published"


def _times(template: Template) -> dict[str, Any]:
    return {
        "created_at": to_datetime(template.created_at),
        "updated_at": to_datetime(template.updated_at),
        "published_at": to_datetime(template.published_at) if template.published_at else None,
    }


def _shown(template: Template) -> wire.Template:
    fields = msgspec.structs.asdict(template.source)
    return wire.Template(
        id=template.public_id, state=_state(template), version=template.version, **fields, **_times(template)
    )


def _summary(template: Template, figures: Figures, topics: dict[int, str]) -> wire.TemplateSummary:
    source = template.source
    return wire.TemplateSummary(
        id=template.public_id,
        name=source.name,
        kind="mjml" if source.kind == "mjml" else "html",
        subject=source.subject,
        state=_state(template),
        is_transactional=source.is_transactional,
        topic=topics.get(source.topic_id or 0),
        version=template.version,
        figures=wire.TemplateFigures(**asdict(figures)),
        **_times(template),
    )


def _problems(found: list[Problem]) -> list[wire.TemplateProblem]:
    return [
        wire.TemplateProblem("error" if one.level == "error" else "warning", one.code, one.message, one.field, one.line)
        for one in found
    ]


def _links(compiled: Compiled | None) -> list[wire.TemplateLink]:
    links = compiled.links if compiled is not None else []
    return [wire.TemplateLink(one.id, one.url, one.label, one.count) for one in links]


def _topic(topic: Topic) -> wire.Topic:
    return wire.Topic(topic.id, topic.name, topic.description, to_datetime(topic.created_at))


routes = Router(
    "/api/v1",
    route_handlers=[
        list_templates, add_template, list_preview_people, show_template, change_template, remove_template,
        duplicate_template, publish_template, list_versions, check_template, show_sample, preview_template,
        test_template, list_topics, add_topic, change_topic, remove_topic,
    ],
    guards=[signed_in],
    tags=["templates"],
)  # fmt: skip
