"""`skywrite settings`: what can be set, and what is."""

from skywrite.cli.common import COMMON, Common
from skywrite.settings import shown_settings


def settings(*, common: Common = COMMON) -> None:
    """Show every setting, its value and what it does. Each is an environment variable of this name."""
    rows = shown_settings(common.settings)
    value = [{"name": name, "value": shown, "description": told} for name, shown, told in rows]
    common.show(value, "settings", ("setting", "value", "what it does"), rows)
