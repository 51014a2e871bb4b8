from sqlalchemy import select

from skywrite.contacts.activity import Activity, Kind, add_activities
from skywrite.store.contact_tables import activities
from skywrite.store.engine import Store


def test_what_happened_is_kept_in_its_order(store: Store) -> None:
    happened = [Activity(7, at, Kind.TRACK, f"Event {at}", {"properties": {"n": at}}) for at in (3, 1, 2)]
    with store.write() as connection:
        add_activities(connection, happened)
        add_activities(connection, [])
    with store.read() as connection:
        rows = connection.execute(select(activities).order_by(activities.c.id)).all()
    assert [(row.contact_id, row.at, row.name, row.data["properties"]["n"]) for row in rows] == [
        (7, 3, "Event 3", 3),
        (7, 1, "Event 1", 1),
        (7, 2, "Event 2", 2),
    ]
