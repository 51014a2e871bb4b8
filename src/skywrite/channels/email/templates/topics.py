"""Topics: what people can unsubscribe from one by one."""

from collections.abc import Callable

from msgspec import Struct
from sqlalchemy import Connection

from skywrite.channels.email.templates import queries
from skywrite.kit.errors import Refused
from skywrite.kit.names import clean_name
from skywrite.kit.time import now_micros
from skywrite.store.engine import Store


class Topic(Struct, frozen=True):
    """A topic; time in µs."""

    id: int
    name: str
    description: str
    created_at: int


class Topics:
    """Add, read, change and remove topics."""

    def __init__(self, store: Store, clock: Callable[[], int] = now_micros) -> None:
        self._store = store
        self._now = clock

    def all(self) -> list[Topic]:
        """Every topic, by name."""
        with self._store.read() as connection:
            return [_topic(row) for row in connection.execute(queries.live_topics())]

    def add(self, name: str, description: str = "") -> Topic:
        """A new topic; one that was removed comes back by its name. Raises Refused for a name that is taken."""
        name = clean_name(name)
        with self._store.write() as connection:
            known = connection.execute(queries.topic_named(name)).first()
            if known is not None and known.removed_at is None:
                raise Refused(f"There is a topic {name!r} already.", where="name", status=409)
            if known is not None:
                topic_id = known.id
                connection.execute(queries.change_topic(topic_id, removed_at=None, description=description.strip()))
            else:
                row = queries.add_topic(name=name, description=description.strip(), created_at=self._now())
                topic_id = connection.execute(row).scalar_one()
            self._store.announce(connection, queries.TOPIC)
            return get_topic(connection, topic_id)

    def change(self, topic_id: int, *, name: str | None = None, description: str | None = None) -> Topic:
        """Rename or describe a topic. Raises Refused where it is not there, or the name is taken."""
        with self._store.write() as connection:
            get_topic(connection, topic_id)
            values: dict[str, str] = {}
            if name is not None:
                values["name"] = clean_name(name)
                known = connection.execute(queries.topic_named(values["name"])).first()
                if known is not None and known.id != topic_id:
                    raise Refused(f"There is or was a topic {name.strip()!r}.", where="name", status=409)
            if description is not None:
                values["description"] = description.strip()
            if values:
                connection.execute(queries.change_topic(topic_id, **values))
            self._store.announce(connection, queries.TOPIC)
            return get_topic(connection, topic_id)

    def remove(self, topic_id: int) -> None:
        """Take a topic away: templates keep it, but nobody can choose it any more."""
        with self._store.write() as connection:
            get_topic(connection, topic_id)
            connection.execute(queries.change_topic(topic_id, removed_at=self._now()))
            self._store.announce(connection, queries.TOPIC)


def get_topic(connection: Connection, topic_id: int) -> Topic:
    """One topic. Raises Refused (404) where there is none."""
    row = connection.execute(queries.topic(topic_id)).first()
    if row is None:
        raise Refused(f"There is no topic {topic_id}.", where="topic_id", status=404)
    return _topic(row)


def _topic(row: object) -> Topic:
    return Topic(row.id, row.name, row.description, row.created_at)  # type: ignore[attr-defined] # a row of the table
