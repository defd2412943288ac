"""The folder that answers are written into: theirs alone, so that no two sets are mixed."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import click

from docpact.cli.answers import Files
from docpact.errors import DocpactError, WrongConfiguration

_ANSWERS = frozenset({".json", ".xml", ".http", ".labels"})
_OURS = re.compile(r"[0-9]{4,}(\.[a-z0-9-]+)*\.(json|xml|http|labels)")
_DIGITS = 4


@dataclass(frozen=True, slots=True)
class AnswerFolder:
    """Where numbered files go."""

    path: Path
    digits: int

    def write(self, number: int, files: Files) -> None:
        """Write the files of one answer.

        Raises DocpactError if one of them cannot be written.
        """
        for suffix, content in files:
            path = self.path / f"{number:0{self.digits}}{suffix}"
            try:
                path.write_bytes(content)
            except OSError as cause:
                raise _unwritable(path, cause) from cause


def refuse_no_folder(
    _ctx: click.Context, _parameter: click.Parameter, name: str | None
) -> str | None:
    """Take a name only if a folder can have it."""
    if name in {"", "-"}:
        raise click.BadParameter(
            f"{name!r} names no folder; without -o, answers go to standard output"
        )
    return name


def opened_folder(name: str, number: int, *, overwrite: bool) -> AnswerFolder:
    """The folder, made if need be; `overwrite` removes the answers that were made into it before.

    Raises WrongConfiguration if it holds answers that would be mixed with the new ones,
    DocpactError if it cannot be made.
    """
    path = Path(name)
    try:
        if overwrite:
            for old in _answers_in(path):
                if _OURS.fullmatch(old.name):
                    old.unlink()
        elif first := min(_answers_in(path), default=None):
            raise WrongConfiguration(
                f"{name} holds answers already, such as {first.name}",
                hint="Name another folder, or replace what was made there with --overwrite.",
            )
        path.mkdir(parents=True, exist_ok=True)
    except OSError as cause:
        raise _unwritable(Path(cause.filename or path), cause) from cause
    return AnswerFolder(path, max(_DIGITS, len(str(number))))


def _answers_in(path: Path) -> Iterator[Path]:
    if path.is_dir():
        yield from (each for each in path.iterdir() if each.suffix.lower() in _ANSWERS)


def _unwritable(path: Path, cause: OSError) -> DocpactError:
    return DocpactError(f"{path} cannot be written: {cause.strerror}")
