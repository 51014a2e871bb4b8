"""The demo, started from the empty first page: it plays the whole loop on this server."""

from litestar import Router
from msgspec import Struct

from skywrite import playing
from skywrite.api.parts import Parts
from skywrite.api.routes import Given, act, read, remove
from skywrite.api.signing import signed_in
from skywrite.playing import STARTING


class Demo(Struct):
    """Where the demo stands."""

    is_playing: bool
    scene: str = ""  # what happens now, "" where no demo plays
    done: float = 0.0  # how much of the play is over, 0 to 1; at 1 it goes on until it is ended
    mailbox: str = ""  # its mailbox's page, while that is there
    failure: str = ""  # why the last one ended early


@read("/demo", summary="Where the demo stands")
def show_demo(parts: Given) -> Demo:
    """The one that plays on this data folder, whoever started it; or why the last one failed."""
    return _demo(parts)


@act("/demo", summary="Play the demo")
def play_demo(parts: Given) -> Demo:
    """Sets up a source, a destination, fifty contacts and a mailbox of its own, and goes on until it is ended.

    Refused with 409 while it plays. It leaves alone what is not its own: a channel or contacts end it with a failure.
    """
    playing.start(parts.settings)
    return Demo(is_playing=True, scene=STARTING)


@remove("/demo", summary="End the demo")
def end_demo(parts: Given) -> None:
    """What it has set up stays; its mailbox closes. Where it has failed, the failure is forgotten."""
    playing.end(parts.settings.run)


def _demo(parts: Parts) -> Demo:
    played, plays = playing.read_played(parts.settings.run), playing.is_playing(parts.settings.run)
    if played is None:
        return Demo(is_playing=plays)
    if played.failure or not plays:
        return Demo(is_playing=False, failure=played.failure)
    return Demo(True, played.scene.name, played.scene.done, played.scene.mailbox)


routes = Router("/api/v1", route_handlers=[show_demo, play_demo, end_demo], guards=[signed_in], tags=["demo"])
