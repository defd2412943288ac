"""The options that say which endpoint to check and how: one table for click and for pytest.

It is apart from both because the pytest plugin imports it in every run, and must stay cheap.
"""

from typing import Final, Literal, NamedTuple


class EndpointOption(NamedTuple):
    """One option: `--NAME` of a command, `--docpact-NAME` and a setting of the pytest plugin."""

    name: str
    help: str
    type: Literal["text", "flag", "switch", "number", "integer", "list"] = "text"
    metavar: str = ""
    default: str | float | None = None
    choices: tuple[str, ...] = ()
    env: str = ""  # the variable that is read if the option is not given
    least: float = 0  # of a number
    most: float | None = None
    only_in: Literal["", "pytest"] = ""
    in_pytest: str = ""  # the help there, if it is another one


_INSTANCE: Final = "PROJECT/JOB/ID"
_SLASH: Final = "repeatable; write a slash within a part as %2F."
LEAST_SECONDS: Final = 0.001

OPTIONS: Final = (
    EndpointOption(
        "url",
        "Check the endpoint at this URL: adds a test for each kind of call.",
        metavar="URL",
        only_in="pytest",
    ),
    EndpointOption("mock", "Check the built-in mock instead of a URL.", "flag", only_in="pytest"),
    EndpointOption("running", f"An instance that runs; {_SLASH}", "list", _INSTANCE),
    EndpointOption(
        "not-running", f"An instance that exists and does not run; {_SLASH}", "list", _INSTANCE
    ),
    EndpointOption(
        "everything-exists",
        "Every instance exists, as in some emulators, so no call is expected to fail for lack of "
        "an instance.",
        "flag",
    ),
    EndpointOption(
        "mock-fault",
        "Without URL: a fault of the built-in mock; repeatable.",
        "list",
        "NAME",
        in_pytest="A fault of the built-in mock; repeatable.",
    ),
    EndpointOption("region", "A region that the endpoint accepts.", metavar="ID", default=""),
    EndpointOption(
        "body",
        "The formats to ask for.",
        metavar="json|xml|both",
        default="both",
        choices=("json", "xml", "both"),
    ),
    EndpointOption(
        "rate",
        "Maximum number of calls a second.",
        "number",
        "N",
        in_pytest="Maximum number of calls a second, in each worker.",
    ),
    EndpointOption(
        "timeout",
        "How long a call may take, in seconds.",
        "number",
        "SECONDS",
        15.0,
        least=LEAST_SECONDS,
        most=86_400,
    ),
    EndpointOption(
        "time-limit",
        "Maximum time of the run, in seconds.",
        "number",
        "SECONDS",
        60.0,
        least=LEAST_SECONDS,
        most=31_536_000,
        in_pytest="Maximum time of a test, in seconds.",
    ),
    EndpointOption(
        "seed",
        "The same seed gives the same calls.",
        "integer",
        "N",
        in_pytest="The same seed gives the same calls; by default --hypothesis-seed, or else 0.",
    ),
    EndpointOption(
        "drawn",
        "How many random calls to make; by default as the profile of Hypothesis says.",
        "integer",
        "N",
        only_in="pytest",
    ),
    EndpointOption(
        "access-key-id",
        "Sign with this key.",
        metavar="ID",
        env="ALIBABA_CLOUD_ACCESS_KEY_ID",
    ),
    EndpointOption(
        "access-key-secret",
        "The secret of the key. Other users of this machine can read the command line, so prefer "
        "the variable.",
        metavar="SECRET",
        env="ALIBABA_CLOUD_ACCESS_KEY_SECRET",
    ),
    EndpointOption(
        "sts-token",
        "The token of a temporary key.",
        metavar="TOKEN",
        env="ALIBABA_CLOUD_SECURITY_TOKEN",
    ),
    EndpointOption("no-auth-checks", "Send no calls with wrong signatures.", "flag"),
    EndpointOption("insecure", "Do not check the server's certificate.", "flag"),
    EndpointOption("strict", "Warnings fail the run too.", "switch"),
    EndpointOption("pedantic", "Warnings and notes fail the run, and notes are shown.", "switch"),
    EndpointOption("ignore", "Switch a rule off; repeatable.", "list", "RULE[:FIELD]"),
    EndpointOption(
        "config",
        "A setting in TOML, or a settings file to use instead of the one found; repeatable.",
        "list",
        "KEY=VALUE|FILE",
    ),
    EndpointOption(
        "watch",
        "Judge the answers of these hosts that tests receive through requests, httpx, urllib3 or "
        "vcrpy; with =warn, only warn.",
        metavar="HOST[,HOST][=warn]",
        only_in="pytest",
    ),
)
ENDPOINT_OPTIONS: Final = {each.name: each for each in OPTIONS}
