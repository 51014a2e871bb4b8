"""A person says that two contacts are one: everything of the one becomes the other's, and its old id still finds it."""

from sqlalchemy import Connection

from skywrite.contacts import finding
from skywrite.contacts.activity import hold_writers
from skywrite.contacts.apply import save
from skywrite.contacts.world import World
from skywrite.kit.errors import Refused
from skywrite.kit.time import now_micros
from skywrite.store.engine import Store


def merge(store: Store, kept: str, other: str, now: int | None = None) -> int:
    """Make `other` part of `kept`, each by its id, email or userId; the number of the one that stays.

    Also two with userIds: who asks knows better. Raises Refused where one is not there, or both are the same.
    """
    with store.write() as connection:
        return merge_in(connection, kept, other, now or now_micros())


def merge_in(connection: Connection, kept: str, other: str, now: int) -> int:
    """The same within a transaction of the caller's."""
    hold_writers(connection)
    stays, goes = finding.get(connection, kept), finding.get(connection, other)
    if stays.id == goes.id:
        raise Refused("These are one contact already.", where="contact", status=409)
    world = World()
    world.unite(goes, stays, now)
    save(connection, world)
    return stays.id
