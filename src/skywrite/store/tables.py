"""The tables of the state store, for SQLite and PostgreSQL alike. Times are integers: µs since 1970, UTC."""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    UniqueConstraint,
)

from skywrite.store.types import AnyText, KeyText

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# A serial number that both engines can count up: SQLite only does so for INTEGER.
serial = BigInteger().with_variant(Integer, "sqlite")

meta = Table(
    "meta",
    metadata,
    Column("name", String(64), primary_key=True),  # e.g. "first_run_token", "session_secret"
    Column("value", AnyText, nullable=False),
)

# One row a kind of change that running processes must notice; `version` counts up on each.
changes = Table(
    "changes",
    metadata,
    Column("topic", String(64), primary_key=True),  # "sources", "destinations"
    Column("version", BigInteger, nullable=False),
)

sources = Table(
    "sources",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("kind", String(64), nullable=False),
    Column("name", AnyText, nullable=False),
    Column("schema", String(127), nullable=False, unique=True),
    Column("enabled", Boolean, nullable=False),
    Column("labels", JSON, nullable=False),  # {key: value}
    Column("created_at", BigInteger, nullable=False),
    Column("removed_at", BigInteger),  # a removed source keeps its row, and so its schema and its name in the log
)

write_keys = Table(
    "write_keys",
    metadata,
    Column("key", String(64), primary_key=True),
    Column("source_id", ForeignKey("sources.id"), nullable=False, index=True),
    Column("created_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger),  # set by a rotation: the old key works until then
)

destinations = Table(
    "destinations",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("kind", String(64), nullable=False),
    Column("name", AnyText, nullable=False),
    Column("enabled", Boolean, nullable=False),
    Column("settings", JSON, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("removed_at", BigInteger),
)

destination_sources = Table(
    "destination_sources",
    metadata,
    Column("destination_id", ForeignKey("destinations.id"), primary_key=True),
    Column("source_id", ForeignKey("sources.id"), primary_key=True),
)

# How far each follower of the log has come. The warehouse's truth is in the warehouse; this is its copy.
cursors = Table(
    "cursors",
    metadata,
    Column("follower", String(64), primary_key=True),  # "dedupe", "observe", "warehouse", "destination:<id>"
    Column("partition", Integer, primary_key=True),
    Column("position", BigInteger, nullable=False),
    Column("updated_at", BigInteger, nullable=False),
)

# Deliveries that failed and wait for their next try, and those of the same user that wait behind them.
retries = Table(
    "retries",
    metadata,
    Column("id", serial, primary_key=True, autoincrement=True),
    Column("destination_id", String(32), nullable=False),
    Column("user_key", KeyText, nullable=False),
    Column("position", BigInteger, nullable=False),
    Column("item", Integer, nullable=False),  # which event of the record
    Column("source_id", String(32), nullable=False),
    Column("message_id", AnyText, nullable=False),
    Column("event", AnyText, nullable=False),  # the event as JSON
    Column("attempts", Integer, nullable=False),
    Column("received_at", BigInteger, nullable=False),
    Column("since", BigInteger, nullable=False),  # when it first failed, or began to wait behind one that had
    Column("due_at", BigInteger, nullable=False),  # far in the future while it waits behind another of its user
    Column("status", Integer),  # the last HTTP status, if there was an answer
    Column("reason", AnyText, nullable=False),
    Column("response", AnyText, nullable=False, server_default=""),  # the beginning of the last answer's body
    UniqueConstraint("destination_id", "position", "item"),
    Index("ix_retries_destination_due", "destination_id", "due_at"),
    Index("ix_retries_destination_user", "destination_id", "user_key", "position", "item"),
)

# What each destination's delivery is doing, written by the delivery when it changes.
delivery_states = Table(
    "delivery_states",
    metadata,
    Column("destination_id", String(32), primary_key=True),
    Column("state", String(16), nullable=False),  # idle, delivering, retrying, failing
    Column("reason", AnyText, nullable=False),  # why it is failing, "" when it is not
    Column("since", BigInteger, nullable=False),
    Column("probe_at", BigInteger),  # when a failing one is tried next
)

dead_letters = Table(
    "dead_letters",
    metadata,
    Column("id", serial, primary_key=True, autoincrement=True),
    Column("destination_id", String(32), nullable=False),
    Column("source_id", String(32), nullable=False),
    Column("position", BigInteger, nullable=False),
    Column("item", Integer, nullable=False),
    Column("user_key", AnyText, nullable=False),
    Column("message_id", AnyText, nullable=False),
    Column("event", AnyText, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("received_at", BigInteger, nullable=False),
    Column("status", Integer),  # the last HTTP status, if there was an answer
    Column("reason", AnyText, nullable=False),
    Column("response", AnyText, nullable=False, server_default=""),  # the beginning of the last answer's body
    Column("failed_at", BigInteger, nullable=False),
    UniqueConstraint("destination_id", "position", "item"),
    Index("ix_dead_letters_destination_id", "destination_id", "id"),
)

# Counts a minute and destination. `latency` is a histogram of ms by powers of two, as a JSON list.
delivery_minutes = Table(
    "delivery_minutes",
    metadata,
    Column("destination_id", String(32), primary_key=True),
    Column("minute", BigInteger, primary_key=True),  # minutes since 1970
    Column("delivered", BigInteger, nullable=False),
    Column("retried", BigInteger, nullable=False),
    Column("failed", BigInteger, nullable=False),
    Column("filtered", BigInteger, nullable=False),
    Column("latency", JSON, nullable=False),  # accepted to delivered
    Column("response", JSON, nullable=False),  # request to answer
)

# A sample of the latest attempts of each destination, for its page: what we sent, what came back.
delivery_samples = Table(
    "delivery_samples",
    metadata,
    Column("id", serial, primary_key=True, autoincrement=True),
    Column("destination_id", String(32), nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("outcome", String(16), nullable=False),  # delivered, retry, failed
    Column("message_id", AnyText, nullable=False),
    Column("event_name", AnyText, nullable=False),
    Column("status", Integer),
    Column("reason", AnyText, nullable=False),
    Column("millis", Integer, nullable=False),
    Column("request", AnyText, nullable=False),
    Column("response", AnyText, nullable=False),
    Index("ix_delivery_samples_destination", "destination_id", "id"),
)

# Counts a minute, source, type and event name; `event` is "" for all but track.
source_minutes = Table(
    "source_minutes",
    metadata,
    Column("source_id", String(32), primary_key=True),
    Column("minute", BigInteger, primary_key=True),
    Column("accepted", BigInteger, nullable=False),
    Column("rejected", BigInteger, nullable=False),
    Column("duplicates", BigInteger, nullable=False),
)

schema_events = Table(
    "schema_events",
    metadata,
    Column("source_id", String(32), primary_key=True),
    Column("type", String(16), primary_key=True),
    Column("event", KeyText, primary_key=True),
    Column("first_seen", BigInteger, nullable=False),
    Column("last_seen", BigInteger, nullable=False),
    Column("count", BigInteger, nullable=False),
)

schema_properties = Table(
    "schema_properties",
    metadata,
    Column("source_id", String(32), primary_key=True),
    Column("type", String(16), primary_key=True),
    Column("event", KeyText, primary_key=True),
    Column("path", KeyText, primary_key=True),  # "revenue", "address.city", "products.$.sku"
    Column("types", JSON, nullable=False),  # ["integer", "float"]: the five warehouse types, "array", "null"
    Column("first_seen", BigInteger, nullable=False),
    Column("last_seen", BigInteger, nullable=False),
    Column("count", BigInteger, nullable=False),
)

# Events that the intake refused, kept to be read, mended and sent again.
rejections = Table(
    "rejections",
    metadata,
    Column("id", serial, primary_key=True, autoincrement=True),
    Column("source_id", String(32), nullable=False),
    Column("position", BigInteger, nullable=False),
    Column("item", Integer, nullable=False),
    Column("received_at", BigInteger, nullable=False),
    Column("code", String(64), nullable=False),
    Column("reason", AnyText, nullable=False),
    Column("body", AnyText, nullable=False),
    Column("resent_at", BigInteger),
    UniqueConstraint("position", "item"),
    Index("ix_rejections_source", "source_id", "id"),
)

users = Table(
    "users",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("email", String(320), nullable=False, unique=True),
    Column("password_hash", AnyText),  # empty until the invitation was accepted
    Column("created_at", BigInteger, nullable=False),
)

# Links for the first run and for invitations: only the SHA-256 of the token is kept.
invitations = Table(
    "invitations",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("email", String(320)),  # empty for the first-run link, whose user names an address
    Column("expires_at", BigInteger, nullable=False),
)

sessions = Table(
    "sessions",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("user_id", ForeignKey("users.id"), nullable=False, index=True),
    Column("created_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger, nullable=False),
)

tokens = Table(
    "tokens",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("name", AnyText, nullable=False),
    Column("token_hash", String(64), nullable=False, unique=True),
    Column("created_at", BigInteger, nullable=False),
    Column("last_used_at", BigInteger),
    Column("revoked_at", BigInteger),
)
