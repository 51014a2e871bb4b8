"""Opens and clicks: what each is found to be, and what comes of it. A click that may be a scanner's is held first."""

from collections.abc import Callable
from typing import Any

from skywrite.channels.email.observing.book import Book, Message
from skywrite.channels.email.observing.hits import Hit, HitKind
from skywrite.channels.email.observing.machines import (
    HONEYPOT,
    VERSION,
    Bursts,
    Circumstances,
    Click,
    Verdict,
    among_others,
    judged,
    network,
    source,
)
from skywrite.channels.email.observing.settings import ObservingSettings
from skywrite.channels.email.states import Observed
from skywrite.events.email import EmailEvent
from skywrite.log.base import Record

OPENED, CLICKED = EmailEvent.OPENED.value, EmailEvent.CLICKED.value
HELD = "Email Click Held"  # stands on the timeline until the click is decided
LOOK_BACK_MICROS = 75_000_000  # how far back hits on a message matter to a new one
_SAME_OPEN_MICROS = 10_000_000
_SAME_CLICK_MICROS = 2_000_000
LinkCount = Callable[[Message], int]  # how many links a message has, 0 where that is not known


class Fetches:
    """Judges hits by the settings, and by what else their source does."""

    def __init__(self, settings: ObservingSettings, link_count: LinkCount) -> None:
        self.settings = settings
        self._link_count = link_count
        self._bursts = Bursts()

    def opened(self, book: Book, record: Record, hit: Hit) -> None:
        """An open."""
        message, at = book.message(hit.message_id), record.received_at
        detail = self._detail(record, hit)
        if message is None:
            book.note("open", "unknown", at, None, detail | {"message": hit.message_id})
            return
        if _is_repeated(book, "open", detail, at, message, _SAME_OPEN_MICROS):
            return
        verdict = self._own_verdict(message, detail, hit.prefetch, at)
        if not verdict.is_machine and _is_trapped(book, message, detail["source"], at):
            verdict = Verdict(True, verdict.proxy, "honeypot")
        _note(book, "open", at, message, detail, verdict)
        message.first("machine_opened_at" if verdict.is_machine else "opened_at", at)
        message.observe(Observed.SEEN)
        book.tell(message, OPENED, at, _of(verdict))

    def clicked(self, book: Book, record: Record, hit: Hit) -> None:
        """A click."""
        message, at = book.message(hit.message_id), record.received_at
        detail = self._detail(record, hit) | {"link_id": hit.link_id, "url": hit.url}
        if message is None:
            book.note("click", "unknown", at, None, detail | {"message": hit.message_id})
            return
        if _is_repeated(book, "click", detail, at, message, _SAME_CLICK_MICROS):
            return
        verdict = self._own_verdict(message, detail, hit.prefetch, at)
        if hit.link_id == HONEYPOT:  # no link of the mail's: it tells of who follows it, and is no click
            _note(book, "click", at, message, detail, Verdict(True, verdict.proxy, "honeypot"))
        elif verdict.is_machine or not self._is_in_doubt(message, at):
            self._decide(book, message, at, detail, verdict)
        else:
            book.note("click", "held", at, message.id, detail)
            book.tell(message, HELD, at, {"link_id": hit.link_id, "link_url": hit.url})
        message.observe(Observed.SEEN)

    def settled(self, book: Book, held: dict[str, Any]) -> tuple[str, dict[str, Any]]:
        """The outcome and the detail of a click that has waited long enough; the caller keeps them."""
        message, at, detail = book.message(held["message_id"]), held["at"], held["detail"]
        if message is None:
            return "unknown", detail
        verdict = self._by_others(book, message, at, detail, Verdict(False, detail.get("proxy")))
        _apply_click(book, message, at, detail, verdict)
        return "machine" if verdict.is_machine else "person", detail | _of(verdict) | {"reason": verdict.reason}

    # ---- verdicts ----

    def _own_verdict(self, message: Message, detail: dict[str, Any], prefetch: str, at: int) -> Verdict:
        where = detail["source"]
        seen = Circumstances(at, detail["agent"], prefetch, message.sent_at, self._bursts.note(where, message.id, at))
        return judged(seen, self.settings.machine_seconds, gmail_is_person=self.settings.gmail_is_person)

    def _is_in_doubt(self, message: Message, at: int) -> bool:
        """Whether scanners may still be at it. A mail that a person was seen to read a while ago is past that."""
        hold = self.settings.hold_seconds * 1_000_000
        read_at = min(filter(None, (message["opened_at"], message["clicked_at"])), default=at)
        return hold > 0 and at - read_at < hold

    def _decide(self, book: Book, message: Message, at: int, detail: dict[str, Any], verdict: Verdict) -> None:
        if not verdict.is_machine:
            verdict = self._by_others(book, message, at, detail, verdict)
        _note(book, "click", at, message, detail, verdict)
        _apply_click(book, message, at, detail, verdict, was_held=False)

    def _by_others(self, book: Book, message: Message, at: int, detail: dict[str, Any], verdict: Verdict) -> Verdict:
        clicks = [
            Click(hit["at"], hit["detail"].get("link_id", ""), hit["detail"].get("source", ""))
            for hit in book.hits.get(message.id, ())
            if hit["kind"] == "click"
        ]
        where = detail["source"]
        sign = among_others(Click(at, detail["link_id"], where), clicks, self._link_count(message))
        sign = sign or ("burst" if self._bursts.is_burst(where, at) and verdict.proxy is None else "")
        return Verdict(True, verdict.proxy, sign) if sign else verdict

    def _detail(self, record: Record, hit: Hit) -> dict[str, Any]:
        ip = record.ip if self.settings.keeps_addresses else network(record.ip)
        return {"ip": ip, "agent": hit.agent, "source": source(record.ip, hit.agent), "rules": VERSION}


def _apply_click(
    book: Book, message: Message, at: int, detail: dict[str, Any], verdict: Verdict, *, was_held: bool = True
) -> None:
    if was_held:
        book.take_back(message, HELD, at)
    if not verdict.is_machine:
        message.first("clicked_at", at)
    book.tell(message, CLICKED, at, _of(verdict) | {"link_id": detail["link_id"], "link_url": detail["url"]})


def _note(book: Book, kind: str, at: int, message: Message, detail: dict[str, Any], verdict: Verdict) -> None:
    outcome = "machine" if verdict.is_machine else "person"
    book.note(kind, outcome, at, message.id, detail | _of(verdict) | {"reason": verdict.reason})


def _of(verdict: Verdict) -> dict[str, Any]:
    return {"machine": verdict.is_machine} | ({"proxy": verdict.proxy} if verdict.proxy else {})


def _is_repeated(book: Book, kind: str, detail: dict[str, Any], at: int, message: Message, within: int) -> bool:
    """Whether the same source did the same a moment ago: two requests of one rendering, a double click.

    It is not kept: there is nothing in it that the first did not say, and a client that asks without end fills no disk.
    """
    return any(
        hit["kind"] == kind
        and hit["detail"].get("source") == detail["source"]
        and hit["detail"].get("link_id") == detail.get("link_id")
        and abs(at - hit["at"]) <= within
        for hit in reversed(book.hits.get(message.id, ()))
    )


def _is_trapped(book: Book, message: Message, where: str, at: int) -> bool:
    clicks = [hit for hit in book.hits.get(message.id, ()) if hit["detail"].get("link_id") == HONEYPOT]
    return any(hit["detail"].get("source") == where and abs(at - hit["at"]) <= 60_000_000 for hit in clicks)


KINDS = {HitKind.OPEN.value: Fetches.opened, HitKind.CLICK.value: Fetches.clicked}
