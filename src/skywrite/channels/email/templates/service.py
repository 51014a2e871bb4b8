"""Templates as they are kept: add, change, check, publish; a published version never changes."""

import re
from collections.abc import Callable
from typing import Any

import msgspec
from msgspec import Struct
from sqlalchemy import Connection, Row

from skywrite.channels.email.templates import queries
from skywrite.channels.email.templates.checks import problems
from skywrite.channels.email.templates.compiling import LARGEST
from skywrite.channels.email.templates.model import Compiled, MailPlaces, Source, Version
from skywrite.channels.email.templates.previews import SAMPLE, check_work
from skywrite.channels.email.templates.problems import Problem
from skywrite.channels.email.templates.rendering import Person
from skywrite.channels.email.templates.topics import get_topic
from skywrite.contacts.addresses import address_key
from skywrite.contacts.finding import found
from skywrite.kit.errors import Refused
from skywrite.kit.ids import number_of
from skywrite.kit.names import clean_name
from skywrite.kit.time import now_micros
from skywrite.store.engine import Store

_MAILBOX = re.compile(r"[^\s@<>,;\"]+@[^\s@<>,;\"]+\.[^\s@<>,;\"]+|")
KINDS = ("mjml", "html")


class Figures(Struct, frozen=True):
    """What became of a template's mails; the rates are of what was delivered, None of nothing."""

    sent: int = 0
    delivered: int = 0
    opened: int = 0
    clicked: int = 0
    open_rate: float | None = None
    click_rate: float | None = None


class Template(Struct, frozen=True, kw_only=True):
    """A template as it is kept; times in µs."""

    id: int
    source: Source
    version: int | None  # the published one
    is_changed: bool  # since it was published
    created_at: int
    updated_at: int
    published_at: int | None

    @property
    def public_id(self) -> str:
        """The id as others see it, an event's `email_id`."""
        return f"template_{self.id}"


class Templates:
    """Add, read, change, publish and remove templates; `ref` is a public id such as template_7."""

    def __init__(self, store: Store, places: Callable[[], MailPlaces], clock: Callable[[], int] = now_micros) -> None:
        self._store = store
        self._places = places
        self._now = clock

    def all(self) -> list[Template]:
        """Every template, those changed last first."""
        with self._store.read() as connection:
            return [_template(row) for row in connection.execute(queries.live())]

    def get(self, ref: str) -> Template:
        """One template. Raises Refused (404) where there is none."""
        with self._store.read() as connection:
            return _get(connection, number_of("template", ref))

    def add(self, source: Source) -> Template:
        """A new template, not published. Raises Refused naming the field that is wrong."""
        source = _checked(source)
        now = self._now()
        with self._store.write() as connection:
            if source.topic_id is not None:
                get_topic(connection, source.topic_id)
            row = queries.add(**msgspec.structs.asdict(source), created_at=now, updated_at=now)
            made = connection.execute(row).scalar_one()
            self._store.announce(connection, queries.TOPIC)
            return _get(connection, made)

    def change(self, ref: str, values: dict[str, Any]) -> Template:
        """New values for fields of a template's source; what is published stays as it is."""
        with self._store.write() as connection:
            known = _get(connection, number_of("template", ref))
            source = _checked(msgspec.structs.replace(known.source, **values))
            if source.topic_id is not None and source.topic_id != known.source.topic_id:
                get_topic(connection, source.topic_id)
            if source != known.source:
                row = queries.change(known.id, **msgspec.structs.asdict(source), updated_at=self._now())
                connection.execute(row)
                self._store.announce(connection, queries.TOPIC)
            return _get(connection, known.id)

    def duplicate(self, ref: str) -> Template:
        """A copy that is not published."""
        source = self.get(ref).source
        return self.add(msgspec.structs.replace(source, name=f"{source.name[:190]} (copy)"))

    def remove(self, ref: str) -> None:
        """Take it away; mails that were queued with a version of it still go out."""
        with self._store.write() as connection:
            known = _get(connection, number_of("template", ref))
            connection.execute(queries.change(known.id, removed_at=self._now()))
            self._store.announce(connection, queries.TOPIC)

    def check(self, source: Source) -> tuple[list[Problem], Compiled | None]:
        """What is wrong with a source, and what it compiles to where it can be compiled."""
        return problems(source, self._places(), self.traits())

    def publish(self, ref: str) -> Template:
        """Make what is written now the version that is sent. Raises Refused with the first error."""
        known = self.get(ref)
        found, compiled = self.check(known.source)
        errors = [one for one in found if one.level == "error"]
        if errors or compiled is None:
            more = f" ({len(errors) - 1} more)" if len(errors) > 1 else ""
            where = f"line:{errors[0].line}" if errors[0].line and errors[0].field == "body" else errors[0].field
            raise Refused(f"{errors[0].message}{more}", where=where, status=409)
        check_work(known.source, compiled, self._places(), self.person("") or SAMPLE)
        with self._store.write() as connection:
            current = _get(connection, known.id)
            if current.source != known.source:
                raise Refused("It was changed while it was being published: look at it again.", status=409)
            self._add_version(connection, current, compiled)
            self._store.announce(connection, queries.TOPIC)
            return _get(connection, known.id)

    def _add_version(self, connection: Connection, template: Template, compiled: Compiled) -> None:
        number, now = (connection.execute(queries.last_version(template.id)).scalar() or 0) + 1, self._now()
        body = msgspec.to_builtins(compiled)
        row = queries.add_version(
            template_id=template.id, version=number, source=msgspec.to_builtins(template.source),
            compiled=body, links=body["links"], published_at=now,
        )  # fmt: skip
        connection.execute(row)
        connection.execute(queries.change(template.id, version=number, published_at=now))

    def versions(self, ref: str) -> list[tuple[int, int]]:
        """The number of each version and when it was published, in µs; newest first."""
        template_id = number_of("template", ref)
        with self._store.read() as connection:
            _get(connection, template_id)
            return [(row.version, row.published_at) for row in connection.execute(queries.versions(template_id))]

    def figures(self, templates: list[Template], since: int = 0) -> dict[int, Figures]:
        """What became of the mails of templates, by id."""
        with self._store.read() as connection:
            rows = connection.execute(queries.figures([one.id for one in templates], since)).all() if templates else []
        return {row.template_id: _figures(row) for row in rows}

    def traits(self) -> tuple[str, ...]:
        """The names of the traits that contacts have."""
        with self._store.read() as connection:
            return tuple(connection.execute(queries.trait_names()).scalars())

    def people(self, prefix: str, limit: int = 10) -> list[Person]:
        """Contacts whose address begins so, to preview a template as one of them."""
        with self._store.read() as connection:
            rows = connection.execute(queries.contacts_like(address_key(prefix), limit)).all()
        return [person_of(row) for row in rows]

    def person(self, ref: str) -> Person | None:
        """A contact by its id, address, userId or anonymousId, or with "" the one who came last, if anybody did.

        Raises Refused (404) where `ref` names nobody.
        """
        with self._store.read() as connection:
            wanted = queries.contact(found(connection, ref)) if ref else queries.some_contact()
            row = connection.execute(wanted).first()
        return person_of(row) if row is not None else None


def load_version(connection: Connection, template_id: int, number: int) -> Version:
    """A published version, of a removed template too. Raises Refused (404) where there is none."""
    row = connection.execute(queries.version(template_id, number)).first()
    if row is None:
        raise Refused(f"template_{template_id} has no version {number}.", where="template", status=404)
    return Version(
        template_id=template_id,
        number=number,
        source=msgspec.convert(row.source, Source),
        compiled=msgspec.convert(row.compiled, Compiled),
    )


def published(connection: Connection, ref: str) -> Version:
    """The version of a template that is sent now. Raises Refused where it is not there or not published."""
    template = _get(connection, number_of("template", ref))
    if template.version is None:
        raise Refused(f"{template.source.name} is not published yet.", where="template", status=409)
    return load_version(connection, template.id, template.version)


def person_of(row: Row[Any]) -> Person:
    """A contact's row as a recipient."""
    return Person(email=row.email or "", id=row.id, user_id=row.user_id, traits=row.traits)


def _figures(row: Row[Any]) -> Figures:
    def share(part: int) -> float | None:
        return part / row.delivered if row.delivered else None

    rates = share(row.opened_of_delivered), share(row.clicked_of_delivered)
    return Figures(row.sent, row.delivered, row.opened, row.clicked, *rates)


def _get(connection: Connection, template_id: int) -> Template:
    row = connection.execute(queries.live_one(template_id)).first()
    if row is None:
        raise Refused(f"There is no template template_{template_id}.", where="template", status=404)
    return _template(row)


def _template(row: Row[Any]) -> Template:
    values = row._mapping  # noqa: SLF001 - SQLAlchemy's name for a row's columns
    return Template(
        id=row.id,
        source=Source(**{name: values[name] for name in Source.__struct_fields__}),
        version=row.version,
        is_changed=row.published_at is not None and row.updated_at > row.published_at,
        created_at=row.created_at,
        updated_at=row.updated_at,
        published_at=row.published_at,
    )


def _checked(source: Source) -> Source:
    """A source as it may be kept, however unfinished."""
    if source.kind not in KINDS:
        raise Refused("A template is mjml or html.", where="kind")
    for name in ("subject", "preheader", "body", "text", "from_name"):
        if len(getattr(source, name)) > LARGEST:
            raise Refused(f"It can't be longer than {LARGEST} characters.", where=name)
    for name in ("from_address", "reply_to"):
        if not _MAILBOX.fullmatch(getattr(source, name).strip()):
            raise Refused("That is no email address.", where=name)
    return msgspec.structs.replace(
        source,
        name=clean_name(source.name),
        from_address=source.from_address.strip(),
        reply_to=source.reply_to.strip(),
    )
