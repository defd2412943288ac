"""`docpact diff`: what changed between two editions, and what it breaks."""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path, PurePath, PurePosixPath
from typing import TYPE_CHECKING, Literal

import click

from docpact.cli.console import say
from docpact.cli.options import color_option, output_option, styling, write
from docpact.contract import Contract
from docpact.contract.rulings import NO_RULINGS, Rulings, parse_rulings, rulings_file
from docpact.core.errors import DocpactError, UnreadablePage
from docpact.core.exit_code import ExitCode
from docpact.core.text import printable

if TYPE_CHECKING:  # comparing is imported when it is done
    from docpact.report.changes import Comparison

_EPILOG = """\b
Examples:
  docpact diff GetInstance.2019.md GetInstance.md
  docpact diff HEAD:samples/pages/GetInstance.md samples/pages/GetInstance.md
  docpact diff schemas/getinstance.contract.json GetInstance.md --rulings --for client
  docpact diff old.md new.md --format markdown --fail-on never
"""

_STANDARD_INPUT = "-"
_LONGEST = 16 * 1024 * 1024  # bytes; pages have tens of thousands, contracts few hundred thousand
_PATIENCE = 30  # seconds

_Format = Literal["terminal", "json", "markdown"]
_FailOn = Literal["breaking", "risky", "any", "never"]


@click.command(
    "diff",
    epilog=_EPILOG,
    short_help="Show what changed between two editions of a page, and what it breaks.",
)
@click.argument("old", type=click.Path(allow_dash=True))
@click.argument("new", type=click.Path(allow_dash=True))
@click.option("--rulings", is_flag=True, help="Apply the rulings beside each page.")
@click.option(
    "--for",
    "audience",
    type=click.Choice(["client", "server", "both"]),
    default="both",
    show_default=True,
    help="Which side still follows the old edition.",
)
@click.option(
    "--fail-on",
    type=click.Choice(["breaking", "risky", "any", "never"]),
    default="breaking",
    show_default=True,
    help="The smallest impact that fails the run.",
)
@click.option("-v", "--verbose", is_flag=True, help="Show changes of wording and examples too.")
@click.option(
    "--format",
    "format_",
    type=click.Choice(["terminal", "json", "markdown"]),
    default="terminal",
    show_default=True,
    help="The format of the report.",
)
@output_option
@color_option
@click.pass_context
def command(
    ctx: click.Context,
    old: str,
    new: str,
    rulings: bool,
    audience: str,
    fail_on: _FailOn,
    verbose: bool,
    format_: _Format,
    output: str | None,
    color: str,
) -> None:
    """Show what changed between two editions of a page, and what it breaks.

    OLD and NEW are pages, compiled contracts (*.contract.json), either of them in git as
    REVISION:PATH, or - for standard input. Pages are compared as published; with --rulings, the
    decisions recorded beside them are applied first.
    """
    from docpact.contract.diff import Audience, changes
    from docpact.report.changes import Comparison

    _refuse_clashes(old, new, output)
    before = read_edition(old, take_rulings=rulings)
    after = read_edition(new, take_rulings=rulings)
    if bool(before.rulings) is not bool(after.rulings):
        ruled = old if before.rulings else new
        say(f"only {ruled} has rulings, so their decisions are shown as changes")
    chosen = tuple(each for each in Audience if audience in {each.value, "both"})
    comparison = Comparison(_label(old), _label(new), changes(before, after), chosen)
    _write(comparison, format_, output, color=color, words=verbose)
    ctx.exit(ExitCode.FINDINGS if _fails(comparison, fail_on) else ExitCode.CLEAN)


def _refuse_clashes(old: str, new: str, output: str | None) -> None:
    if old == new == "-":
        raise click.UsageError("only one of the two can come from standard input")
    if output and os.path.realpath(output) in {os.path.realpath(each) for each in (old, new)}:
        raise click.UsageError(f"the report would overwrite {printable(output)}")


def _label(argument: str) -> str:
    """How an edition is named in reports: without folders, which differ between machines."""
    revision, colon, inside = argument.rpartition(":")
    return f"{revision}{colon}{PurePath(inside).name}"


def _write(
    comparison: "Comparison", format_: _Format, output: str | None, *, color: str, words: bool
) -> None:
    from docpact.report import changes

    if format_ == "terminal":
        style = styling(color, output)
        text = changes.terminal(comparison, style=style, words=words)
        write(text, output, color=style is not None)
        return
    # Other programs read these, whatever the encoding of the terminal.
    text = (
        changes.as_json(comparison)
        if format_ == "json"
        else changes.markdown(comparison, words=words)
    )
    write(text.encode("utf-8"), output)


def _fails(comparison: "Comparison", fail_on: _FailOn) -> bool:
    if fail_on in {"any", "never"}:
        return fail_on == "any" and bool(comparison.changes)
    failing = {"breaking"} if fail_on == "breaking" else {"breaking", "risky"}
    return any(count for impact, count in comparison.counts.items() if impact.value in failing)


@dataclass(frozen=True, slots=True)
class _Found:
    """The bytes of an edition, and of the rulings beside it if they are to be applied."""

    name: str  # without folders, for findings
    content: bytes
    rulings: bytes | None = None


def read_edition(argument: str, *, take_rulings: bool) -> Contract:
    """The contract of an edition: a page is interpreted, a compiled contract is read.

    Raises UnreadablePage or BrokenContract if it is neither, and DocpactError if it is not there.
    """
    found = _found(argument, take_rulings=take_rulings)
    if found.content.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"{"):
        from docpact.contract.store import loads

        return loads(found.content, found.name)
    from docpact.contract.interpret import interpret
    from docpact.page import page_text, read

    text = page_text(found.content, PurePath(found.name))
    return interpret(read(text, found.name), _rulings(found))


def _found(argument: str, *, take_rulings: bool) -> _Found:
    if argument == _STANDARD_INPUT:
        return _Found("stdin", _bounded(argument, sys.stdin.buffer.read(_LONGEST + 1)))
    path = Path(argument)
    if path.exists() or ":" not in argument:
        beside = Path(rulings_file(path))
        rulings = _file(beside) if take_rulings and beside.is_file() else None
        return _Found(path.name, _file(path), rulings)
    revision, _, inside = argument.partition(":")
    where = PurePosixPath(inside)
    if not where.name:
        raise UnreadablePage(f"{argument} names no file", hint="Write REVISION:PATH.")
    sibling = f"{revision}:{_sibling(inside)}"
    rulings = _blob(sibling) if take_rulings and _object(sibling) else None
    return _Found(where.name, _known_blob(argument), rulings)


def _sibling(inside: str) -> str:
    """The rulings of a page in git; `./` means something there, so the path stays a text."""
    folder, slash, name = inside.rpartition("/")
    return f"{folder}{slash}{rulings_file(PurePosixPath(name))}"


def _file(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return _bounded(str(path), file.read(_LONGEST + 1))
    except FileNotFoundError as cause:
        hint = "Name a page, a compiled contract, or REVISION:PATH in git."
        raise UnreadablePage(f"no such file: {path}", hint=hint) from cause
    except (OSError, ValueError) as cause:  # ValueError: a NUL in the name
        reason = cause.strerror if isinstance(cause, OSError) else cause
        raise UnreadablePage(f"{path} cannot be read: {reason}") from cause


def _bounded(name: str, content: bytes) -> bytes:
    if len(content) > _LONGEST:
        hint = "Pages and contracts are smaller; is this the right file?"
        raise UnreadablePage(f"{name} is larger than {_LONGEST // 1024 // 1024} MiB", hint=hint)
    return content


def _rulings(found: _Found) -> Rulings:
    if found.rulings is None:
        return NO_RULINGS
    return parse_rulings(found.rulings, rulings_file(PurePosixPath(found.name)).name)


def _known_blob(argument: str) -> bytes:
    if not _object(argument):
        raise UnreadablePage(
            f"{argument} is neither a file nor a file of a git revision",
            hint="After REVISION: comes the path from the top of the repository, or ./ and the "
            "path from here.",
        )
    return _blob(argument)


def _object(argument: str) -> str:
    """The id of what a revision has at a path; nothing if there is no such thing.

    Only this id, which is no more than digits, is used from there on.
    """
    done = _git("rev-parse", "--verify", "--quiet", "--end-of-options", argument)
    return done.stdout.decode("ascii", "replace").strip() if done.returncode == 0 else ""


def _blob(argument: str) -> bytes:
    blob = _object(argument)
    size = _git("cat-file", "-s", blob)
    if size.returncode == 0 and int(size.stdout) > _LONGEST:
        _bounded(argument, b" " * (_LONGEST + 1))
    # `git show` would run the filters that the repository's settings name; this only reads.
    done = _git("cat-file", "blob", blob)
    if done.returncode:
        raise UnreadablePage(f"{argument} is not a file", hint="Name one file of that revision.")
    return done.stdout


def _git(*arguments: str) -> subprocess.CompletedProcess[bytes]:
    """Ask git, without a shell, a prompt or the network.

    Raises DocpactError if git is not installed, does not end, or finds no repository.
    """
    git = shutil.which("git")
    if git is None:
        hint = "Install git, or name files."
        raise DocpactError("git is not installed, so revisions cannot be read", hint=hint)
    quiet = {"GIT_TERMINAL_PROMPT": "0", "GIT_ALLOW_PROTOCOL": "", "LC_ALL": "C"}
    try:
        done = subprocess.run(  # noqa: S603  # no shell, and options end before what the user typed
            [git, *arguments],
            capture_output=True,
            check=False,
            env=os.environ | quiet,
            stdin=subprocess.DEVNULL,
            timeout=_PATIENCE,
        )
    except (OSError, ValueError, subprocess.TimeoutExpired) as cause:
        raise DocpactError(f"git could not be asked: {cause}") from cause
    if b"not a git repository" in done.stderr or b"dubious ownership" in done.stderr:
        reason = done.stderr.decode("utf-8", "replace").splitlines()[0]
        raise DocpactError(f"git finds no revision here: {reason}", hint="Name files instead.")
    return done
