"""`docpact mock`: serve an endpoint that is true to the page."""

import os
import signal
import threading
from typing import TYPE_CHECKING, Literal

import click

from docpact.cli.options import Amount, chosen_contract, complete_faults, seconds
from docpact.core.errors import WrongConfiguration

if TYPE_CHECKING:
    from docpact.mock import Mock

Auth = Literal["off", "optional", "required"]

_EPILOG = """\b
Examples:
  docpact mock
  docpact mock --port 8080 --world any:7
  docpact mock --auth required --key testid:testsecret
  docpact mock --fault id-as-double --fault-rate 0.1
  docpact mock --live --pace 2
\b
The page at / lists the instances and tries calls; a call with the header
X-Docpact-Fault: NAME is answered with that fault alone.
"""


@click.command("mock", epilog=_EPILOG, short_help="Serve an endpoint that is true to the page.")
@click.option(
    "--host",
    default="127.0.0.1",
    show_default=True,
    help="Where to listen; other machines reach it at 0.0.0.0.",
)
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8008,
    show_default=True,
    help="0 lets the system choose.",
)
@click.option(
    "--world",
    default="",
    metavar="FILE|any[:SEED]",
    help="What exists: a TOML or JSON file, or everything.  [default: the page's example and one "
    "instance of each kind]",
)
@click.option("--live", is_flag=True, help="Instances move through their states over time.")
@click.option(
    "--pace",
    type=seconds(0.01),
    default=5.0,
    show_default=True,
    help="With --live: seconds of the shortest state.",
)
@click.option(
    "--auth",
    type=click.Choice(["off", "optional", "required"]),
    default="off",
    show_default=True,
    help="Whether calls must be signed; with `optional` those that are must be right.",
)
@click.option(
    "--key",
    "keys",
    multiple=True,
    metavar="ID:SECRET",
    help="An access key; repeatable.  [default: ALIBABA_CLOUD_ACCESS_KEY_ID and _SECRET, else "
    "testid:testsecret]",
)
@click.option(
    "--fault",
    "faults",
    multiple=True,
    metavar="NAME",
    shell_complete=complete_faults,
    help="Be wrong in this way; repeatable. `docpact generate --list-faults` has the names.",
)
@click.option(
    "--fault-rate",
    type=Amount(0, 1),
    default=1.0,
    show_default=True,
    help="In what part of the calls the faults show.",
)
@click.option("--delay", type=seconds(0), default=0.0, help="Seconds to wait before each answer.")
@click.option("--seed", type=int, help="The same RequestIds and faults for the same calls.")
@click.option(
    "--control/--no-control",
    default=None,
    help="The page at /, the controls at /_docpact/ and faults by header.  [default: on where only "
    "this machine reaches them]",
)
@click.option(
    "--contract", default="", metavar="FILE", help="A compiled contract instead of GetInstance's."
)
def command(
    host: str,
    port: int,
    world: str,
    live: bool,
    pace: float,
    auth: Auth,
    keys: tuple[str, ...],
    faults: tuple[str, ...],
    fault_rate: float,
    delay: float,
    seed: int | None,
    control: bool | None,
    contract: str,
) -> None:
    """Serve an endpoint that answers as the page says, for clients to be tried against.

    It listens on this machine only, unless told otherwise, until Ctrl-C or SIGTERM.
    """
    from docpact.mock import serve
    from docpact.mock.lifecycle import Life

    known, schemas = chosen_contract(contract)
    local = host in {"127.0.0.1", "localhost", "::1"}
    ended = _until_told()
    with serve(
        contract=known,
        schemas=schemas,
        world=world,
        life=Life(pace if live else 0.0),
        fault=faults,
        fault_rate=fault_rate,
        auth=auth,
        keys=_keys(keys),
        delay=delay,
        seed=seed,
        host=host,
        port=port,
        control=local if control is None else control,
    ) as mock:
        _greet(mock, auth, faults, local=local)
        ended.wait()
    click.echo("docpact: stopped", err=True)


def _greet(mock: "Mock", auth: str, faults: tuple[str, ...], *, local: bool) -> None:
    click.echo(f"docpact: serving {mock.url} until Ctrl-C", err=True)
    if mock.app.pages is not None:
        click.echo(f"docpact: a page to look at it: {mock.url}/", err=True)
    if faults:
        click.echo(f"docpact: on purpose it is wrong: {', '.join(faults)}", err=True)
    if auth == "required":
        click.echo("docpact: calls must be signed", err=True)
    if not local:
        click.echo("docpact: other machines can reach it", err=True)


def _keys(given: tuple[str, ...]) -> dict[str, str] | None:
    """The secrets by key id; nothing if none is given."""
    keys = {}
    for each in given:
        key_id, colon, secret = each.partition(":")
        if not key_id or not colon or not secret:
            raise WrongConfiguration("a key is given as ID:SECRET", hint="Try testid:testsecret.")
        keys[key_id] = secret
    if keys:
        return keys
    key_id = os.environ.get("ALIBABA_CLOUD_ACCESS_KEY_ID", "")
    secret = os.environ.get("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "")
    return {key_id: secret} if key_id and secret else None


def _until_told() -> threading.Event:
    """Set by Ctrl-C and SIGTERM, which are the usual ways to end a server and no failure."""
    ended = threading.Event()
    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, lambda *_: ended.set())
    return ended
