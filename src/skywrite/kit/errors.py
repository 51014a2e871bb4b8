"""The family of errors, by what happens next, since that is all that a caller can use.

SkywriteError
├── Refused   it cannot be served as it is; `where` points at the part that is wrong
└── Later     it may work if tried again, not before `after` seconds
"""


class SkywriteError(Exception):
    """Something that Skywrite can explain: the message is a sentence for a person."""


class Refused(SkywriteError):
    """It cannot be served as it is.

    `where` names the field or part that is wrong ("" for the whole), `status` is the HTTP answer.
    """

    def __init__(self, message: str, *, where: str = "", status: int = 400) -> None:
        super().__init__(message)
        self.where = where
        self.status = status


class Later(SkywriteError):
    """It may work if tried again, not before `after` seconds from now."""

    def __init__(self, message: str, *, after: float = 1.0) -> None:
        super().__init__(message)
        self.after = after
