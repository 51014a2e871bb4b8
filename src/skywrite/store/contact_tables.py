"""The tables of contacts: who they are, what they did, their lists and segments. Times are µs since 1970, UTC."""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Double,
    ForeignKey,
    Index,
    Integer,
    SmallInteger,
    String,
    Table,
    text,
)

from skywrite.store.tables import metadata, serial
from skywrite.store.types import AnyText, KeyText

contacts = Table(
    "contacts",
    metadata,
    Column("id", serial, primary_key=True, autoincrement=True),
    Column("email", AnyText),  # where mail goes, as it was given
    Column("email_key", KeyText),  # the same folded: what suppressions are looked up by
    Column("user_id", AnyText),  # the one that was received last
    Column("traits", JSON, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("updated_at", BigInteger, nullable=False),  # when traits or identities changed last
    Column("seen_at", BigInteger, nullable=False),  # the latest event's time
    # In the order of bytes: a prefix is found by it, see `store.prefix`.
    Index("ix_contacts_email_key", "email_key", postgresql_ops={"email_key": "text_pattern_ops"}),
    Index("ix_contacts_created", "created_at", "id"),
    Index("ix_contacts_seen", "seen_at", "id"),
    sqlite_autoincrement=True,  # an erased contact's id is not given to another: mails of theirs are still about
)

# Every id that a contact goes by. `kind`: 1 userId, 2 anonymousId, 3 email (folded). On PostgreSQL the migration gives
# `value` the collation "C": so the primary key finds a prefix there too, see `store.prefix`.
identities = Table(
    "identities",
    metadata,
    Column("kind", SmallInteger, primary_key=True),
    Column("value", KeyText, primary_key=True),
    Column("contact_id", BigInteger, nullable=False, index=True),
    sqlite_with_rowid=False,
)

# Traits as rows, to search and to build segments by: scalars by path, an array's items numbered.
contact_traits = Table(
    "contact_traits",
    metadata,
    Column("contact_id", BigInteger, primary_key=True, autoincrement=False),
    Column("name", KeyText, primary_key=True),  # "plan", "address.city"
    Column("item", Integer, primary_key=True),
    Column("text", KeyText, nullable=False),  # the beginning of the value as text
    Column("number", Double),  # a number's value, a boolean as 0 or 1, a date's µs since 1970
    Index(
        "ix_contact_traits_text",
        "name",
        "text",
        "contact_id",
        postgresql_ops={"text": "text_pattern_ops"},
    ),
    Index(
        "ix_contact_traits_number",
        "name",
        "number",
        "contact_id",
        sqlite_where=text("number IS NOT NULL"),
        postgresql_where=text("number IS NOT NULL"),
    ),
    sqlite_with_rowid=False,
)

# A contact that became part of another: its old id still finds it.
merged_contacts = Table(
    "merged_contacts",
    metadata,
    Column("old_id", BigInteger, primary_key=True, autoincrement=False),
    Column("contact_id", BigInteger, nullable=False, index=True),
    Column("at", BigInteger, nullable=False),
)

# Contacts that were forgotten, of whom nothing is left but this; others are told, once.
erasures = Table(
    "erasures",
    metadata,
    Column("id", serial, primary_key=True, autoincrement=True),
    Column("contact_id", BigInteger, nullable=False),
    Column("hashes", JSON, nullable=False),  # of the addresses, as in `suppressions`
    Column("at", BigInteger, nullable=False),
    Column("is_told", Boolean, nullable=False),
    sqlite_autoincrement=True,
)

# Everything that happened to a contact, in the order in which it was written: the timeline, and what others follow.
activities = Table(
    "activities",
    metadata,
    Column("id", serial, primary_key=True, autoincrement=True),
    Column("contact_id", BigInteger, nullable=False),
    Column("at", BigInteger, nullable=False),  # when it happened
    Column("kind", String(16), nullable=False),  # track, page, screen, group, email, list, segment, contact
    Column("name", KeyText, nullable=False),
    Column("message_id", BigInteger),  # the mail that it is about
    Column("source_id", String(32)),
    Column("data", JSON, nullable=False),
    # A contact's timeline; and of some contacts how often what happened, without a look at the rows.
    Index("ix_activities_contact", "contact_id", "at", "name", "kind"),
    # Who did something since when, without a look at the rows.
    Index("ix_activities_name", "name", "kind", "at", "contact_id"),
    Index(
        "ix_activities_message",
        "message_id",
        sqlite_where=text("message_id IS NOT NULL"),
        postgresql_where=text("message_id IS NOT NULL"),
    ),
    sqlite_autoincrement=True,
)

lists = Table(
    "lists",
    metadata,
    Column("id", serial, primary_key=True, autoincrement=True),
    Column("name", KeyText, nullable=False, unique=True),
    Column("created_at", BigInteger, nullable=False),
    sqlite_autoincrement=True,
)

list_members = Table(
    "list_members",
    metadata,
    Column("list_id", ForeignKey("lists.id"), primary_key=True),
    Column("contact_id", ForeignKey("contacts.id"), primary_key=True, index=True),
    Column("added_at", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)

segments = Table(
    "segments",
    metadata,
    Column("id", serial, primary_key=True, autoincrement=True),
    Column("name", KeyText, nullable=False, unique=True),
    Column("definition", JSON, nullable=False),
    Column("streams", Boolean, nullable=False),  # entered and left are sent to the AutopilotHQ sources too
    Column("state", String(16), nullable=False),  # building, ready, failing
    Column("reason", AnyText, nullable=False),
    Column("members", BigInteger, nullable=False),
    Column("kept_upto", BigInteger, nullable=False),  # the time up to which conditions about time are looked at
    Column("created_at", BigInteger, nullable=False),
    Column("updated_at", BigInteger, nullable=False),
    sqlite_autoincrement=True,
)

segment_members = Table(
    "segment_members",
    metadata,
    Column("segment_id", ForeignKey("segments.id"), primary_key=True),
    Column("contact_id", BigInteger, primary_key=True, index=True),
    Column("since", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)

# How a segment grew and shrank, by the hour: `at` is the hour's beginning, `members` how many there were at its end.
segment_history = Table(
    "segment_history",
    metadata,
    Column("segment_id", ForeignKey("segments.id"), primary_key=True),
    Column("at", BigInteger, primary_key=True),
    Column("members", BigInteger, nullable=False),
    Column("entered", BigInteger, nullable=False),
    Column("left", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)

# Contacts of whom something changed that is no activity (traits, identities): the segments' keeper empties it.
contact_changes = Table(
    "contact_changes",
    metadata,
    Column("id", serial, primary_key=True, autoincrement=True),
    Column("contact_id", BigInteger, nullable=False),
    sqlite_autoincrement=True,
)

# API keys of the Segment Sync page: what an AutopilotHQ destination, ours or another's, calls with.
sync_keys = Table(
    "sync_keys",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("key", String(64), nullable=False, unique=True),
    Column("created_at", BigInteger, nullable=False),
    Column("used_at", BigInteger),
    Column("expires_at", BigInteger),  # one that was replaced, or revoked, works until then
)

# Calls of others' servers (messageIds, hashed) that were taken already: they are sent again when an answer is lost.
sync_seen = Table(
    "sync_seen",
    metadata,
    Column("hash", String(32), primary_key=True),
    Column("at", BigInteger, nullable=False, index=True),
    sqlite_with_rowid=False,
)

# Records of the log that one AutopilotHQ destination has taken and another has not passed yet.
applied_records = Table(
    "applied_records",
    metadata,
    Column("position", BigInteger, primary_key=True, autoincrement=False),
)

imports = Table(
    "imports",
    metadata,
    Column("id", serial, primary_key=True, autoincrement=True),
    Column("name", AnyText, nullable=False),
    Column("state", String(16), nullable=False),  # uploaded, checking, checked, importing, done, failed, cancelled
    Column("mapping", JSON, nullable=False),
    Column("list_id", BigInteger),
    Column("rows", BigInteger, nullable=False),
    Column("done", BigInteger, nullable=False),  # rows that are dealt with: where it goes on after a restart
    Column("created", BigInteger, nullable=False),
    Column("updated", BigInteger, nullable=False),
    Column("refused", BigInteger, nullable=False),
    Column("reason", AnyText, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("finished_at", BigInteger),
    sqlite_autoincrement=True,
)

import_refusals = Table(
    "import_refusals",
    metadata,
    Column("import_id", ForeignKey("imports.id"), primary_key=True),
    Column("line", BigInteger, primary_key=True),
    Column("reason", AnyText, nullable=False),
    Column("row", AnyText, nullable=False),
)
