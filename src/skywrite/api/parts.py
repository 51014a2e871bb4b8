"""What the API needs of the other rooms; `wiring` builds it."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from skywrite.access.attempts import Attempts
from skywrite.access.links import known_address
from skywrite.access.service import Access
from skywrite.api.bells import Bells
from skywrite.api.live import Live
from skywrite.api.mail_flow import MailFlow
from skywrite.api.rates import Loads, Rates
from skywrite.api.seldom import Seldom
from skywrite.api.slow import Slow
from skywrite.channels.email.filling import places_of, queue_test
from skywrite.channels.email.settings.service import EmailChannel
from skywrite.channels.email.templates.model import MailPlaces
from skywrite.channels.email.templates.previews import SendTest
from skywrite.channels.email.templates.service import Figures, Templates
from skywrite.channels.email.templates.topics import Topics
from skywrite.contacts.segments.service import Segments
from skywrite.destinations.service import Destinations
from skywrite.intake.addresses import TrustedProxies
from skywrite.pipeline.reader import Reader
from skywrite.settings import Settings
from skywrite.sources.service import Sources
from skywrite.store.engine import Store

# A mended event's way into the log: its source's id, its body, and who hears (status, JSON, Retry-After) in the loop.
Resend = Callable[[str, bytes, Callable[[int, bytes, float], None]], None]

Progress = dict[str, int]  # messages of a broadcast by state

_FAILURES_BY_ADDRESS = 10
_FAILURES_BY_HOST = 100


@dataclass(frozen=True)
class Parts:
    """The API's parts. `is_stopping` ends the live streams, so that a server can drain."""

    settings: Settings
    store: Store
    sources: Sources
    destinations: Destinations
    segments: Segments
    access: Access
    reader: Reader
    bells: Bells
    live: Live
    rates: Rates
    loads: Loads
    mail_flow: Seldom[MailFlow]
    figures: Seldom[dict[int, Figures]]  # of the templates
    under_way: Seldom[dict[int, Progress]]  # how far broadcasts have come that run or are paused
    over: Seldom[dict[int, Progress]]  # and all others
    resend: Resend
    ui: Path  # the folder of the built UI
    warehouse: Path  # the DuckDB file
    is_stopping: Callable[[], bool]
    log_trouble: Callable[[], str]  # why the last commit of events failed, "" when none did
    by_address: Attempts
    by_host: Attempts
    proxies: TrustedProxies
    queries: Slow  # SQL and loads that a person waits for
    counts: Slow  # live counts of segments
    looks: Slow  # the warehouse's lists: short, but they wait where a load holds the file
    places: Callable[[], MailPlaces]  # what the channel's settings say of a mail's addresses
    templates: Templates
    topics: Topics
    send_test: SendTest


def make_parts(
    settings: Settings,
    store: Store,
    reader: Reader,
    *,
    resend: Resend,
    ui: Path,
    is_stopping: Callable[[], bool] = lambda: False,
    log_trouble: Callable[[], str] = lambda: "",
) -> Parts:
    """The parts that follow from a store and a log."""
    bells = Bells(settings.run / "bell")
    channel = EmailChannel(store)

    def places() -> MailPlaces:
        return places_of(channel.get().email, known_address(settings))

    return Parts(
        settings=settings,
        store=store,
        sources=Sources(store),
        destinations=Destinations(store, lambda: reader.heads()[0], allow_private=settings.private_destinations),
        segments=Segments(store),
        access=Access(store),
        reader=reader,
        bells=bells,
        live=Live(reader, store, bells, is_stopping),
        rates=Rates(),
        loads=Loads(),
        mail_flow=Seldom(pause=1.0),
        figures=Seldom(),
        under_way=Seldom(),
        over=Seldom(),
        resend=resend,
        ui=ui,
        warehouse=settings.data / "warehouse.duckdb",
        is_stopping=is_stopping,
        log_trouble=log_trouble,
        by_address=Attempts(_FAILURES_BY_ADDRESS),
        by_host=Attempts(_FAILURES_BY_HOST),
        proxies=TrustedProxies(settings.trusted_proxies),
        queries=Slow("queries"),
        counts=Slow("counts"),
        looks=Slow("looks"),
        places=places,
        templates=Templates(store, places),
        topics=Topics(store),
        send_test=partial(queue_test, store),
    )
