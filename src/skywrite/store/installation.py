"""Which installation this is: what tells its message 1 from another's, where both come to one receiver."""

import uuid

from sqlalchemy import select

from skywrite.store.engine import Store, insert
from skywrite.store.tables import meta

_META = "installation"


def installation_of(store: Store) -> uuid.UUID:
    """The same for the life of a store; made by who asks first. A namespace for ids that are made of row numbers."""
    known = select(meta.c.value).where(meta.c.name == _META)
    with store.read() as connection:
        value = connection.execute(known).scalar()
    if value is None:
        with store.write() as connection:
            row = insert(connection, meta).values(name=_META, value=str(uuid.uuid4()))
            connection.execute(row.on_conflict_do_nothing(index_elements=["name"]))
            value = connection.execute(known).scalar_one()
    return uuid.UUID(value)
