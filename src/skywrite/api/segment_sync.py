"""The Segment Sync page: the API keys that AutopilotHQ destinations call with, and where to."""

from datetime import datetime
from typing import Annotated

from litestar import Router
from litestar.params import FromPath, JSONBody
from msgspec import Meta, Struct

from skywrite.api.routes import Given, act, read, remove
from skywrite.api.schemas import RequestBody
from skywrite.api.signing import signed_in
from skywrite.contacts.door import PATH
from skywrite.contacts.sync_keys import SyncKey, SyncKeys
from skywrite.kit.time import to_datetime


class SegmentSyncKey(Struct):
    """An API key; one that was replaced works until `expires_at`."""

    id: str
    key: str
    created_at: datetime
    used_at: datetime | None
    expires_at: datetime | None


class SegmentSync(Struct):
    """What another server needs, to bring its calls here. The first key is the present one."""

    address: str
    keys: list[SegmentSyncKey]


class Regeneration(RequestBody):
    """How long the old key works on."""

    grace_hours: Annotated[float, Meta(ge=0, le=2160, description="0 ends it at once.")] = 24.0


@read("/segment-sync", summary="The API keys of Segment Sync, and the address")
def show_segment_sync(parts: Given) -> SegmentSync:
    """Newest first; the first key is made when it is asked for."""
    return _shown(parts, SyncKeys(parts.store).all())


@act("/segment-sync/keys", summary="Make a new API key")
def regenerate_sync_key(parts: Given, data: JSONBody[Regeneration]) -> SegmentSync:
    """The old one works on for its grace, so that nothing is lost while the new one is pasted everywhere."""
    return _shown(parts, SyncKeys(parts.store).regenerate(data.grace_hours))


@remove("/segment-sync/keys/{key_id:str}", summary="End an API key at once", status_code=200)
def revoke_sync_key(parts: Given, key_id: FromPath[str]) -> SegmentSync:
    """Destinations that use it fail from now on, and wait."""
    return _shown(parts, SyncKeys(parts.store).revoke(key_id))


def _shown(parts: Given, keys: list[SyncKey]) -> SegmentSync:
    return SegmentSync(parts.settings.base_url + PATH.decode(), [_key(one) for one in keys])


def _key(one: SyncKey) -> SegmentSyncKey:
    used, ends = one.used_at, one.expires_at
    return SegmentSyncKey(
        id=one.id,
        key=one.key,
        created_at=to_datetime(one.created_at),
        used_at=None if used is None else to_datetime(used),
        expires_at=None if ends is None else to_datetime(ends),
    )


routes = Router(
    "/api/v1",
    route_handlers=[show_segment_sync, regenerate_sync_key, revoke_sync_key],
    guards=[signed_in],
    tags=["segment-sync"],
)
