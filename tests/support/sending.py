"""A sender in a process of its own, to be killed: python -m tests.support.sending DATA PORT [DIE_AT]."""

import asyncio
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from sqlalchemy import func, insert, select

from skywrite.channels.email.outbox.model import Claimed, Made, Make
from skywrite.channels.email.outbox.sender import Sender
from skywrite.channels.email.outbox.turn import Turns
from skywrite.kit.time import now_micros
from skywrite.settings import Settings
from skywrite.store.contact_tables import contacts
from skywrite.store.engine import Store, open_store
from skywrite.store.mail_tables import broadcasts, messages, templates
from tests.support.carrier import Carrier, FileJournal, plain_mail


def add_people(store: Store, count: int, first: int = 1, **traits: object) -> None:
    """Contacts p1@example.com, ..., each with the user id u1, ..."""
    rows = [
        {
            "id": number,
            "email": f"p{number}@example.com",
            "email_key": f"p{number}@example.com",
            "user_id": f"u{number}",
            "traits": {"first_name": "Ada", **traits},
            "created_at": 1,
            "updated_at": 1,
            "seen_at": 1,
        }
        for number in range(first, first + count)
    ]
    with store.write() as connection:
        connection.execute(insert(contacts), rows)


def add_template(
    store: Store, *, version: int | None = 1, is_transactional: bool = False, topic_id: int | None = None
) -> int:
    """A template; published unless `version` is None."""
    texts = ("subject", "preheader", "body", "text", "from_name", "from_address", "reply_to")
    row = insert(templates).values(
        name="News",
        kind="html",
        is_transactional=is_transactional,
        topic_id=topic_id,
        version=version,
        created_at=1,
        updated_at=1,
        **dict.fromkeys(texts, "x"),
    )
    with store.write() as connection:
        return connection.execute(row.returning(templates.c.id)).scalar_one()


def counted(store: Store) -> dict[str, int]:
    """How many messages are in each state."""
    with store.read() as connection:
        return dict(connection.execute(select(messages.c.state, func.count()).group_by(messages.c.state)).all())


def is_over(store: Store) -> bool:
    """Whether nothing is left to do: no broadcast runs, no message waits."""
    with store.read() as connection:
        running = select(broadcasts.c.id).where(broadcasts.c.state.in_(("scheduled", "running")))
        waiting = select(messages.c.id).where(messages.c.state.in_(("queued", "sending")))
        return connection.execute(running).first() is None and connection.execute(waiting).first() is None


async def send_all(
    store: Store,
    carrier: Carrier,
    journal: FileJournal,
    *,
    batch: int = 50,
    now: Callable[[], int] = now_micros,
    until: Callable[[], object] | None = None,
) -> None:
    """Send until nothing is left to do, or `until` holds."""
    sender = Sender(Turns(store, now=now), carrier, make_or_die(carrier), journal, batch=batch)
    stop = asyncio.Event()
    task = asyncio.create_task(sender.run(stop))
    while not task.done():
        await asyncio.sleep(0.02)
        if await asyncio.to_thread(until or (lambda: is_over(store))):
            break
    stop.set()
    await task


def make_or_die(carrier: Carrier) -> Make:
    """Makes plain mails; a process may be told to die of it."""

    async def make(messages: Sequence[Claimed]) -> list[Made]:
        carrier.die("claimed")
        return [plain_mail(message) for message in messages]

    return make


def main() -> None:
    """Send until nothing is left to do, or until killed."""
    data, port, *die_at = sys.argv[1:]
    store = open_store(Settings(data=Path(data)))
    journal = FileJournal(Path(data) / "journal")
    asyncio.run(send_all(store, Carrier(int(port), journal, die_at=die_at[0] if die_at else ""), journal))
    store.close()


if __name__ == "__main__":
    main()
