"""The tables of the email channel: templates, the outbox, whom not to write to. Times are µs since 1970, UTC."""

from typing import Any

from sqlalchemy import JSON, BigInteger, Boolean, Column, Double, ForeignKey, Index, Integer, String, Table, text

from skywrite.store.tables import metadata, serial
from skywrite.store.types import AnyText, KeyText

# How the channel sends, as its settings page has it: one row a name ("email": smarthost or direct, limits, ...).
channel_settings = Table(
    "channel_settings",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("settings", JSON, nullable=False),
    Column("updated_at", BigInteger, nullable=False),
)

sending_domains = Table(
    "sending_domains",
    metadata,
    Column("domain", String(255), primary_key=True),
    Column("selector", String(64), nullable=False),
    Column("private_key", AnyText, nullable=False),  # PEM
    Column("next_selector", String(64)),  # of the key that takes over once DNS has its record
    Column("next_private_key", AnyText),
    Column("checks", JSON, nullable=False),  # what DNS said last
    Column("checked_at", BigInteger),
    Column("created_at", BigInteger, nullable=False),
)

topics = Table(
    "topics",
    metadata,
    Column("id", serial, primary_key=True, autoincrement=True),
    Column("name", KeyText, nullable=False, unique=True),
    Column("description", AnyText, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("removed_at", BigInteger),
    sqlite_autoincrement=True,
)

# Whom not to write to, by folded address ("sha256:..." of an erased one), and why; each reason is a row of its own.
suppressions = Table(
    "suppressions",
    metadata,
    Column("address", KeyText, primary_key=True),
    Column("scope", String(32), primary_key=True),  # "all", or a topic's id
    Column("reason", String(16), primary_key=True),
    # unsubscribed, hard_bounce, complaint, repeated_soft, manual, imported, erased
    Column("since", BigInteger, nullable=False),
    Column("evidence", AnyText, nullable=False),
    Index("ix_suppressions_since", "since"),
)

templates = Table(
    "templates",
    metadata,
    Column("id", serial, primary_key=True, autoincrement=True),
    Column("name", KeyText, nullable=False),
    Column("kind", String(8), nullable=False),  # mjml, html
    Column("subject", AnyText, nullable=False),
    Column("preheader", AnyText, nullable=False),
    Column("body", AnyText, nullable=False),
    Column("text", AnyText, nullable=False),  # "" where it is made from the HTML
    Column("from_name", AnyText, nullable=False),
    Column("from_address", AnyText, nullable=False),  # "" for the channel's
    Column("reply_to", AnyText, nullable=False),
    Column("topic_id", BigInteger),
    Column("is_transactional", Boolean, nullable=False),
    Column("version", Integer),  # the published one
    Column("created_at", BigInteger, nullable=False),
    Column("updated_at", BigInteger, nullable=False),
    Column("published_at", BigInteger),
    Column("removed_at", BigInteger),
    sqlite_autoincrement=True,
)

# What was published, whole and compiled; a version never changes.
template_versions = Table(
    "template_versions",
    metadata,
    Column("template_id", ForeignKey("templates.id"), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("source", JSON, nullable=False),  # the template as it was
    Column("compiled", JSON, nullable=False),  # what rendering needs
    Column("links", JSON, nullable=False),  # [{id, url, label, count}], for the click map
    Column("published_at", BigInteger, nullable=False),
)

broadcasts = Table(
    "broadcasts",
    metadata,
    Column("id", serial, primary_key=True, autoincrement=True),
    Column("name", AnyText, nullable=False),
    Column("template_id", BigInteger, nullable=False),
    Column("version", Integer),  # fixed when it starts
    Column("audience", JSON, nullable=False),  # {"kind": "list" | "segment" | "all", "id": 7}
    Column("state", String(16), nullable=False),  # draft, scheduled, running, paused, done, cancelled, failed
    Column("per_second", Double),  # None: as fast as it goes
    Column("upto", BigInteger, nullable=False),  # contacts up to this id are in the outbox
    Column("enqueued", BigInteger, nullable=False),
    Column("total", BigInteger, nullable=False),  # contacts of the audience when it started
    Column("is_all_enqueued", Boolean, nullable=False),  # the audience's end was reached
    Column("reason", AnyText, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("due_at", BigInteger),
    Column("started_at", BigInteger),
    Column("finished_at", BigInteger),
    sqlite_autoincrement=True,
)

# In words, as SQLite takes an index on some rows only where a query says the same of them.
IS_OVER = "state NOT IN ('queued', 'sending')"

# The outbox: one row a message, for ever the same whatever happens to it.
messages = Table(
    "messages",
    metadata,
    Column("id", serial, primary_key=True, autoincrement=True),
    Column("key", KeyText, nullable=False, unique=True),  # the idempotency key: "broadcast:7:person:12", "api:..."
    Column("origin", String(12), nullable=False),  # api, broadcast, journey, test
    Column("contact_id", BigInteger),
    Column("email", AnyText, nullable=False),  # whom it goes to
    Column("address", KeyText, nullable=False),  # the same folded
    Column("template_id", BigInteger),
    Column("version", Integer),
    Column("subject", AnyText, nullable=False),  # as rendered; "" until it is
    Column("broadcast_id", BigInteger),
    Column("campaign_id", String(64)),  # of the event: the broadcast's or the journey's
    Column("campaign_name", AnyText),
    Column("topic_id", BigInteger),
    Column("is_transactional", Boolean, nullable=False),
    Column("state", String(12), nullable=False),
    Column("reason", AnyText, nullable=False),  # the last word: a server's answer, why it was skipped
    Column("attempts", Integer, nullable=False),
    Column("queued_at", BigInteger, nullable=False),
    Column("due_at", BigInteger, nullable=False),
    Column("first_tried_at", BigInteger),  # what the time for trying again is counted from
    Column("claimed_at", BigInteger),
    Column("sent_at", BigInteger),
    Column("delivered_at", BigInteger),
    Column("bounced_at", BigInteger),
    Column("bounce_class", String(8)),
    Column("bounce_code", String(16)),
    Column("opened_at", BigInteger),  # first by a person
    Column("machine_opened_at", BigInteger),
    Column("clicked_at", BigInteger),  # first by a person
    Column("complained_at", BigInteger),
    Column("unsubscribed_at", BigInteger),
    Column("replied_at", BigInteger),
    # What is due of each broadcast and beside them (NULL), what is in the air, and how many are in which state.
    Index("ix_messages_lane", "broadcast_id", "state", "due_at"),
    Index("ix_messages_contact", "contact_id"),
    Index("ix_messages_address", "address", "template_id", "queued_at"),
    Index("ix_messages_template", "template_id", "queued_at"),
    # A broadcast's messages by their ids; those of other campaigns; by state those that wait no more.
    Index(
        "ix_messages_broadcast",
        "broadcast_id",
        "id",
        sqlite_where=text("broadcast_id IS NOT NULL"),
        postgresql_where=text("broadcast_id IS NOT NULL"),
    ),
    Index(
        "ix_messages_campaign",
        "campaign_id",
        "queued_at",
        sqlite_where=text("campaign_id IS NOT NULL AND broadcast_id IS NULL"),
        postgresql_where=text("campaign_id IS NOT NULL AND broadcast_id IS NULL"),
    ),
    Index("ix_messages_over", "state", "id", sqlite_where=text(IS_OVER), postgresql_where=text(IS_OVER)),
    # Who opened or clicked lately: few of all messages, and written when they are.
    Index(
        "ix_messages_opened",
        "opened_at",
        "contact_id",
        sqlite_where=text("opened_at IS NOT NULL"),
        postgresql_where=text("opened_at IS NOT NULL"),
    ),
    Index(
        "ix_messages_clicked",
        "clicked_at",
        "contact_id",
        sqlite_where=text("clicked_at IS NOT NULL"),
        postgresql_where=text("clicked_at IS NOT NULL"),
    ),
    sqlite_autoincrement=True,
)

# What a message of the API brings along: its own body, and the data that it is rendered with.
message_bodies = Table(
    "message_bodies",
    metadata,
    Column("message_id", ForeignKey("messages.id"), primary_key=True),
    Column("body", JSON, nullable=False),  # {subject, html, text, from_name, from_address, reply_to, data, headers}
)

# What came in and what was made of it, for some days: for disputes, for the operator, and to be read anew.
observations = Table(
    "observations",
    metadata,
    Column("id", serial, primary_key=True, autoincrement=True),
    Column("at", BigInteger, nullable=False),
    Column("kind", String(16), nullable=False),  # open, click, unsubscribe, mail
    Column("outcome", String(16), nullable=False),  # what it was found to be; "unmatched"
    Column("message_id", BigInteger),
    Column("detail", JSON, nullable=False),
    Column("raw", AnyText, nullable=False),
    Index("ix_observations_outcome", "outcome", "id"),
    Index("ix_observations_message", "message_id", "id"),
    Index("ix_observations_at", "at"),
    # Mails, few among all the opens and clicks.
    Index(
        "ix_observations_mail",
        "id",
        sqlite_where=text("kind = 'mail'"),
        postgresql_where=text("kind = 'mail'"),
    ),
    Index(
        "ix_observations_mail_outcome",
        "outcome",
        "at",
        sqlite_where=text("kind = 'mail'"),
        postgresql_where=text("kind = 'mail'"),
    ),
)


def broadcast_keys(number: Any) -> Any:
    """How the keys of a broadcast's messages begin, each contact's id behind; `number` is its text, or that in SQL."""
    return "broadcast:" + number + ":person:"
