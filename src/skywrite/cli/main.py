"""The command line's entry: `skywrite COMMAND`."""

import os
import sys

from cyclopts import App, CycloptsError

from skywrite import __version__
from skywrite.kit.errors import Refused, SkywriteError

app = App(name="skywrite", version=__version__, help="Customer events into your warehouse and tools, exactly once.")

# Named by their module, so that each is imported only when it is asked for; what is told of them stands here alone.
_GROUPS = {
    "up": ("processes:up", "Run everything in the foreground under one supervisor."),
    "demo": ("demo:demo", "The whole loop with fifty made-up people: see it work in a minute."),
    "web": ("processes:web", "Run one web process alone."),
    "worker": ("processes:worker", "Run one worker process alone."),
    "source": ("sources:app", "What sends events here."),
    "destination": ("destinations:app", "Where events go."),
    "segment": ("segments:app", "Smart segments: whom a definition is true of."),
    "contact": ("contacts:app", "People: found, shown, changed, imported, exported."),
    "list": ("lists:app", "Static lists of contacts."),
    "catalog": ("catalog:catalog", "What can be added."),
    "template": ("templates:app", "The mails that are sent: MJML or HTML with Liquid."),
    "warehouse": ("warehouse:app", "The embedded warehouse: SQL, syncs, its state."),
    "events": ("events:app", "What arrives: the debugger in a terminal."),
    "channel": ("channels:app", "How mail is sent, and from which domains."),
    "segment-sync": ("segment_sync:app", "API keys for AutopilotHQ destinations, ours and others'."),
    "mail": ("mail:app", "Mail that comes back: bounces, complaints, replies; and the key of its tokens."),
    "message": ("outbox:message", "Single messages: send one, list them, follow one."),
    "broadcast": ("outbox:broadcast", "One template to many."),
    "suppression": ("outbox:suppression", "Whom not to write to."),
    "user": ("people:user", "Who may sign in."),
    "token": ("people:token", "API tokens, for programs."),
    "settings": ("settings:settings", "Every setting, its value and what it does."),
}
for _name, (_where, _help) in _GROUPS.items():
    app.command(f"skywrite.cli.{_where}", name=_name, help=_help)


def main(words: list[str] | None = None) -> None:
    """Run the command line, of the process or of `words`; what Skywrite can explain is one sentence on stderr."""
    try:
        app(words, exit_on_error=False, print_error=False)
    except CycloptsError as error:
        _fail(str(error), 2)
    except SkywriteError as error:
        _fail(str(error), 2 if isinstance(error, Refused) else 1)
    except (OverflowError, UnicodeEncodeError) as error:
        value = f" {error.object!r}" if isinstance(error, UnicodeEncodeError) else ""
        _fail(f"The command holds a value{value} that can't be stored: a number too large, or what is not UTF-8.", 2)
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:  # whoever read our output has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _fail(sentence: str, code: int) -> None:
    from skywrite.cli.common import warn  # noqa: PLC0415 - `--help` must not wait

    warn(f"skywrite: {sentence}")
    sys.exit(code)
