"""Delivery to a webhook's receiver on this machine, beside aiohttp's client posting the same bodies flat out."""

from collections.abc import Iterator

from benchmarks import webhook
from benchmarks.report import Row, middle


def hook(quick: bool) -> Iterator[Row]:
    """One event a request, in order per user, by the real worker: it dedupes and observes meanwhile."""
    events, users = (30_000, 5_000) if quick else (150_000, 5_000)
    ours, theirs, cpu = [], [], []
    for _ in range(1 if quick else 3):
        seen = webhook.measure_delivery(events, users, kills=0, dead=0, worker=True)
        assert seen["distinct"] == events
        assert not seen["misordered"], f"{seen['misordered']} events were out of order"
        yardstick = webhook.measure_aiohttp(min(events, 50_000), users)
        ours.append(seen["distinct"] / seen["seconds"])
        theirs.append(yardstick["distinct"] / yardstick["seconds"])
        cpu.append(seen["cpu"] / events * 1e6)
    yield Row(
        what="delivered to a webhook, one event a request, in order per user",
        figure=middle(ours), unit="events/s", at_least=8_000,
        yardstick="aiohttp's client on uvloop, flat out", yardstick_figure=middle(theirs),
        note=f"none out of order, none twice; {middle(cpu):.0f} µs of CPU an event, dedupe and observe included",
    )  # fmt: skip
