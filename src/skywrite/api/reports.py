"""Reports of templates, broadcasts and campaigns, and the contacts behind each number."""

import csv
import io
from collections.abc import Iterator
from datetime import datetime

from litestar import Router
from litestar.params import FromPath, FromQuery, JSONBody
from litestar.response import Stream
from msgspec.structs import asdict

from skywrite.api.message_schemas import (
    MadeList,
    ReportClicks,
    ReportContact,
    ReportList,
    ReportMap,
    ReportPoint,
    ReportReason,
    ReportView,
)
from skywrite.api.routes import Given, Limit, act, read
from skywrite.api.signing import signed_in
from skywrite.channels.email.outbox.reading import sentence_of
from skywrite.channels.email.outbox.reports import About, Recipient, behind, every, into_list, report
from skywrite.channels.email.templates.previews import SAMPLE
from skywrite.channels.email.viewing import map_of
from skywrite.contacts import ids
from skywrite.kit.errors import Refused
from skywrite.kit.ids import number_meant
from skywrite.kit.time import now_micros, to_datetime, to_micros

_KINDS: dict[str, About] = {"templates": "template", "broadcasts": "broadcast", "campaigns": "campaign"}


@read("/reports/{kind:str}/{key:str}", summary="What became of mails")
def show_report(
    parts: Given,
    kind: FromPath[str],
    key: FromPath[str],
    since: FromQuery[datetime | None] = None,
    until: FromQuery[datetime | None] = None,
) -> ReportView:
    """Of a template, a broadcast or a campaign: `kind` is templates, broadcasts or campaigns."""
    about, number = _about(kind, key)
    end = to_micros(until) if until else now_micros() + 1
    found = report(parts.store, about, number, since=to_micros(since) if since else 0, until=end)
    return ReportView(
        found.figures,
        found.rates,
        [ReportReason(reason, sentence_of(reason), times) for reason, times in found.reasons],
        [ReportClicks(**asdict(one)) for one in found.clicks],
        [ReportPoint(**asdict(one) | {"at": to_datetime(one.at)}) for one in found.points],
    )


@read("/reports/{kind:str}/{key:str}/contacts", summary="The contacts behind a number")
def report_contacts(
    parts: Given,
    kind: FromPath[str],
    key: FromPath[str],
    what: FromQuery[str],
    link: FromQuery[str] = "",
    after: FromQuery[int] = 0,
    limit: Limit = 50,
) -> list[ReportContact]:
    """`what` is the name of a figure; `link` a link's id, with `clicked`. As many as the figure says: one for each
    message, so who got two of a template stands here twice. The next page is behind the last one's `message_id`.
    """
    about, number = _about(kind, key)
    found = behind(parts.store, about, number, what, link_id=link, after=after, limit=limit)
    return [ReportContact(one.message_id, _public(one), one.email) for one in found]


@read("/reports/{kind:str}/{key:str}/map", summary="The mail to lay clicks over")
def report_map(parts: Given, kind: FromPath[str], key: FromPath[str]) -> ReportMap:
    """As in a recent message, with what it brought along; where there is none, as the contact who came last would get
    it. The report has the figures of each link.
    """
    about, number = _about(kind, key)
    person = parts.templates.person("") or SAMPLE
    return ReportMap(map_of(parts.store, parts.places().base_url, about, number, person))


@read(
    "/reports/{kind:str}/{key:str}/contacts.csv", summary="The contacts behind a number, as CSV", media_type="text/csv"
)
def export_report_contacts(
    parts: Given, kind: FromPath[str], key: FromPath[str], what: FromQuery[str], link: FromQuery[str] = ""
) -> Stream:
    """All of them: the contact's id, the email, and the message's id."""
    about, number = _about(kind, key)
    behind(parts.store, about, number, what, limit=1)  # what is refused is refused before the first line
    return Stream(
        _lines(every(parts.store, about, number, what, link_id=link)),
        media_type="text/csv",
        headers={"content-disposition": f'attachment; filename="{what}.csv"'},
    )


@act("/reports/{kind:str}/{key:str}/list", summary="Make a list of the contacts behind a number")
def make_list(
    parts: Given,
    kind: FromPath[str],
    key: FromPath[str],
    what: FromQuery[str],
    data: JSONBody[ReportList],
    link: FromQuery[str] = "",
) -> MadeList:
    """As they are now."""
    about, number = _about(kind, key)
    behind(parts.store, about, number, what, limit=1)
    found = every(parts.store, about, number, what, link_id=link)
    return MadeList(*into_list(parts.store, found, data.name, now=now_micros()))


def _about(kind: str, key: str) -> tuple[About, int | str]:
    about = _KINDS.get(kind)
    if about is None:
        raise Refused(f"There are no reports of {kind!r}.", where="kind", status=404)
    if about == "campaign":
        return about, key
    return about, number_meant(about, key, "key")


def _public(one: Recipient) -> str | None:
    return None if one.contact_id is None else ids.public(one.contact_id)


def _lines(found: Iterator[Recipient]) -> Iterator[str]:
    line = io.StringIO()
    writer = csv.writer(line)
    writer.writerow(("id", "email", "message_id"))
    for one in found:
        # A spreadsheet would take one that begins so for a formula.
        email = f"'{one.email}" if one.email[:1] in ("=", "+", "-", "@") else one.email
        writer.writerow((_public(one), email, one.message_id))
        if line.tell() > 1 << 14:
            yield line.getvalue()
            line.seek(0)
            line.truncate()
    yield line.getvalue()


routes = Router(
    "/api/v1",
    route_handlers=[show_report, report_contacts, report_map, export_report_contacts, make_list],
    guards=[signed_in],
    tags=["reports"],
)
