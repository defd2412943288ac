"""One of the editions to compare: a page or a compiled contract, in a file, in git, or on stdin."""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

from docpact.contract import Contract
from docpact.contract.rulings import NO_RULINGS, Rulings
from docpact.core.errors import DocpactError, UnreadablePage

_STANDARD_INPUT = "-"
_LONGEST = 16 * 1024 * 1024  # bytes; pages have tens of thousands, contracts few hundred thousand
_PATIENCE = 30  # seconds
_RULINGS = ".rulings.toml"


@dataclass(frozen=True, slots=True)
class _Found:
    """The bytes of an edition, and of the rulings beside it where these are wanted."""

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
    from docpact.page import read

    return interpret(read(_text(found), found.name), _said(found))


def _found(argument: str, *, take_rulings: bool) -> _Found:
    if argument == _STANDARD_INPUT:
        return _Found("stdin", _bounded(argument, sys.stdin.buffer.read(_LONGEST + 1)))
    path = Path(argument)
    if path.exists() or ":" not in argument:
        beside = path.with_suffix(_RULINGS)
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
    return f"{folder}{slash}{PurePosixPath(name).with_suffix(_RULINGS)}"


def _file(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return _bounded(str(path), file.read(_LONGEST + 1))
    except FileNotFoundError as cause:
        hint = "Name a page, a compiled contract, or REVISION:PATH in git."
        raise UnreadablePage(f"there is no file {path}", hint=hint) from cause
    except (OSError, ValueError) as cause:  # ValueError: a NUL in the name
        reason = cause.strerror if isinstance(cause, OSError) else cause
        raise UnreadablePage(f"{path} cannot be read: {reason}") from cause


def _bounded(name: str, content: bytes) -> bytes:
    if len(content) > _LONGEST:
        hint = "Pages and contracts are smaller; is this the right file?"
        raise UnreadablePage(f"{name} is larger than {_LONGEST // 1024 // 1024} MiB", hint=hint)
    return content


def _text(found: _Found) -> str:
    try:
        text = found.content.decode("utf-8-sig")
    except UnicodeDecodeError as cause:
        hint = "Save the page as UTF-8 text."
        raise UnreadablePage(f"{found.name} is not UTF-8", hint=hint) from cause
    if "\0" in text:
        raise UnreadablePage(f"{found.name} holds NUL bytes, so it is no page")
    return text


def _said(found: _Found) -> Rulings:
    if found.rulings is None:
        return NO_RULINGS
    from docpact.contract.rulings import read_rulings

    with TemporaryDirectory() as folder:  # a revision has no file to read them from
        file = Path(folder, PurePosixPath(found.name).with_suffix(_RULINGS).name)
        file.write_bytes(found.rulings)
        return read_rulings(file)


def _known_blob(argument: str) -> bytes:
    if not _object(argument):
        raise UnreadablePage(
            f"neither a file nor a git revision is called {argument}",
            hint="After REVISION: stands the path from the top of the repository, or ./ and the "
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
        raise UnreadablePage(f"{argument} is no file", hint="Name one file of that revision.")
    return done.stdout


def _git(*arguments: str) -> subprocess.CompletedProcess[bytes]:
    """Ask git, without a shell, a prompt or the network.

    Raises DocpactError if git is not installed, does not end, or finds no repository.
    """
    git = shutil.which("git")
    if git is None:
        hint = "Install git, or name files."
        raise DocpactError("git is not installed, so no revision can be read", hint=hint)
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
        raise DocpactError(f"git finds no revision here: {reason}", hint="Name files, perhaps.")
    return done
