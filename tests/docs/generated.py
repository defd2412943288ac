"""Write the generated parts of the documentation: rule tables and transcripts.

A table stands between `<!-- rules -->` marks; a transcript is a fenced `console` block, each of
whose `$ docpact …` lines is run in the checkout. Run as a script, this writes the files again; the
tests compare.
"""

import re
import shlex
import subprocess
import sys
from pathlib import Path

from docpact.contract.diff import REASONS

CHECKOUT = Path(__file__).parents[2]
DOCUMENTS = (
    "README.md",
    "ARCHITECTURE.md",
    "docs/dask.md",
    "docs/diff.md",
    "docs/dialects.md",
    "docs/lint.md",
    "docs/living-with-findings.md",
)

_TABLE = re.compile(r"(?<=<!-- rules -->\n).*?(?=<!-- /rules -->)", re.DOTALL)
_PAGE_RULES = re.compile(r"(?<=<!-- page rules -->\n).*?(?=<!-- /page rules -->)", re.DOTALL)
_CHANGES = re.compile(r"(?<=<!-- changes -->\n).*?(?=<!-- /changes -->)", re.DOTALL)
_TRANSCRIPT = re.compile(r"(?<=```console\n).*?(?=```)", re.DOTALL)
_COMMAND = re.compile(r"^\$ docpact (.*)$", re.MULTILINE)


def fresh(text: str) -> str:
    """The document with every generated part as the code writes it today."""
    text = _TABLE.sub(lambda _: _output("explain --format markdown"), text)
    text = _PAGE_RULES.sub(lambda _: _output("explain --format markdown --pages"), text)
    text = _CHANGES.sub(lambda _: _changes(), text)
    return _TRANSCRIPT.sub(lambda block: _transcript(block[0]), text)


def _changes() -> str:
    rows = ["| Change | Client | Server |", "|---|---|---|"]
    for kind, reason in REASONS.items():
        told = (f"{each.impact}: {each.reason}" for each in (reason.client, reason.server))
        rows.append(f"| `{kind}` | {' | '.join(told)} |")
    return "\n".join(rows) + "\n"


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
