"""AutopilotHQ: the contacts of this server. Its calls never leave it: the role `contacts` follows the log for it."""

import re
from collections.abc import Sequence
from typing import Annotated

from msgspec import Meta, Struct

from skywrite.destinations.base import Destination, Event, Request, Secret
from skywrite.kit.errors import Refused
from skywrite.kit.json import encode

_KEY = re.compile(r"[\x21-\x7e]{1,200}")
_ADDRESS = "https://contacts.invalid/autopilothq/segmentio"  # as it would be called from elsewhere


class AutopilotSettings(Struct, frozen=True, kw_only=True):
    """What the destination needs to know."""

    apiKey: Annotated[  # noqa: N815 - the setting's name in Segment's catalog
        Secret, Meta(title="API Key", description="Found on the Segment Sync page, in Skywrite's settings.")
    ]


class AutopilotHQ(
    Destination[AutopilotSettings],
    slug="autopilothq",
    name="AutopilotHQ",
    categories=["Email Marketing"],
    methods=["identify", "track"],
    is_local=True,
):
    """Makes contacts of your users, keeps what they do on their timeline, and sends them mail.

    Each `identify` creates the contact or updates it: its `traits` become the contact's, and it needs an `email` in
    them or a `userId`. Each `track` is a line of the contact's timeline, with its name and properties, and may move
    people in and out of segments. Which contact a call is put to, and when two become one, is written in
    `docs/identity.md`.

    To connect it, copy the API key of the **Segment Sync** page, paste it here, and switch the destination on. A call
    with neither an email nor a userId is refused, and kept here with Segment's words for it: "Missing unique identifier
    traits. Either `email` or `user_id` traits must be provided".

    `page`, `screen` and `group` calls are not taken. Those of a contact that is known already are shown on its
    timeline all the same; an `alias` unites the two ids that it names.
    """

    @classmethod
    def check(cls, settings: AutopilotSettings) -> None:
        """The key is one that a header can carry."""
        if not _KEY.fullmatch(settings.apiKey):
            raise Refused("The API key has characters that no key has; copy it anew.", where="apiKey")

    def request(self, events: Sequence[Event], at: int) -> Request:  # noqa: ARG002 - the same at any time
        """The call as Segment makes it: the raw message, with the key in a header."""
        headers = {"content-type": "application/json", "autopilotapikey": str(self.settings.apiKey)}
        return Request("POST", _ADDRESS, encode(events[0] if len(events) == 1 else list(events)), headers)
