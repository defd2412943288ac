"""Write the generated parts of the documentation: rule tables, transcripts and the Python API.

A table is between `<!-- rules -->` marks, the API between `<!-- api -->` marks; a transcript is a
fenced `console` block, each of whose `$ docpact …` lines is run in the checkout. Run as a script,
this writes the files again; the tests compare.
"""

import inspect
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from enum import Enum
from pathlib import Path

import docpact
from docpact.contract.diff import REASONS

CHECKOUT = Path(__file__).parents[2]
DOCUMENTS = (
    "README.md",
    "ARCHITECTURE.md",
    "docs/api.md",
    "docs/dask.md",
    "docs/diff.md",
    "docs/dialects.md",
    "docs/lint.md",
    "docs/living-with-findings.md",
)

_TABLE = re.compile(r"(?<=<!-- rules -->\n).*?(?=<!-- /rules -->)", re.DOTALL)
_PAGE_RULES = re.compile(r"(?<=<!-- page rules -->\n).*?(?=<!-- /page rules -->)", re.DOTALL)
_CHANGES = re.compile(r"(?<=<!-- changes -->\n).*?(?=<!-- /changes -->)", re.DOTALL)
_API = re.compile(r"(?<=<!-- api -->\n).*?(?=<!-- /api -->)", re.DOTALL)
_TRANSCRIPT = re.compile(r"(?<=```console\n).*?(?=```)", re.DOTALL)
_COMMAND = re.compile(r"^\$ docpact (.*)$", re.MULTILINE)


def fresh(text: str) -> str:
    """The document with every generated part as the code writes it today."""
    text = _TABLE.sub(lambda _: _output("explain --format markdown"), text)
    text = _PAGE_RULES.sub(lambda _: _output("explain --format markdown --pages"), text)
    text = _CHANGES.sub(lambda _: _changes(), text)
    text = _API.sub(lambda _: "\n".join(_api()), text)
    return _TRANSCRIPT.sub(lambda block: _transcript(block[0]), text)


def _changes() -> str:
    rows = ["| Change | Client | Server |", "|---|---|---|"]
    for kind, reason in REASONS.items():
        told = (f"{each.impact}: {each.reason}" for each in (reason.client, reason.server))
        rows.append(f"| `{kind}` | {' | '.join(told)} |")
    return "\n".join(rows) + "\n"


def _api() -> Iterator[str]:
    for name in docpact.__all__:
        member = getattr(docpact, name)
        if name == "__version__":
            yield from ("", "## `__version__`", "", "The version of docpact, as a text.")
        elif inspect.ismodule(member):
            yield from ("", f"## `{name}`", "", inspect.getdoc(member) or "")
            for each in member.__all__:
                yield from _entry(f"{name}.{each}", getattr(member, each), "###")
        else:
            yield from _entry(name, member, "##")
    yield ""


def _entry(name: str, member: object, level: str) -> Iterator[str]:
    described = inspect.getdoc(member) or ""
    yield from ("", f"{level} `{name}`", "")
    if inspect.isclass(member) and issubclass(member, Enum):
        yield f"{described}\n\nValues: {', '.join(f'`{each.value}`' for each in member)}."
    elif inspect.isclass(member):
        yield from ("```python", *_signature(name, member), "```", "", described)
        yield from _members(member)
    else:
        yield from ("```python", *_signature(name, member), "```", "", described)


def _members(member: type) -> Iterator[str]:
    """The public methods and properties of a class, with the first line of what they say."""
    rows = []
    for name, each in vars(member).items():
        function = each.fget if isinstance(each, property) else getattr(each, "__func__", each)
        if name.startswith("_") or not inspect.isfunction(function):
            continue
        said = (inspect.getdoc(function) or "").partition("\n\n")[0].replace("\n", " ")
        rows.append(f"- `.{name}{'' if isinstance(each, property) else '()'}`: {said}")
    if rows:
        yield from ("", *rows)


def _signature(name: str, member: object) -> list[str]:
    try:
        signature = inspect.signature(member)
    except (TypeError, ValueError):
        return [name]
    bare = signature.replace(return_annotation=inspect.Signature.empty)
    parameters = [_parameter(each) for each in bare.parameters.values() if each.name != "self"]
    one_line = f"{name}({', '.join(_starred(parameters, signature))})"
    if len(one_line) <= 88:
        return [one_line]
    return [f"{name}(", *(f"    {each}," for each in _starred(parameters, signature)), ")"]


def _parameter(parameter: inspect.Parameter) -> str:
    """A parameter without its type; a default that is not a plain value is an ellipsis."""
    text = str(parameter.replace(annotation=inspect.Parameter.empty)).replace("'", '"')
    name, equals, default = text.partition("=")
    is_plain = len(default) <= 16 and not re.search(r"[<(].", default)
    return text if is_plain or not equals else f"{name}=…"


def _starred(parameters: list[str], signature: inspect.Signature) -> list[str]:
    """The parameters, with a star before those that are named."""
    kinds = [each.kind for each in signature.parameters.values() if each.name != "self"]
    named = inspect.Parameter.KEYWORD_ONLY
    if named in kinds and inspect.Parameter.VAR_POSITIONAL not in kinds:
        parameters.insert(kinds.index(named), "*")
    return parameters


def _transcript(block: str) -> str:
    commands = _COMMAND.findall(block)
    return "\n".join(f"$ docpact {command}\n{_output(command)}" for command in commands)


def _output(command: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "docpact", *shlex.split(command)],
        cwd=CHECKOUT,
        capture_output=True,
        check=False,
        encoding="utf-8",
    )
    if done.returncode > 1 or "Traceback" in done.stderr:
        message = f"docpact {command} ended with {done.returncode}: {done.stderr}"
        raise RuntimeError(message)
    return done.stdout


if __name__ == "__main__":
    for name in DOCUMENTS:
        path = CHECKOUT / name
        path.write_text(fresh(path.read_text("utf-8")), "utf-8")
