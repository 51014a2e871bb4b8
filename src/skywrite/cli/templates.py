"""`skywrite template ...`: the mails that are sent, as they are written."""

from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
from cyclopts import App, Parameter

from skywrite.cli.common import COMMON, Common, say, warn
from skywrite.kit.errors import Refused
from skywrite.kit.time import iso_millis

app = App(name="template")


@app.command(name="list")
def list_templates(*, common: Common = COMMON) -> None:
    """Show every template."""
    with common.store() as store:
        found = _templates(store, common).all()
    rows = [
        (one.source.name, one.source.subject, one.version, iso_millis(one.updated_at), one.public_id) for one in found
    ]
    common.show([_value(one) for one in found], "templates", ("name", "subject", "version", "changed", "id"), rows)


@app.command
def show(template: str, /, *, common: Common = COMMON) -> None:
    """Print what is written in a template, such as template_1."""
    with common.store() as store:
        found = _templates(store, common).get(template)
    if common.json:
        common.done(_value(found), "")
    else:
        say(found.source.body or found.source.text)


@app.command
def add(
    name: str,
    file: Path | None = None,
    /,
    *,
    subject: str = "",
    kind: Literal["mjml", "html"] | None = None,
    transactional: Annotated[bool, Parameter(negative="")] = False,
    common: Common = COMMON,
) -> None:
    """Add a template from a file; without one it begins with a mail that looks good.

    Parameters
    ----------
    name
        Its name.
    file
        MJML or HTML.
    subject
        Its subject, which may have Liquid in it.
    kind
        mjml or html; told by the file's name where it is not given.
    transactional
        It may be sent again, and to people who unsubscribed from marketing.

    """
    from skywrite.channels.email.templates.starter import starter  # noqa: PLC0415 - `--help` must not wait for it

    chosen = kind or ("html" if file is not None and file.suffix != ".mjml" else "mjml")
    source = msgspec.structs.replace(starter(name, chosen), is_transactional=transactional)
    if file is not None:
        source = msgspec.structs.replace(source, body=_text_of(file), preheader="")
    if subject:
        source = msgspec.structs.replace(source, subject=subject)
    with common.store() as store:
        made = _templates(store, common).add(source)
    common.done(_value(made), f"{made.source.name} is {made.public_id}.")


@app.command
def publish(template: str, /, *, common: Common = COMMON) -> None:
    """Send what is written now from now on; an error in it is said, and nothing is published."""
    with common.store() as store:
        made = _templates(store, common).publish(template)
    common.done(_value(made), f"{made.source.name} is published as version {made.version}.")


@app.command
def preview(
    template: str,
    /,
    *,
    contact: str = "",
    text: Annotated[bool, Parameter(negative="")] = False,
    common: Common = COMMON,
) -> None:
    """Print the HTML that a contact would get; what is wrong goes to stderr.

    Parameters
    ----------
    template
        Its id, such as template_1.
    contact
        A contact's id, address, userId or anonymousId; without one, who came last.
    text
        Print the text part.

    """
    from skywrite.channels.email.templates.previews import SAMPLE  # noqa: PLC0415 - as above
    from skywrite.channels.email.templates.previews import preview as look  # noqa: PLC0415

    with common.store() as store:
        templates = _templates(store, common)
        source = templates.get(template).source
        found, compiled = templates.check(source)
        person, places = templates.person(contact) or SAMPLE, _places(store, common)
    seen = look(source, compiled, places, person, {})
    if not common.json:
        for one in found:
            warn(f"{one.level}: {one.field}{f' line {one.line}' if one.line else ''}: {one.message}")
    if seen.refusal and not common.json:
        raise Refused(seen.refusal)
    common.done({"preview": seen, "problems": found}, seen.text if text else seen.html)


def _templates(store: Any, common: Common) -> Any:
    from skywrite.channels.email.templates.service import Templates  # noqa: PLC0415 - as above

    return Templates(store, lambda: _places(store, common))


def _places(store: Any, common: Common) -> Any:
    from skywrite.channels.email.filling import places_of  # noqa: PLC0415 - as above
    from skywrite.channels.email.settings.service import EmailChannel  # noqa: PLC0415 - as above

    return places_of(EmailChannel(store).get().email, common.base_url)


def _text_of(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise Refused(f"{file} can't be read: {error}.", where="file") from error


def _value(template: Any) -> dict[str, Any]:
    return {
        "id": template.public_id,
        "version": template.version,
        "updated_at": iso_millis(template.updated_at),
        "published_at": iso_millis(template.published_at) if template.published_at else None,
        **msgspec.structs.asdict(template.source),
    }
