"""What a capture is made of: exchanges, and what stands between them."""

from dataclasses import dataclass

from docpact.exchange import Exchange, Source


@dataclass(frozen=True, slots=True)
class Damage:
    """A part of a capture that cannot be read; what comes after it is read all the same."""

    source: Source
    why: str


@dataclass(frozen=True, slots=True)
class Skipped:
    """A part of a capture that is not judged: another operation's, or without a body."""

    source: Source
    what: str  # the request, or the reason
    is_other: bool = False  # another operation was called
    lacks_body: bool = False  # it is a line of a log, with no body where one was looked for


Entry = Exchange | Damage | Skipped


class DamagedCapture(Exception):
    """The rest of a capture cannot be read; it ends as a Damage."""
