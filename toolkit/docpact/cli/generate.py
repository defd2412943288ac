"""`docpact generate`: make answers, right ones or ones that are wrong in a known way."""

import secrets
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Final, TypeVar

import click

from docpact.cli.answers import (
    AnswerFolder,
    broken_files,
    broken_line,
    files_of,
    line_of,
    opened_folder,
    refuse_no_folder,
)
from docpact.cli.console import say
from docpact.cli.options import complete_faults, contract_option
from docpact.contract import Contract, Media, load_contract
from docpact.core.exit_code import ExitCode
from docpact.core.text import counted

if TYPE_CHECKING:  # importing them takes longer than printing a help text
    from docpact.faults import Fault

_EPILOG = """\b
Examples:
  docpact generate
  docpact generate -n 100000 --seed 7 > answers.ndjson
  docpact generate --body xml --state RUNNING -n 20 -o answers
  docpact generate --invalid -o broken && docpact validate -v broken
  docpact generate --invalid id-as-double end-while-running
  docpact generate --list-faults --body xml
"""
_MANY: Final = 10_000  # answers; with more, a bar shows the progress
_USUAL: Final = 10
_FAULT_USAGE = "[--invalid [FAULT…]]"
T = TypeVar("T")


def _whole_number(_ctx: click.Context, _parameter: click.Parameter, text: str | None) -> int | None:
    """The number that a text writes without sign or fraction."""
    if text is None:
        return None
    if not (text.isascii() and text.isdecimal()):
        raise click.BadParameter(f"{text!r} is not a whole number, such as 20")
    return int(text)


@click.command(
    "generate",
    epilog=_EPILOG,
    short_help="Make answers that keep the contract, or that break it by a named fault.",
    options_metavar=f"[OPTIONS] {_FAULT_USAGE}",
)
@click.argument("faults", nargs=-1, metavar="", shell_complete=complete_faults)
@click.option(
    "-n",
    "--count",
    "number",
    metavar="N",
    callback=_whole_number,
    help="Number of answers.  [default: 10; with --invalid, one for each fault]",
)
@click.option(
    "--seed",
    metavar="N",
    callback=_whole_number,
    help="The same seed gives the same answers.  [default: random, printed on stderr]",
)
@click.option(
    "--body",
    type=click.Choice([each.value for each in Media]),
    help="The format of the answers.  [default: json]",
)
@click.option(
    "--invalid",
    is_flag=True,
    help="Break each answer by one fault: the named ones in turn, or any.",
)
@click.option("--list-faults", is_flag=True, help="List all faults, or the named ones, and exit.")
@click.option("--state", help="Only instances of this ActualState.")
@click.option("--job-type", help="Only instances of this JobType.")
@click.option("--api-type", help="Only instances of this ApiType.")
@contract_option
@click.option(
    "-o",
    "--output",
    "folder",
    metavar="DIR",
    callback=refuse_no_folder,
    help="Write files into DIR instead of lines to standard output.",
)
@click.option(
    "--overwrite", is_flag=True, help="Remove answers that an earlier run wrote into DIR."
)
def command(
    faults: tuple[str, ...],
    number: int | None,
    seed: int | None,
    body: str | None,
    invalid: bool,
    list_faults: bool,
    state: str | None,
    job_type: str | None,
    api_type: str | None,
    contract: str,
    folder: str | None,
    overwrite: bool,
) -> None:
    """Make answers that keep the contract, or that break it by a named fault.

    Without -o, each answer is one line on standard output: JSON as it is; XML and broken answers
    as an object with "body", "status" and "headers". Broken answers also have "fault", "breaks"
    (the rules that must detect it) and "request" (for `docpact validate --request`; null for error
    answers). A body that is not UTF-8 is in base64, and "encoding" says so.

    With -o, 0001.json holds a body. A broken answer is 0001.FAULT.http with request, status and
    headers, so that `docpact validate -v DIR` detects every fault; 0001.FAULT.labels is beside it.
    """
    from docpact.generate.sampler import checked_filters

    if list_faults:
        click.echo("\n".join(_listed(faults, body, load_contract(contract) if contract else None)))
        return
    if faults and not invalid:
        raise click.UsageError(f"name faults after --invalid: --invalid {' '.join(faults)}")
    if overwrite and folder is None:
        raise click.UsageError("--overwrite needs -o DIR")
    found = load_contract(contract)
    filters = checked_filters(found, state=state, job_type=job_type, api_type=api_type)
    order = _Order(found, Media(body or Media.JSON), filters)
    broken_by = _chosen_faults(order, faults) if invalid else []
    count = _count(number, broken_by) if invalid else _USUAL if number is None else number
    out = opened_folder(folder, count, overwrite=overwrite) if folder is not None else None
    if invalid:
        _make_broken(order, broken_by, _seed(seed), count, out, in_turn=bool(faults))
    else:
        _make_valid(order, _seed(seed), count, out)


@dataclass(frozen=True, slots=True)
class _Order:
    """Which answers to make."""

    contract: Contract
    media: Media
    filters: Mapping[str, tuple[str, ...]]


def _seed(given: int | None) -> int:
    if given is not None:
        return given
    seed = secrets.randbelow(2**32)
    say(f"made with --seed {seed}")
    return seed


def _listed(names: tuple[str, ...], body: str | None, contract: Contract | None) -> Iterator[str]:
    from docpact.cli.explain import fault_table
    from docpact.faults import FAULTS
    from docpact.generate.broken import faults_named

    wanted = faults_named(names) if names else list(FAULTS.values())
    wanted = [each for each in wanted if contract is None or each.fits(contract)]
    seen = [each for each in wanted if body is None or Media(body) in each.media]
    if names and body and len(seen) < len(wanted):
        hidden = ", ".join(each.name for each in wanted if each not in seen)
        raise click.UsageError(f"no answer in {body.upper()} shows {hidden}; leave out --body")
    return fault_table(seen)


def _chosen_faults(order: _Order, names: tuple[str, ...]) -> "list[Fault]":
    """The faults to break answers by: those named, or all that an answer can show."""
    from docpact.faults import FAULTS
    from docpact.generate.broken import faults_named, refuse_hidden, shown_by_answers

    if not names:
        every = list(FAULTS.values())
        return shown_by_answers(order.contract, every, order.media, order.filters)
    wanted = faults_named(names)
    refuse_hidden(order.contract, wanted, (order.media,), order.filters)
    return wanted


def _count(number: int | None, faults: "list[Fault]") -> int:
    """The number of broken answers: one for each fault by default."""
    every = len(faults)
    if number is None:
        return every
    if number < every:
        say(f"{every - number} of {every} faults are left out; use -n {every} for all")
    return number


def _make_valid(order: _Order, seed: int, count: int, out: AnswerFolder | None) -> None:
    from random import Random

    from docpact.generate.response_model import response_model_for
    from docpact.generate.sampler import Sampler

    contract, media = order.contract, order.media
    model = response_model_for(contract, contract.success, media=media.value, filters=order.filters)
    is_line = media is Media.JSON and out is None
    sampler = Sampler(model, one_line=is_line)
    random = Random(seed)  # noqa: S311  # repeatable is the point
    made = (sampler.response(random) for _ in range(count))
    if out is None:
        _emit((each.body if is_line else line_of(each) for each in made), count, _print)
    else:
        _write((files_of(each, media) for each in made), count, out)


def _make_broken(
    order: _Order,
    faults: "list[Fault]",
    seed: int,
    count: int,
    out: AnswerFolder | None,
    *,
    in_turn: bool,
) -> None:
    from random import Random

    from docpact.generate.broken import sample_broken

    if not in_turn:  # so that a few answers show faults of many kinds
        Random(seed).shuffle(faults)  # noqa: S311  # repeatable is the point
    contract, media = order.contract, order.media
    endless = sample_broken(contract, faults, seed=seed, media=media, filters=order.filters)
    made = islice(endless, count)
    if out is None:
        _emit((broken_line(each, contract) for each in made), count, _print)
    else:
        _write((broken_files(each, contract) for each in made), count, out)


def _print(_number: int, line: bytes) -> None:
    click.echo(line)


def _write(files: Iterator[tuple[tuple[str, bytes], ...]], count: int, out: AnswerFolder) -> None:
    _emit(files, count, out.write)
    say(f"wrote {counted(count, 'answer')} to {out.path}")


def _emit(items: Iterator[T], count: int, put: Callable[[int, T], None]) -> None:
    """Write one item after the other; an interruption says how far that came."""
    done = 0
    try:
        with _progress(items, count, in_files=put is not _print) as bar:
            for item in bar:
                put(done + 1, item)
                done += 1
    except BrokenPipeError:  # the reader has enough; click itself would call that a failure
        sys.stdout = None  # nothing is left to flush at exit
    except KeyboardInterrupt:
        say(f"interrupted after {done} of {count} answers")
        click.get_current_context().exit(ExitCode.INTERRUPTED)


def _progress(
    items: Iterator[T], number: int, *, in_files: bool
) -> AbstractContextManager[Iterable[T]]:
    """The items, with a bar for people where it disturbs nothing."""
    is_free = in_files or (sys.stdout is not None and not sys.stdout.isatty())
    if number < _MANY or not is_free or sys.stderr is None or not sys.stderr.isatty():
        return nullcontext(items)
    return click.progressbar(
        items, length=number, file=sys.stderr, update_min_steps=500, label="answers"
    )
