"""Broadcasts: one template to an audience, and what may be asked of it."""

import msgspec
from litestar import Router
from litestar.params import JSONBody

from skywrite.api.message_schemas import (
    BroadcastAudience,
    BroadcastChange,
    BroadcastStart,
    BroadcastView,
    NewBroadcast,
)
from skywrite.api.parts import Progress
from skywrite.api.routes import Given, SerialId, act, change, create, read, remove
from skywrite.api.signing import signed_in
from skywrite.channels.email.outbox.audience import Audience
from skywrite.channels.email.outbox.broadcasts import Broadcast, Broadcasts, Names
from skywrite.kit.ids import number_meant
from skywrite.kit.time import now_micros, to_datetime, to_micros


@read("/broadcasts", summary="Every broadcast")
def list_broadcasts(parts: Given) -> list[BroadcastView]:
    """The newest first, each with how far it has come, counted no oftener than many messages allow."""
    service = Broadcasts(parts.store)
    found = service.all()
    names = service.named(found)
    moving = [one.id for one in found if one.state in ("running", "paused")]
    others = [one.id for one in found if one.id not in moving and one.enqueued]
    # Apart, so that the few that move are counted often however many there have been.
    progress = parts.under_way.get(moving, lambda: {number: service.progress(number) for number in moving})
    progress = progress | parts.over.get(others, lambda: {number: service.progress(number) for number in others})
    return [_viewed(one, names[one.id], progress.get(one.id, {})) for one in found]


@create("/broadcasts", summary="Draft a broadcast")
def add_broadcast(parts: Given, data: JSONBody[NewBroadcast]) -> BroadcastView:
    """Nothing is sent until it is started."""
    service = Broadcasts(parts.store)
    template = number_meant("template", data.template_id, "template_id")
    made = service.add(data.name, template, _audience(data.audience), per_second=data.per_second, now=now_micros())
    return _view(service, made)


@read("/broadcasts/{broadcast:int}", summary="One broadcast")
def show_broadcast(parts: Given, broadcast: SerialId) -> BroadcastView:
    """With how far it has come."""
    service = Broadcasts(parts.store)
    return _view(service, service.get(broadcast))


@change("/broadcasts/{broadcast:int}", summary="Change a broadcast")
def change_broadcast(parts: Given, broadcast: SerialId, data: JSONBody[BroadcastChange]) -> BroadcastView:
    """Everything of a draft; of one that has started its name and its rate."""
    service = Broadcasts(parts.store)
    given = {name: value for name, value in msgspec.structs.asdict(data).items() if value is not None}
    if "audience" in given:
        given["audience"] = _audience(given["audience"])
    if "template_id" in given:
        given["template_id"] = number_meant("template", given["template_id"], "template_id")
    if given.get("per_second") == 0:
        given["per_second"] = None
    return _view(service, service.change(broadcast, given))


@remove("/broadcasts/{broadcast:int}", summary="Remove a draft")
def remove_broadcast(parts: Given, broadcast: SerialId) -> None:
    """One that has sent is kept."""
    Broadcasts(parts.store).remove(broadcast)


@act("/broadcasts/{broadcast:int}/start", summary="Start a broadcast, now or at a time")
def start_broadcast(parts: Given, broadcast: SerialId, data: JSONBody[BroadcastStart | None] = None) -> BroadcastView:
    """Its template's published version is the one that is sent."""
    at = to_micros(data.at) if data is not None and data.at is not None else None
    return _step(parts, broadcast, "start" if at is None else "schedule", at)


@act("/broadcasts/{broadcast:int}/pause", summary="Pause a broadcast")
def pause_broadcast(parts: Given, broadcast: SerialId) -> BroadcastView:
    """What a server is being told now goes on; nothing else does."""
    return _step(parts, broadcast, "pause")


@act("/broadcasts/{broadcast:int}/resume", summary="Resume a broadcast")
def resume_broadcast(parts: Given, broadcast: SerialId) -> BroadcastView:
    """It goes on where it stopped."""
    return _step(parts, broadcast, "resume")


@act("/broadcasts/{broadcast:int}/cancel", summary="Cancel a broadcast")
def cancel_broadcast(parts: Given, broadcast: SerialId) -> BroadcastView:
    """What waits is rejected; what was sent stays sent."""
    return _step(parts, broadcast, "cancel")


def _audience(given: BroadcastAudience) -> Audience:
    if given.kind == "all":
        return Audience("all")
    return Audience(given.kind, number_meant(given.kind, given.id or "", "audience"))


def _step(parts: Given, number: int, asked: str, due_at: int | None = None) -> BroadcastView:
    service = Broadcasts(parts.store)
    return _view(service, service.step(number, asked, now=now_micros(), due_at=due_at))


def _view(service: Broadcasts, one: Broadcast) -> BroadcastView:
    return _viewed(one, service.named([one])[one.id], service.progress(one.id))


def _viewed(one: Broadcast, names: Names, progress: Progress) -> BroadcastView:
    fields = {name: getattr(one, name) for name in BroadcastView.__struct_fields__ if hasattr(one, name)}
    for name in ("created_at", "due_at", "started_at", "finished_at"):
        fields[name] = None if fields[name] is None else to_datetime(fields[name])
    fields["audience"] = BroadcastAudience(one.audience.kind, one.audience.id)
    fields |= {"template_name": names.template, "audience_name": names.audience}
    return BroadcastView(**fields, progress=progress)


routes = Router(
    "/api/v1",
    route_handlers=[
        list_broadcasts, add_broadcast, show_broadcast, change_broadcast, remove_broadcast, start_broadcast,
        pause_broadcast, resume_broadcast, cancel_broadcast,
    ],
    guards=[signed_in],
    tags=["broadcasts"],
)  # fmt: skip
