"""What the mailbox holds: the newest mails, in memory, each as its reader and its source show it."""

import itertools
from collections import OrderedDict
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from msgspec import Struct

from skywrite.kit.time import iso_millis, now_micros

_MOST_MAILS = 2_000


class Mail(Struct, frozen=True):
    """One mail as it came. `at` is in µs."""

    id: int
    at: int
    sender: str  # the envelope's
    recipient: str
    raw: bytes

    @property
    def parsed(self) -> EmailMessage:
        """The mail with its headers decoded."""
        found = message_from_bytes(self.raw, policy=policy.default)
        assert isinstance(found, EmailMessage)
        return found

    def part(self, subtype: str) -> str:
        """The text of its first part of this kind (`html`, `plain`), "" where it has none."""
        found = self.parsed.get_body((subtype,))
        content = found.get_content() if found is not None else ""
        return content if isinstance(content, str) else ""

    def heading(self) -> dict[str, Any]:
        """What a list of mails shows of it."""
        parsed = self.parsed
        return {
            "id": self.id,
            "at": iso_millis(self.at),
            "from": str(parsed.get("From", self.sender)),
            "to": self.recipient,
            "subject": str(parsed.get("Subject", "")),
        }

    def whole(self) -> dict[str, Any]:
        """What its page shows."""
        return self.heading() | {
            "sender": self.sender,
            "text": self.part("plain"),
            "has_html": bool(self.part("html")),
            "headers": [[name, str(value)] for name, value in self.parsed.items()],
            "source": self.raw.decode(errors="replace"),
            "bytes": len(self.raw),
        }


class Mails:
    """The newest mails; the oldest make room."""

    def __init__(self) -> None:
        self._numbers = itertools.count(1)
        self._kept: OrderedDict[int, Mail] = OrderedDict()
        self.total = 0

    def add(self, sender: str, recipient: str, raw: bytes) -> Mail:
        """Keep a mail that has just come."""
        mail = Mail(next(self._numbers), now_micros(), sender, recipient, raw)
        self._kept[mail.id] = mail
        self.total += 1
        if len(self._kept) > _MOST_MAILS:
            self._kept.popitem(last=False)
        return mail

    def get(self, number: int) -> Mail | None:
        """One mail, None where it made room or never was."""
        return self._kept.get(number)

    def newest(self, limit: int, asked: str = "") -> list[Mail]:
        """The newest that hold `asked` in their recipient or subject, newest first."""
        wanted = asked.lower()
        found = (
            mail
            for mail in reversed(self._kept.values())
            if not wanted or wanted in mail.recipient.lower() or wanted in mail.heading()["subject"].lower()
        )
        return list(itertools.islice(found, limit))
