"""Channels: how email is sent, the domains that it is sent from, a test mail."""

import asyncio

import msgspec
from litestar import Router, post
from litestar.params import FromPath, JSONBody

from skywrite.api.channels_schemas import (
    ChannelProvider,
    DomainCheck,
    EmailChannel,
    EmailChannelChange,
    NewSendingDomain,
    SendingDomain,
    TestMail,
    TestMailResult,
)
from skywrite.api.destination_schemas import Secret
from skywrite.api.parts import Parts
from skywrite.api.problems import RESPONSES
from skywrite.api.routes import Given, act, change, create, read, remove
from skywrite.api.schemas import FormField
from skywrite.api.signing import signed_in
from skywrite.channels.email.dns import Dns
from skywrite.channels.email.domains import service as domains
from skywrite.channels.email.domains.signing import Signing
from skywrite.channels.email.providers.catalog import providers
from skywrite.channels.email.settings.model import ChannelSettings, EmailSettings
from skywrite.channels.email.settings.service import EmailChannel as Channel
from skywrite.channels.email.settings.service import helo_of, read_settings, shown_settings
from skywrite.channels.email.trying import try_mail
from skywrite.kit.fields import Field, fields_of
from skywrite.kit.time import to_datetime

_DNS_SECONDS = 5.0


@read("/channels/email", summary="The email channel")
def show_email_channel(parts: Given) -> EmailChannel:
    """How it is set up, with the fields of its forms; secrets are left out."""
    return _channel(parts, Channel(parts.store).get())


@change("/channels/email", summary="Set up the email channel")
def change_email_channel(parts: Given, data: JSONBody[EmailChannelChange]) -> EmailChannel:
    """Only what is given changes; of the settings only the named ones, and null puts one back to its default."""
    changed = Channel(parts.store).change(
        data.settings, provider_slug=data.provider, provider_settings=data.provider_settings
    )
    return _channel(parts, changed)


@read("/channels/email/settings/{name:str}/reveal", summary="Show a secret of the email channel")
def reveal_channel_secret(parts: Given, name: FromPath[str]) -> Secret:
    """Lists never hold it."""
    return Secret(Channel(parts.store).reveal(name))


@post("/channels/email/test", summary="Send one mail, past the outbox", status_code=200, responses=RESPONSES)
async def try_email_channel(parts: Given, data: JSONBody[TestMail]) -> TestMailResult:
    """It is really sent; the answer shows what became of it and the whole talk with the server."""
    kept, signing = await asyncio.to_thread(_to_try, parts)
    tried = await try_mail(kept, signing, data.to.strip(), allow_private=parts.settings.private_destinations)
    outcome = tried.outcome
    return TestMailResult(
        result=outcome.result,
        stage=outcome.stage.value,
        reason=outcome.reason,
        code=outcome.code,
        enhanced=outcome.enhanced,
        host=outcome.host,
        signed=signing.signs_for(kept.email.from_domain),
        millis=tried.millis,
        transcript=tried.transcript,
    )


@read("/channels/email/domains", summary="Every sending domain")
def list_sending_domains(parts: Given) -> list[SendingDomain]:
    """Oldest first, each with what DNS said last."""
    return [_domain(one) for one in _domains(parts).all()]


@create("/channels/email/domains", summary="Add a sending domain")
def add_sending_domain(parts: Given, data: JSONBody[NewSendingDomain]) -> SendingDomain:
    """With a new key, whose record is to be published."""
    return _domain(_domains(parts).add(data.domain))


@read("/channels/email/domains/{domain:str}", summary="One sending domain")
def show_sending_domain(parts: Given, domain: FromPath[str]) -> SendingDomain:
    """By its name."""
    return _domain(_domains(parts).get(domain))


@remove("/channels/email/domains/{domain:str}", summary="Remove a sending domain")
def remove_sending_domain(parts: Given, domain: FromPath[str]) -> None:
    """Its mail goes out unsigned from then on."""
    _domains(parts).remove(domain)


@act("/channels/email/domains/{domain:str}/rotate", summary="Make a sending domain's next key")
def rotate_sending_domain(parts: Given, domain: FromPath[str]) -> SendingDomain:
    """It takes over once a check finds its record; until then the old one signs."""
    return _domain(_domains(parts).rotate(domain))


@post(
    "/channels/email/domains/{domain:str}/check",
    summary="Ask DNS about a sending domain",
    status_code=200,
    responses=RESPONSES,
)
async def check_sending_domain(parts: Given, domain: FromPath[str]) -> SendingDomain:
    """Each record that receivers look at: what is wanted, and what was found."""
    return _domain(await _domains(parts).check(domain, Dns(lifetime=_DNS_SECONDS)))


def _to_try(parts: Parts) -> tuple[ChannelSettings, Signing]:
    with parts.store.read() as connection:
        return read_settings(connection), Signing(domains.signing_keys(connection))


def _domains(parts: Parts) -> domains.SendingDomains:
    return domains.SendingDomains(parts.store, parts.settings.base_url)


def _channel(parts: Parts, kept: ChannelSettings) -> EmailChannel:
    own, provider_settings, secrets = shown_settings(kept)
    return EmailChannel(
        is_set_up=kept.is_set_up,
        settings=own,
        fields=_form(fields_of(EmailSettings)),
        provider=kept.provider,
        provider_settings=provider_settings,
        secrets_set=secrets,
        providers=[
            ChannelProvider(kind.slug, kind.name, kind.summary(), _form(kind.fields())) for kind in providers().values()
        ],
        helo=helo_of(kept),
        tracking_url=kept.email.tracking_url or parts.settings.base_url,
    )


def _form(fields: list[Field]) -> list[FormField]:
    return [FormField(**msgspec.structs.asdict(field)) for field in fields]


def _domain(one: domains.SendingDomain) -> SendingDomain:
    values = msgspec.structs.asdict(one)
    values["checks"] = [DomainCheck(**msgspec.structs.asdict(check)) for check in one.checks]
    values["checked_at"] = to_datetime(one.checked_at) if one.checked_at else None
    return SendingDomain(**values | {"created_at": to_datetime(one.created_at)})


routes = Router(
    "/api/v1",
    route_handlers=[
        show_email_channel, change_email_channel, reveal_channel_secret, try_email_channel, list_sending_domains,
        add_sending_domain, show_sending_domain, remove_sending_domain, rotate_sending_domain, check_sending_domain,
    ],
    guards=[signed_in],
    tags=["channels"],
)  # fmt: skip
