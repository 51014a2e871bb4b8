"""What the things that a definition names are called."""

from sqlalchemy import Connection, Table, select

from skywrite.contacts.segments.check import conditions
from skywrite.contacts.segments.model import EmailCondition, Group, InSegment, OnList, Subscription
from skywrite.contacts.segments.sentences import Names
from skywrite.store.contact_tables import lists, segments
from skywrite.store.mail_tables import broadcasts, templates, topics


def names_in(connection: Connection, definition: Group) -> Names:
    """The names of the lists, segments, templates, broadcasts and topics in it."""
    wanted: dict[str, set[int]] = {}
    for one in conditions(definition):
        match one:
            case OnList(list_id=of):
                wanted.setdefault("lists", set()).add(of)
            case InSegment(segment_id=of):
                wanted.setdefault("segments", set()).add(of)
            case EmailCondition(template_id=template, broadcast_id=broadcast):
                wanted.setdefault("templates", set()).update([template] if template else [])
                wanted.setdefault("broadcasts", set()).update([broadcast] if broadcast else [])
            case Subscription(topic_id=int(of)):
                wanted.setdefault("topics", set()).add(of)
    return Names(**{kind: _names(connection, _TABLES[kind], ids) for kind, ids in wanted.items() if ids})


_TABLES = {"lists": lists, "segments": segments, "templates": templates, "broadcasts": broadcasts, "topics": topics}


def _names(connection: Connection, table: Table, ids: set[int]) -> dict[int, str]:
    rows = connection.execute(select(table.c.id, table.c.name).where(table.c.id.in_(sorted(ids))))
    return {row.id: row.name for row in rows}
