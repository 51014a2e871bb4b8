"""The rules of sending, as the channel's settings have them."""

from sqlalchemy import Connection

from skywrite.channels.email.outbox.rules import Rules
from skywrite.channels.email.settings.service import read_settings


def read_rules(connection: Connection) -> Rules:
    """The rules in force."""
    own = read_settings(connection).email
    return Rules(
        once_days=own.once_days,
        complaints_stop_transactional=own.complaints_stop_transactional,
        resends_unknown_transactional=own.resends_unknown_transactional,
        marketing_hours=own.marketing_hours,
        transactional_hours=own.transactional_hours,
        soft_bounces=own.repeated_softs,
        soft_days=own.repeated_soft_days,
    )
