"""`skywrite channel`: how email is sent, the domains that it is sent from, a test mail."""

import asyncio
import contextlib
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import msgspec
from cyclopts import App

from skywrite.cli.common import COMMON, Common, pairs, say, with_times
from skywrite.kit.errors import SkywriteError

if TYPE_CHECKING:
    from skywrite.channels.email.domains.service import SendingDomain, SendingDomains

app = App(name="channel")
domain = App(name="domain", help="The domains that mail is sent from.")
app.command(domain)


@app.command
def show(*, common: Common = COMMON) -> None:
    """Show how the email channel is set up; secrets are left out."""
    from skywrite.channels.email.settings.service import EmailChannel  # noqa: PLC0415 - `--help` must not wait

    with common.store() as store:
        _show(common, EmailChannel(store).get())


@app.command(name="set")
def change_settings(settings: list[str], /, *, common: Common = COMMON) -> None:
    """Change settings given as key=value; an empty value puts one back to its default.

    Parameters
    ----------
    settings
        Of the channel, such as from_address=ada@example.com, or of its provider: provider.host=smtp.example.com.

    """
    from skywrite.channels.email.settings.service import EmailChannel  # noqa: PLC0415

    given = {key: value or None for key, value in pairs(settings, "settings").items()}
    slug = given.pop("provider", None)
    own = {key.removeprefix("provider."): value for key, value in given.items() if key.startswith("provider.")}
    email = {key: value for key, value in given.items() if not key.startswith("provider.")}
    with common.store() as store:
        changed = EmailChannel(store).change(email, provider_slug=slug, provider_settings=own or None)
    _show(common, changed)


@app.command(name="test")
def try_channel(to: str, /, *, common: Common = COMMON) -> None:
    """Send one real mail to an address, and show the talk with the server."""
    from skywrite.channels.email.domains.service import signing_keys  # noqa: PLC0415
    from skywrite.channels.email.domains.signing import Signing  # noqa: PLC0415
    from skywrite.channels.email.settings.service import read_settings  # noqa: PLC0415
    from skywrite.channels.email.trying import try_mail  # noqa: PLC0415

    with common.store() as store, store.read() as connection:
        kept, signing = read_settings(connection), Signing(signing_keys(connection))
    tried = asyncio.run(try_mail(kept, signing, to, allow_private=common.settings.private_destinations))
    if not common.json:
        for line in tried.transcript:
            say(line)
    if tried.outcome.result != "taken" and not common.json:
        raise SkywriteError(f"Not sent ({tried.outcome.stage}): {tried.outcome.reason}")
    common.done(tried, f"Taken by {tried.outcome.host} after {tried.millis} ms: {tried.outcome.reason}")


@domain.command
def add(name: str, /, *, common: Common = COMMON) -> None:
    """Add a sending domain; what is shown is to be published in DNS."""
    with _opened(common) as domains:
        _show_domain(common, domains.add(name))


@domain.command(name="list")
def list_domains(*, common: Common = COMMON) -> None:
    """Show every sending domain."""
    with _opened(common) as domains:
        found = domains.all()
    rows = [(one.domain, one.selector, sum(check.state != "ok" for check in one.checks)) for one in found]
    common.show([_value(one) for one in found], "sending domains", ("domain", "selector", "to mend"), rows)


@domain.command
def check(name: str, /, *, common: Common = COMMON) -> None:
    """Ask DNS about a domain: each record that receivers look at."""
    from skywrite.channels.email.dns import Dns  # noqa: PLC0415

    with _opened(common) as domains:
        found = asyncio.run(domains.check(name, Dns(lifetime=5.0)))
    rows = [(one.title, one.state, one.kind, one.name, one.says) for one in found.checks]
    common.show(_value(found), "checks", ("what", "state", "kind", "name", ""), rows)


@domain.command
def rotate(name: str, /, *, common: Common = COMMON) -> None:
    """Make a domain's next key; it takes over once a check finds its record in DNS."""
    with _opened(common) as domains:
        _show_domain(common, domains.rotate(name))


@domain.command
def remove(name: str, /, *, common: Common = COMMON) -> None:
    """Remove a sending domain: its mail goes out unsigned from then on."""
    with _opened(common) as domains:
        removed = domains.remove(name)
    common.done({"removed": removed.domain}, f"{removed.domain} is removed.")


@contextlib.contextmanager
def _opened(common: Common) -> Iterator["SendingDomains"]:
    from skywrite.channels.email.domains.service import SendingDomains  # noqa: PLC0415

    with common.store() as store:
        yield SendingDomains(store, common.base_url)


def _show(common: Common, kept: Any) -> None:
    from skywrite.channels.email.settings.service import shown_settings  # noqa: PLC0415

    email, own, secrets = shown_settings(kept)
    value = {"email": email, "provider": kept.provider, "provider_settings": own, "secrets_set": secrets}
    shown = {"provider": kept.provider, **{f"provider.{name}": what for name, what in own.items()}, **email}
    shown |= {f"provider.{name}": "(set)" for name in secrets}
    common.show_one(value, shown.items())


def _show_domain(common: Common, one: "SendingDomain") -> None:
    lines = [("domain", one.domain), ("publish TXT", one.record_name), ("with", one.record)]
    if one.next_selector:
        lines += [("next TXT", one.next_record_name), ("with", one.next_record)]
    common.show_one(_value(one), lines)


def _value(one: "SendingDomain") -> dict[str, Any]:
    return with_times(one, "checked_at", "created_at") | {"checks": msgspec.to_builtins(one.checks)}
