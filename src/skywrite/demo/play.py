"""Who does what when: people's habits as a table, and the players who keep to it."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

import structlog
from msgspec import Struct

from skywrite.demo import acts
from skywrite.demo.acts import World
from skywrite.demo.cast import Habit, Person
from skywrite.demo.mailbox.mails import Mail

log = structlog.get_logger()
Act = Callable[[World, Mail, Person], Awaitable[None]]
# What is fetched sooner after delivery counts as a machine's (ten seconds where nobody says otherwise, here
# less, so that the whole play fits a minute): people take longer.
MACHINE_SECONDS = 3.0
_READS_AFTER = 5.0
_TRIES, _TRIES_AGAIN_AFTER = 4, 3.0  # people try again where a page or a server does not answer


class Step(Struct, frozen=True):
    """One thing that somebody does, so many seconds after the mail came."""

    after: float
    act: Act


def _alone(act: Callable[..., Awaitable[None]], *more: object) -> Act:
    """An act for which the person does not matter."""

    async def done(world: World, mail: Mail, _: Person) -> None:
        await act(world, mail, *more)

    return done


_OPENS = Step(_READS_AFTER, _alone(acts.opens))
_CLICKS = Step(_READS_AFTER + 2, _alone(acts.clicks))
STEPS: dict[Habit, Sequence[Step]] = {
    Habit.READS: [_OPENS],
    Habit.CLICKS: [_OPENS, _CLICKS],
    Habit.CLICKS_TWICE: [_OPENS, _CLICKS, Step(_READS_AFTER + 6, _alone(acts.clicks, 1))],
    Habit.REPLIES: [_OPENS, Step(_READS_AFTER + 3, acts.replies)],
    Habit.IGNORES: [],
    Habit.UNSUBSCRIBES_AT_ONCE: [_OPENS, Step(_READS_AFTER + 1, _alone(acts.unsubscribes_at_once))],
    Habit.UNSUBSCRIBES_ON_PAGE: [_OPENS, Step(_READS_AFTER + 1, _alone(acts.unsubscribes_on_page))],
    Habit.UNSUBSCRIBES_BY_MAIL: [_OPENS, Step(_READS_AFTER + 1, acts.unsubscribes_by_mail)],
    Habit.COMPLAINS: [_OPENS, Step(_READS_AFTER + 2, _alone(acts.complains))],
    Habit.IS_AWAY: [Step(2, acts.is_away)],
    Habit.HAS_APPLE_MAIL: [Step(1, _alone(acts.opens, acts.APPLE))],
    Habit.HAS_SCANNER: [Step(1, _alone(acts.follows_every_link))],
    Habit.IS_UNKNOWN: [],
    Habit.BOUNCES_LATE: [Step(3, _alone(acts.bounces))],
    Habit.IS_BLOCKED: [],
}
# What their servers say to RCPT.
REFUSALS = {
    Habit.IS_UNKNOWN: "550 5.1.1 <{address}>: Recipient address rejected: User unknown",
    Habit.IS_BLOCKED: "550 5.7.1 <{address}>: Message refused, your address is listed at blocklist.example",
}
LASTS = max(step.after for steps in STEPS.values() for step in steps)


class Players:
    """Does, for each mail that comes, what its reader is like to do. Lives in one event loop."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._people: dict[str, Person] = {}
        self._acting: set[asyncio.Task[None]] = set()

    def know(self, person: Person) -> None:
        """From now on this person has a mailbox."""
        self._people[person.email.lower()] = person

    def answer(self, address: str) -> str:
        """What the server of an address says to RCPT, "" where it takes the mail. May be called in any thread."""
        person = self._people.get(address.lower())
        if person is None:
            return "" if address else "501 5.1.3 Whom?"
        return REFUSALS.get(person.habit, "").format(address=address)

    def take(self, mail: Mail) -> None:
        """A mail came."""
        person = self._people.get(mail.recipient.lower())
        if person is None:
            return
        for step in STEPS[person.habit]:
            task = asyncio.get_running_loop().create_task(self._act(step, mail, person))
            self._acting.add(task)
            task.add_done_callback(self._acting.discard)

    async def finish(self) -> None:
        """Wait until nobody has anything left to do."""
        while self._acting:
            await asyncio.wait(self._acting)

    async def _act(self, step: Step, mail: Mail, person: Person) -> None:
        await asyncio.sleep(step.after)
        for left in reversed(range(_TRIES)):
            try:
                await step.act(self._world, mail, person)
            except Exception as error:  # noqa: BLE001 - the loop's edge: one who cannot act keeps nobody else from it
                if not left:
                    log.warning("somebody could not do what they meant to", person=mail.recipient, reason=repr(error))
            else:
                return
            await asyncio.sleep(_TRIES_AGAIN_AFTER)
