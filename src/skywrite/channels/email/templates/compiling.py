"""From a template's source to what rendering needs: MJML and CSS worked out, links rewritten, text made.

Liquid is left as it is, to be rendered for each mail.
"""

import re

import css_inline
import mrml

from skywrite.channels.email.templates import dashes, links
from skywrite.channels.email.templates.liquid import AUTHORS, line_of, parse
from skywrite.channels.email.templates.model import Compiled, Source
from skywrite.channels.email.templates.plaintext import as_text
from skywrite.channels.email.templates.protect import (
    Protected,
    after_mjml,
    check_all_there,
    for_css,
    for_mjml,
    protect,
)
from skywrite.kit.errors import Refused

LARGEST = 1 << 19  # characters of a source
PIXEL = '<img src="{{ open_url }}" width="1" height="1" alt="" style="display:block;width:1px;height:1px;border:0">'

_MJML = mrml.RenderOptions(disable_comments=False, fonts={})
_MJML_PLACE = re.compile(r"position (\d+):(\d+)")
_BODY_END = re.compile(r"</body\s*>", re.IGNORECASE)
_BODY = re.compile(r"<body\b[^>]*>", re.IGNORECASE)
_PREHEADER = '<div style="display:none;max-height:0;max-width:0;overflow:hidden;opacity:0;mso-hide:all">%s</div>'
_STYLED = re.compile(r"<style\b|<link\b", re.IGNORECASE)


def compiled(source: Source, traits: tuple[str, ...] = ()) -> Compiled:
    """The compiled template; `traits` are the names that contacts have, for dash tokens.

    Raises Refused with what is wrong, and in `where` the field, or `line:<n>` of the body.
    """
    source = expanded(source, traits)
    _check_liquid(source)
    names = links.Names()
    page, text = "", ""
    if source.body.strip():
        protected = protect(source.body)
        whole = _html_of(source, protected)
        found = links.found_in(whole, protected)
        page = _finished(links.rewritten(whole, found, protected, names), source)
        if not source.text.strip():
            text = links.rewritten_text(
                _tight(as_text(whole, protected.is_tag), protected), protected, names, links.kept(found)
            )
    if source.text.strip():
        own = protect(source.text)
        text = links.rewritten_text(own.text, own, names)
    if not page and not text:
        raise Refused("A mail needs a body.", where="body")
    return Compiled(subject=source.subject, html=page, text=text, links=list(names.links.values()))


def expanded(source: Source, traits: tuple[str, ...]) -> Source:
    """The source with its dash tokens as Liquid; no line moves."""
    fields = {name: dashes.as_liquid(getattr(source, name), traits) for name in ("subject", "preheader", "text")}
    body = dashes.as_liquid(source.body, traits)
    return Source(
        name=source.name, kind=source.kind, body=body, from_name=source.from_name, from_address=source.from_address,
        reply_to=source.reply_to, topic_id=source.topic_id, is_transactional=source.is_transactional, **fields,
    )  # fmt: skip


def _check_liquid(source: Source) -> None:
    if "{{" in source.from_name or "{%" in source.from_name:
        raise Refused("The sender's name is the same in every mail: no Liquid is filled in there.", where="from_name")
    for name in ("subject", "preheader", "text", "body"):
        text = getattr(source, name)
        if len(text) > LARGEST:
            raise Refused(f"It can't be longer than {LARGEST} characters.", where=name)
        try:
            parse(text, AUTHORS)
        except Refused as error:
            if name == "body":
                raise
            raise Refused(str(error), where=name) from error


def _html_of(source: Source, protected: Protected) -> str:
    """HTML with its CSS in its elements, and words where the Liquid is."""
    text = _from_mjml(protected) if source.kind == "mjml" else protected.text
    if source.kind != "mjml" and _STYLED.search(text):
        text = _inlined(for_css(text))
    elif source.kind != "mjml":
        text = for_css(text if _BODY.search(text) else _document(text))
    check_all_there(protected, text)
    return text


def _from_mjml(protected: Protected) -> str:
    try:
        made = mrml.to_html(for_mjml(protected.text), render_options=_MJML)
    except OSError as error:
        raise _mjml_refusal(str(error), protected) from error
    return for_css(after_mjml(made.content))


def _mjml_refusal(words: str, protected: Protected) -> Refused:
    place = _MJML_PLACE.search(words)
    text = for_mjml(protected.text)
    line = line_of(text, int(place[1])) if place else unclosed_line(protected.text)
    words = words.removesuffix(" in root template").split(" in root template at ")[0]
    return Refused(f"The MJML can't be read: {words} (line {line}).", where=f"line:{line}")


def unclosed_line(text: str) -> int:
    """The line of the first component that is never closed, 1 where all are."""
    stack: list[tuple[str, int]] = []
    for found in re.finditer(r"<(/?)(mj[\w-]*)((?:\"[^\"]*\"|'[^']*'|[^'\"<>])*)>", text):
        if found[1]:
            if stack and stack[-1][0] == found[2]:
                stack.pop()
            else:
                return line_of(text, found.start())
        elif not found[3].rstrip().endswith("/"):
            stack.append((found[2], found.start()))
    return line_of(text, stack[-1][1]) if stack else 1


def _tight(text: str, protected: Protected) -> str:
    """Text in which a tag that has a line of its own leaves none empty."""
    alone = re.compile(r"^(lq[0-9]+ql)\n+", re.MULTILINE)
    return alone.sub(lambda found: found[1] if protected.is_tag(found[1]) else found[0], text)


def _document(fragment: str) -> str:
    return f'<!DOCTYPE html><html><head><meta charset="utf-8"></head><body>{fragment}</body></html>'


def _inlined(text: str) -> str:
    inliner = css_inline.CSSInliner(keep_at_rules=True, load_remote_stylesheets=False)
    try:
        return inliner.inline(text)
    except (css_inline.InlineError, ValueError) as error:
        raise Refused(f"The CSS can't be read: {error}.", where="body") from error


def _finished(page: str, source: Source) -> str:
    """With the preheader first and the pixel last."""
    if source.preheader.strip():
        hidden = _PREHEADER % links.escaped(source.preheader)
        body = _BODY.search(page)
        at = body.end() if body else 0
        page = page[:at] + hidden + page[at:]
    ends = list(_BODY_END.finditer(page))
    at = ends[-1].start() if ends else len(page)
    return page[:at] + PIXEL + page[at:]
