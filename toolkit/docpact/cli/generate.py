"""`docpact generate`: make answers, right ones or ones that are wrong in a known way."""

import base64
import json
import secrets
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from docpact.contract import Contract, Media, load, load_bundled
from docpact.errors import DocpactError, WrongConfiguration
from docpact.exchange import Response

if TYPE_CHECKING:  # importing them takes longer than printing a help text
    from docpact.faults import Fault
    from docpact.generate.broken import Broken

_EPILOG = """\b
Examples:
  docpact generate
  docpact generate -n 100000 --seed 7 > answers.ndjson
  docpact generate --body xml --state RUNNING -n 20 -o answers
  docpact generate --invalid -n 200 -o broken
  docpact generate --invalid id-as-double end-while-running
  docpact generate --list-faults
"""
_MANY: Final = 10_000  # from here on, progress is worth showing
_FAULT_USAGE = "[--invalid [FAULT…]]"


def complete_faults(_ctx: click.Context, _parameter: click.Parameter, incomplete: str) -> list[str]:
    """The faults that begin with what was typed so far, for shells."""
    from docpact.faults import FAULTS

    return [name for name in FAULTS if name.startswith(incomplete)]


@click.command(
    "generate",
    epilog=_EPILOG,
    short_help="Make answers that keep the contract, or break it in ways known by name.",
    options_metavar=f"[OPTIONS] {_FAULT_USAGE}",
)
@click.argument("faults", nargs=-1, metavar="", shell_complete=complete_faults)
@click.option(
    "-n", "number", type=click.IntRange(0), default=10, show_default=True, help="How many answers."
)
@click.option(
    "--seed",
    type=click.IntRange(0),
    help="The same seed makes the same answers.  [default: a random one, told on stderr]",
)
@click.option(
    "--body",
    type=click.Choice([each.value for each in Media]),
    default=Media.JSON.value,
    show_default=True,
    help="The format of the answers.",
)
@click.option(
    "--invalid",
    is_flag=True,
    help="Break each answer by one fault: by those named in turn, or by any.",
)
@click.option("--list-faults", is_flag=True, help="List all faults and leave.")
@click.option("--state", help="Only instances of this ActualState.")
@click.option("--job-type", help="Only instances of this JobType.")
@click.option("--api-type", help="Only instances of this ApiType.")
@click.option("--contract", metavar="FILE", help="A compiled contract instead of GetInstance's.")
@click.option("-o", "--output", "folder", metavar="DIR", help="Write one file each into DIR.")
def command(
    faults: tuple[str, ...],
    number: int,
    seed: int | None,
    body: str,
    invalid: bool,
    list_faults: bool,
    state: str | None,
    job_type: str | None,
    api_type: str | None,
    contract: str | None,
    folder: str | None,
) -> None:
    """Make answers that keep every promise of the contract, or break it in a way known by name.

    Without -o, each answer is a line on standard output: JSON as it is; XML, and what is broken,
    as an object with "body", "status" and "headers". Broken ones also say "fault", "breaks" (the
    rules that must notice) and "request" (what the answer should be about). A body that is not
    UTF-8 comes in base64, with "encoding" saying so.

    With -o, 0001.json holds a body; 0001.FAULT.json a broken one, with 0001.FAULT.labels.json.
    """
    from docpact.generate.plan import filters

    if list_faults:
        click.echo("\n".join(_listed()))
        return
    if faults and not invalid:
        raise click.UsageError(f"faults are named behind --invalid: --invalid {' '.join(faults)}")
    found = load(Path(contract)) if contract else load_bundled()
    chosen = filters(state, job_type, api_type)
    _refuse_unknown_values(chosen, found)
    shown = _shown(found, Media(body), faults) if invalid else []
    order = _Order(found, Media(body), _seed(seed), chosen, in_files=folder is not None)
    made = _broken(order, shown, in_turn=bool(faults)) if invalid else _valid(order)
    with _progress(islice(made, number), number, in_files=folder is not None) as items:
        if folder is None:
            _print(items)
        else:
            _write(items, Path(folder), len(str(number)))


@dataclass(frozen=True, slots=True)
class _Order:
    """What answers are wanted."""

    contract: Contract
    media: Media
    seed: int
    chosen: Mapping[str, tuple[str, ...]]
    in_files: bool


@dataclass(frozen=True, slots=True)
class _Item:
    """One answer on its way out."""

    body: bytes
    line: bytes  # what stands for it in NDJSON
    suffix: str
    labels: str = ""  # for a file beside the body


def _seed(given: int | None) -> int:
    if given is not None:
        return given
    seed = secrets.randbelow(2**32)
    click.echo(f"docpact: made with --seed {seed}", err=True)
    return seed


def _refuse_unknown_values(chosen: Mapping[str, tuple[str, ...]], contract: Contract) -> None:
    from difflib import get_close_matches

    for path, (value,) in chosen.items():
        field = contract.success.find(tuple(path.split(".")))
        listed = [each.value for each in field.values] if field else []
        if value in listed:
            continue
        near = get_close_matches(value.upper(), listed, n=1)
        hint = f"Did you mean {near[0]}?" if near else f"The page lists {', '.join(listed)}."
        hint = hint if listed else f"{contract.page} lists no values of {path}."
        raise WrongConfiguration(f"{path} is never {value!r}", hint=hint)


def _valid(order: _Order) -> Iterator[_Item]:
    from random import Random

    from docpact.generate.plan import plan_for
    from docpact.generate.sampler import Sampler

    contract, media = order.contract, order.media
    plan = plan_for(contract, contract.success, media=media.value, chosen=order.chosen)
    is_line = media is Media.JSON and not order.in_files
    sampler = Sampler(plan, one_line=is_line)
    random = Random(order.seed)  # noqa: S311  # repeatable is the point
    while True:
        response = sampler.response(random)
        line = response.body if is_line else _object(response, {})
        yield _Item(response.body, line, f".{media.value}")


def _shown(contract: Contract, media: Media, names: tuple[str, ...]) -> "list[Fault]":
    """The faults to break answers by: those named, or all that an answer can show."""
    from docpact.faults import FAULTS
    from docpact.generate.broken import faults_named, shown_by_answers

    wanted = faults_named(names) if names else list(FAULTS.values())
    shown = shown_by_answers(contract, wanted, media)
    if names:
        _refuse_hidden([each for each in wanted if each not in shown], media)
    return shown


def _broken(order: _Order, faults: "list[Fault]", *, in_turn: bool) -> Iterator[_Item]:
    from random import Random

    from docpact.generate.broken import sample_broken

    if not in_turn:  # so that a few answers show faults of many kinds
        Random(order.seed).shuffle(faults)  # noqa: S311  # repeatable is the point
    media = order.media
    made = sample_broken(order.contract, faults, seed=order.seed, media=media, chosen=order.chosen)
    return (_labelled(each, media) for each in made)


def _refuse_hidden(hidden: "list[Fault]", media: Media) -> None:
    for fault in hidden:
        if fault.is_behaviour:
            raise WrongConfiguration(
                f"{fault.name} is a fault of a server's behaviour, which no single answer shows",
                hint="`docpact generate --list-faults` marks such faults with *.",
            )
        others = [each.value for each in fault.media if each is not media]
        hint = f"Ask for --body {others[0]}." if others else "The contract knows no failures."
        raise WrongConfiguration(f"{fault.name} does not show in these answers", hint=hint)


def _labelled(broken: "Broken", media: Media) -> _Item:
    fault, response = broken.fault, broken.response
    labels: dict[str, object] = {"fault": fault.name, "breaks": sorted(fault.breaks)}
    if broken.request:
        labels["request"] = broken.request
    line = _object(response, labels)
    told = {**labels, "summary": fault.summary, "shows": fault.shows.value, **_head(response)}
    text = json.dumps(told, ensure_ascii=False, indent=2) + "\n"
    return _Item(response.body, line, f".{fault.name}.{media.value}", text)


def _object(response: Response, labels: Mapping[str, object]) -> bytes:
    """The answer as one line of JSON."""
    try:
        body = {"body": response.body.decode()}
    except UnicodeDecodeError:
        body = {"body": base64.b64encode(response.body).decode(), "encoding": "base64"}
    told = {**body, **labels, **_head(response)}
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()


def _head(response: Response) -> dict[str, object]:
    return {"status": response.status, "headers": dict(response.headers)}


def _print(items: Iterable[_Item]) -> None:
    try:
        for item in items:
            click.echo(item.line)
    except BrokenPipeError:  # the reader has enough; click itself would call that a failure
        sys.stdout = None  # nothing is left to flush at exit


def _write(items: Iterable[_Item], folder: Path, digits: int) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for index, item in enumerate(items, 1):
            path = folder / f"{index:0{max(4, digits)}}{item.suffix}"
            path.write_bytes(item.body)
            if item.labels:
                path.with_suffix(".labels.json").write_bytes(item.labels.encode())
    except OSError as cause:
        raise DocpactError(f"{folder} cannot be written: {cause.strerror}") from cause


def _progress(
    items: Iterator[_Item], number: int, *, in_files: bool
) -> AbstractContextManager[Iterable[_Item]]:
    """The items, with a bar for people where it disturbs nothing."""
    is_free = in_files or (sys.stdout is not None and not sys.stdout.isatty())
    if number < _MANY or not is_free or sys.stderr is None or not sys.stderr.isatty():
        return nullcontext(items)
    return click.progressbar(
        items, length=number, file=sys.stderr, update_min_steps=500, label="answers"
    )


def _listed() -> Iterator[str]:
    """The catalogue as a table: name, when it shows, what happens, which rules notice."""
    from docpact.faults import FAULTS

    rows = [(f"{each.name}{'*' * each.is_behaviour}", _shows(each)) for each in FAULTS.values()]
    names, times = (max(map(len, column)) for column in zip(*rows, strict=True))
    for fault, (name, shows) in zip(FAULTS.values(), rows, strict=True):
        rules = ", ".join(sorted(fault.breaks))
        yield f"{name:<{names}}  {shows:<{times}}  {fault.summary} [{rules}]"
    yield ""
    yield "* the behaviour of a server, which no single answer shows"


def _shows(fault: "Fault") -> str:
    only = f", {next(iter(fault.media)).value.upper()} only" if len(fault.media) == 1 else ""
    return fault.shows.value + only
