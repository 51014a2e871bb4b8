"""Sets the demo up through Skywrite's own API: sources, destination, channel, templates. What is there stays."""

from typing import Any

from msgspec import Struct

from skywrite.demo.http import Api
from skywrite.demo.play import MACHINE_SECONDS
from skywrite.kit.errors import SkywriteError

DOMAIN = "skywrite-demo.example"
_SHOP = "Demo shop"
_TIMES = {"machine_seconds": MACHINE_SECONDS, "hold_seconds": 3.0}  # so that the whole play fits a minute
_ELSEWHERE = "Play the demo on a data folder of its own: skywrite demo --data demo."
_NEWS = "Welcome to Skywrite"
_RECEIPT_BODY = """\
<mjml lang="en"><mj-body background-color="#eef1f6">
  <mj-section background-color="#ffffff" padding="32px 0"><mj-column>
    <mj-text font-size="22px" font-weight="700">Thank you, {{ contact.firstName | default: "dear customer" }}</mj-text>
    <mj-text font-size="16px" line-height="1.6">
      Your order {{ data.order }} of {{ data.total }} is packed and leaves today.
    </mj-text>
    <mj-button href="https://shop.skywrite-demo.example/orders">Follow your order</mj-button>
  </mj-column></mj-section>
</mj-body></mjml>
"""
RECEIPT = {
    "name": "Your order is on its way",
    "subject": "Order {{ data.order }} is on its way",
    "body": _RECEIPT_BODY,
    "is_transactional": True,
}


class Stage(Struct, frozen=True):
    """What the demo plays with."""

    write_key: str  # of the shop, through which people arrive
    news: int  # the templates
    receipt: int


async def set_stage(api: Api, mail_port: int, inbound_port: int) -> Stage:
    """Make what is missing, and a newsletter for this play: the same one does not go to anybody again so soon.

    Mail goes to `mail_port` on loopback and comes back on `inbound_port`.

    Raises SkywriteError where the channel or the contacts are somebody's own: those it leaves alone.
    """
    await _check_is_free(api)
    shop = await _source(api, "http-api", _SHOP)
    mails = await _source(api, "autopilothq", "AutopilotHQ")
    await _destination(api, [shop["id"], mails["id"]])
    await _channel(api, mail_port, inbound_port)
    topic = await _named(api, "/topics", "Product news", {"description": "What is new, once a month."})
    played = sum(one["name"].startswith(_NEWS) for one in await api.get("/templates"))
    name = f"{_NEWS}, no. {played + 1}" if played else _NEWS
    news = await _template(api, {"name": name, "topic_id": topic["id"]})
    receipt = await _template(api, RECEIPT)
    return Stage(shop["write_keys"][0], news, receipt)


async def leave_stage(api: Api) -> None:
    """Judge machines as usual again. Mail still goes to the mailbox that is closing now, and to nobody else."""
    await api.patch("/channels/email", {"settings": dict.fromkeys(_TIMES)})


async def _check_is_free(api: Api) -> None:
    own = (await api.get("/channels/email"))["settings"].get("from_address", "")
    if own and not own.endswith(f"@{DOMAIN}"):
        raise SkywriteError(f"Mail is sent from {own} here already. {_ELSEWHERE}")
    is_known = _SHOP in {one["name"] for one in await api.get("/sources")}
    if not is_known and (await api.get("/contacts/count"))["number"]:
        raise SkywriteError(f"There are contacts here already. {_ELSEWHERE}")


async def _source(api: Api, kind: str, name: str) -> dict[str, Any]:
    return await _named(api, "/sources", name, {"kind": kind})


async def _destination(api: Api, sources: list[str]) -> None:
    key = (await api.get("/segment-sync"))["keys"][0]["key"]
    wanted = {"kind": "autopilothq", "sources": sources, "settings": {"apiKey": key}}
    await _named(api, "/destinations", "AutopilotHQ", wanted)


async def _channel(api: Api, mail_port: int, inbound_port: int) -> None:
    await api.patch(
        "/channels/email",
        {
            "settings": {
                "from_name": "Ada at Skywrite",
                "from_address": f"hello@{DOMAIN}",
                "inbound_domain": f"mail.{DOMAIN}",
                "inbound_host": "127.0.0.1",
                "inbound_port": inbound_port,
                "postal_address": "Skywrite, 1 Cloud Street, 1000 Demo Town",
            }
            | _TIMES,
            "provider": "smtp",
            "provider_settings": {"mode": "direct", "routes": [f"*=127.0.0.1:{mail_port}"]},
        },
    )
    domains = {one["domain"] for one in await api.get("/channels/email/domains")}
    if DOMAIN not in domains:
        await api.post("/channels/email/domains", {"domain": DOMAIN})


async def _template(api: Api, values: dict[str, Any]) -> int:
    found = await _named(api, "/templates", values["name"], values)
    if found.get("version") is None:
        await api.post(f"/templates/{found['id']}/publish")
    return int(str(found["id"]).rpartition("_")[2])


async def _named(api: Api, path: str, name: str, values: dict[str, Any]) -> dict[str, Any]:
    """The thing of this name, made where there is none."""
    for one in await api.get(path):
        if one["name"] == name:
            return dict(one)
    return dict(await api.post(path, {"name": name} | values))
