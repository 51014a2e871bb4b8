"""Autopilot's tokens, `--First Name=there--`: another spelling of Liquid with `default`."""

import re
from collections.abc import Iterable

# Between the dashes a field's label, then perhaps a fallback: in one line, and neither a comment's nor an option's.
_TOKEN = re.compile(r"(?<![-!<\w])--([A-Za-z][A-Za-z0-9_ .]{0,60}?)(?:=([^\n{}<>]{0,120}?))?--(?![->\w])")
_OWN = {"email": "contact.email", "id": "contact.id"}


def as_liquid(source: str, traits: Iterable[str] = ()) -> str:
    """`source` with each dash token as Liquid; `traits` are the names that contacts have.

    A label finds the trait that is spelled the same but for case, spaces and underscores; else it becomes camelCase.
    """
    known: dict[str, str] = {}
    for name in traits:
        known.setdefault(_folded(name), name)

    def written(found: re.Match[str]) -> str:
        label, fallback = found[1].strip(), found[2]
        path = _OWN.get(_folded(label)) or f'contact["{known.get(_folded(label), _camel(label))}"]'
        if fallback is None:
            return f"{{{{ {path} }}}}"
        quote = "'" if '"' in fallback else '"'
        return f"{{{{ {path} | default: {quote}{fallback}{quote} }}}}"

    return _TOKEN.sub(written, source)


def _folded(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())


def _camel(label: str) -> str:
    words = re.split(r"[ _]+", label)
    if len(words) == 1 and label[1:] != label[1:].lower():
        return label[:1].lower() + label[1:]
    return words[0].lower() + "".join(word.capitalize() for word in words[1:])
