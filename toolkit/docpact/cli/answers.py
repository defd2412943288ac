"""What answers that were made look like on their way out: lines of JSON, or files."""

import base64
import json
from collections.abc import Mapping
from typing import TYPE_CHECKING

from docpact.contract import Contract, Media
from docpact.exchange import Response

if TYPE_CHECKING:  # importing it takes longer than printing a help text
    from docpact.generate.broken import BrokenResponse

Files = tuple[
    tuple[str, bytes], ...
]  # what comes behind the number in a file's name, and its bytes


def line_of(response: Response) -> bytes:
    """A right answer as one line of JSON."""
    return _line({**_body(response), **_head(response)})


def files_of(response: Response, media: Media) -> Files:
    """A right answer as a file, which holds nothing but its body."""
    return ((f".{media.value}", response.body),)


def broken_line(broken: "BrokenResponse", contract: Contract) -> bytes:
    """A broken answer as one line of JSON, with its labels."""
    return _line({**_body(broken.response), **_labels(broken, contract), **_head(broken.response)})


def broken_files(broken: "BrokenResponse", contract: Contract) -> Files:
    """A broken answer as it would have travelled, with its labels beside it."""
    from docpact.generate.http_dump import http_dump

    response, fault, request = broken
    told = {
        **_labels(broken, contract),
        "summary": fault.summary,
        "shows": fault.shows.value,
        **_head(response),
    }
    labels = json.dumps(told, ensure_ascii=False, indent=2) + "\n"
    return (
        (f".{fault.name}.http", http_dump(response, request)),
        (f".{fault.name}.labels", labels.encode()),
    )


def _labels(broken: "BrokenResponse", contract: Contract) -> dict[str, object]:
    fault = broken.fault
    asked = _asked(broken, contract.operation.path)
    return {"fault": fault.name, "breaks": sorted(fault.breaks), "request": asked}


def _asked(broken: "BrokenResponse", template: str) -> str | None:
    """What the answer is about, as `docpact validate --request` takes it."""
    if broken.request is None:
        return None
    steps = zip(template.split("/"), broken.request.target.split("/"), strict=True)
    return "/".join(given for slot, given in steps if slot.startswith("{"))


def _line(told: Mapping[str, object]) -> bytes:
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()


def _body(response: Response) -> dict[str, object]:
    try:
        return {"body": response.body.decode()}
    except UnicodeDecodeError:
        return {"body": base64.b64encode(response.body).decode(), "encoding": "base64"}


def _head(response: Response) -> dict[str, object]:
    return {"status": response.status, "headers": dict(response.headers)}
