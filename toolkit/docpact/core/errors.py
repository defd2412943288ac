"""Why a job cannot be done: what is wrong, where, and the way out."""

from typing import TYPE_CHECKING

from docpact.core.text import printable

if TYPE_CHECKING:  # errors are imported before anything else, so they import little
    from docpact.core.span import Span


class DocpactError(Exception):
    """A job that cannot be done; the command line turns it into one sentence and exit code 3."""

    def __init__(
        self,
        message: str,
        *,
        span: "Span | None" = None,
        hint: str = "",
        details: tuple[str, ...] = (),
    ) -> None:
        super().__init__(message)
        self.message = message
        self.span = span
        self.hint = hint  # the next step for the reader, a whole sentence
        self.details = details  # one line each, where there is more than one reason

    def __str__(self) -> str:
        where = f"{self.span}: " if self.span else ""
        lines = (where + self.message, *self.details, *filter(None, (self.hint,)))
        return "\n  ".join(map(printable, lines))


class UnreadablePage(DocpactError):
    """The page is not a reference page of the family that docpact reads."""


class NoOperation(UnreadablePage):
    """The page does not describe one operation and its answer."""


class BrokenContract(DocpactError):
    """A stored contract or a rulings file does not say what it must."""


class WrongConfiguration(DocpactError):
    """A setting has an unknown name or a value that it cannot have."""
