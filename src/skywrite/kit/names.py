"""The names that people give to things."""

from skywrite.kit.errors import Refused

LONGEST = 200


def clean_name(name: str) -> str:
    """A name without blanks around. Raises Refused where it is none."""
    name = name.strip()
    if not 1 <= len(name) <= LONGEST or not name.isprintable():
        raise Refused(f"A name is 1 to {LONGEST} printable characters.", where="name")
    return name
