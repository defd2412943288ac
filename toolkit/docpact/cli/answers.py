"""The answers of `docpact generate` as lines of JSON, or as files in a folder.

They are apart from the command, which decides which answers there are.
"""

import base64
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING

import click

from docpact.cli.options import unwritable
from docpact.contract import Contract, Media
from docpact.core.errors import WrongConfiguration
from docpact.core.exchange import Request, Response

if TYPE_CHECKING:  # importing it takes longer than printing a help text
    from docpact.generate.broken import BrokenResponse

Files = tuple[tuple[str, bytes], ...]  # the end of a file's name, after its number; its bytes


def line_of(response: Response) -> bytes:
    """A valid answer as one line of JSON."""
    return _line({**_body(response), **_head(response)})


def files_of(response: Response, media: Media) -> Files:
    """A valid answer as a file that holds its body alone."""
    return ((f".{media.value}", response.body),)


def broken_line(broken: "BrokenResponse", contract: Contract) -> bytes:
    """A broken answer as one line of JSON, with its labels."""
    return _line({**_body(broken.response), **_labels(broken, contract), **_head(broken.response)})


def broken_files(broken: "BrokenResponse", contract: Contract) -> Files:
    """A broken answer as it would have travelled, with its labels beside it."""
    response, fault, request = broken
    labels = {
        **_labels(broken, contract),
        "summary": fault.summary,
        "shows": fault.shows.value,
        **_head(response),
    }
    text = json.dumps(labels, ensure_ascii=False, indent=2) + "\n"
    return (
        (f".{fault.name}.http", http_dump(response, request)),
        (f".{fault.name}.labels", text.encode()),
    )


def _labels(broken: "BrokenResponse", contract: Contract) -> dict[str, object]:
    fault = broken.fault
    reference = _reference(broken, contract.operation.path)
    return {"fault": fault.name, "breaks": sorted(fault.breaks), "request": reference}


def _reference(broken: "BrokenResponse", template: str) -> str | None:
    """What the answer is about, as `docpact validate --request` takes it."""
    if broken.request is None:
        return None
    from docpact.contract.path_template import PathTemplate

    return "/".join(PathTemplate.parse(template).segments(broken.request.target) or ())


def _line(values: Mapping[str, object]) -> bytes:
    return json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode()


def _body(response: Response) -> dict[str, object]:
    try:
        return {"body": response.body.decode()}
    except UnicodeDecodeError:
        return {"body": base64.b64encode(response.body).decode(), "encoding": "base64"}


def _head(response: Response) -> dict[str, object]:
    return {"status": response.status, "headers": dict(response.headers)}


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
                raise unwritable(path, cause) from cause


def refuse_no_folder(
    _ctx: click.Context, _parameter: click.Parameter, name: str | None
) -> str | None:
    """Take a name only if a folder can have it."""
    if name in {"", "-"}:
        raise click.BadParameter(
            f"{name!r} is not a folder; without -o, answers go to standard output"
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
                f"{name} already holds answers, such as {first.name}",
                hint="Name another folder, or replace the answers with --overwrite.",
            )
        path.mkdir(parents=True, exist_ok=True)
    except OSError as cause:
        raise unwritable(Path(cause.filename or path), cause) from cause
    return AnswerFolder(path, max(_DIGITS, len(str(number))))


def _answers_in(path: Path) -> Iterator[Path]:
    if path.is_dir():
        yield from (each for each in path.iterdir() if each.suffix.lower() in _ANSWERS)


_END = "\r\n"


def http_dump(response: Response, request: Request | None = None) -> bytes:
    """The request's line if it is known, then status line, headers and the body's own bytes."""
    first = [f"{request.method} {request.target} HTTP/1.1", ""] if request else []
    status = response.status or HTTPStatus.OK
    headers = [f"{name}: {value}" for name, value in response.headers]
    lines = [*first, f"HTTP/1.1 {status:d} {_reason(status)}", *headers, "", ""]
    return _END.join(lines).encode("latin-1") + response.body


def _reason(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""
