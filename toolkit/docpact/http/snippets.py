"""A request as code: for the shell, for the vendor's SDK, for httpx.

No snippet contains a secret; all read the key from the environment, as the vendor's own tools do.
"""

import shlex
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import urlsplit

from docpact.contract import Operation
from docpact.contract.path_template import (
    PathTemplate,
    encoded_segment,
    format_instance_reference,
)
from docpact.core.exchange import SECRET_HEADERS, Request, header
from docpact.http.signing import DEFAULT_ACCEPT, WrongSignature, resource_of

KEY_ID: Final = "ALIBABA_CLOUD_ACCESS_KEY_ID"
KEY_SECRET: Final = "ALIBABA_CLOUD_ACCESS_KEY_SECRET"  # noqa: S105  # the name of a variable
TOKEN: Final = "ALIBABA_CLOUD_SECURITY_TOKEN"  # noqa: S105  # the same
_SIGNED_ANEW: Final = SECRET_HEADERS | {"date", "x-acs-date", "x-acs-signature-nonce"}
_TOKEN_OPTION: Final = f'${{{TOKEN}:+--header "x-acs-security-token: ${TOKEN}"}}'


@dataclass(frozen=True, slots=True)
class SdkCall:
    """A call as the vendor's SDK takes it."""

    parameters: Mapping[str, str]  # those of the path, by name, decoded
    path: str  # with placeholders as in "/projects/{projectName}"
    format: str = ""  # "JSON" or "XML"; the SDK's own choice if there is none
    region: str = ""


def curl(
    url: str,
    request: Request,
    *,
    signed: bool,
    version: str = "",
    wrong: WrongSignature | None = None,
) -> str:
    """Commands for any POSIX shell that make the call with curl, signed by openssl.

    `version` is that of the API, which a signed request names.
    """
    request = _prepared(request, version) if signed else _without(request, SECRET_HEADERS)
    options = ["--silent --show-error --include --path-as-is --globoff", *_method(request)]
    if header(request.headers, "Accept") is None:
        options.append("--header 'Accept:'")
    for name, value in request.headers:
        options.append(f"--header {shlex.quote(f'{name}: {value}' if value else f'{name};')}")
    if signed:
        options += [
            '--header "Date: $date"',
            '--header "x-acs-signature-nonce: $nonce"',
            _TOKEN_OPTION,
            f'--header "Authorization: acs ${KEY_ID}:$signature"',
        ]
    prefix = urlsplit(url).path.rstrip("/")
    base = url.rstrip("/")
    if not _is_plain(request.target):  # curl would mend it
        options.append(f"--request-target {shlex.quote(prefix + request.target)}")
        address = shlex.quote(f"{base}/")
    else:
        address = shlex.quote(base + request.target)
    call = " \\\n  ".join(["curl", *options, address])
    steps = [*_signing(request, prefix, wrong or WrongSignature()), call] if signed else [call]
    return "\n".join(steps) + "\n"


def sdk_can_make(operation: Operation) -> bool:
    """Whether the vendor's SDK has the operation that its code below is about."""
    return (operation.name, operation.version) == ("GetInstance", "2018-11-11")


def python_sdk(url: str, call: SdkCall) -> str:
    """Python code that makes the call with the vendor's aliyun-python-sdk-foas.

    That one always signs and always sends a region.
    """
    split = urlsplit(url)
    prefix = split.path.rstrip("/")
    lines = [
        "# pip install aliyun-python-sdk-core aliyun-python-sdk-foas",
        "import os",
        "",
        "from aliyunsdkcore.client import AcsClient",
        "from aliyunsdkfoas.request.v20181111.GetInstanceRequest import GetInstanceRequest",
        "",
        *_reading_the_key("the SDK signs every call"),
        "client = AcsClient(",
        "    key_id,",
        "    key_secret,",
        f"    {_literal(call.region or 'cn-hangzhou')},",
        ")",
        "request = GetInstanceRequest()",
        f"request.set_endpoint({_literal(split.netloc)})",
        f"request.set_protocol_type({_literal(split.scheme)})",
    ]
    if prefix:
        template = PathTemplate.parse(call.path)
        pattern = prefix + template.fill_encoded(f"[{each}]" for each in template.names)
        lines.append(f"request.set_uri_pattern({_literal(pattern)})")
    for name, value in call.parameters.items():
        # The SDK puts them into the path as they are.
        segment = encoded_segment(value)
        lines.append(f"request.add_path_param({_literal(name)}, {_literal(segment)})")
    if call.format:
        lines.append(f"request.set_accept_format({_literal(call.format)})")
        lines.append(f'request.add_query_param("Format", {_literal(call.format)})')
    lines.append("print(client.do_action_with_exception(request).decode())")
    return "\n".join(lines) + "\n"


def httpx_code(url: str, request: Request, *, signed: bool, version: str = "") -> str:
    """Python code that makes the call with httpx, signed by docpact if `signed`."""
    prefix = urlsplit(url).path.rstrip("/")
    request = _without(request, _SIGNED_ANEW if signed else SECRET_HEADERS)
    target = prefix + request.target
    if signed:
        lines = [
            "# pip install httpx docpact",
            "import os",
            "",
            "import httpx",
            "",
            "from docpact.core.exchange import Request",
            "from docpact.http.signing import Key, signed",
            "",
            *_reading_the_key("the call is signed"),
            f'key = Key(key_id, key_secret, os.environ.get("{TOKEN}", ""))',
            "request = Request(",
            f"    {_literal(request.method)},",
            f"    {_literal(target)},",
            f"    {_literal(request.headers)},",
            ")",
            f"request = signed(request, key, version={_literal(version)})",
        ]
        method, headers, sent = "request.method", "request.headers", "request.target.encode()"
    else:
        lines = ["# pip install httpx", "import httpx", ""]
        method, headers = _literal(request.method), _literal(request.headers)
        sent = f"{_literal(target)}.encode()"
    return "\n".join(
        [
            *lines,
            "with httpx.Client() as client:",
            "    response = client.request(",
            f"        {method},",
            f"        {_literal(url)},",
            f"        headers={headers},",
            f'        extensions={{"target": {sent}}},  # sent unchanged',
            "    )",
            "print(response.status_code)",
            "print(response.text)\n",
        ]
    )


def _reading_the_key(reason: str) -> Iterator[str]:
    """Code that reads the key from the environment, or says that it is missing."""
    yield f'key_id = os.environ.get("{KEY_ID}")'
    yield f'key_secret = os.environ.get("{KEY_SECRET}")'
    yield "if not key_id or not key_secret:"
    yield f'    raise SystemExit("{reason}: set {KEY_ID} and {KEY_SECRET}")'


_OPTIONS: Final = ("--body", "--accept", "--region", "--contract")


def call_line(  # noqa: PLR0913  # one for each option
    url: str,
    values: Sequence[str],
    *,
    body: str = "",
    accept: str = "",
    region: str = "",
    contract: str = "",
) -> str:
    """The command line of docpact that makes the call; `values` are those of the path."""
    words = ["docpact", "call", url]
    given = (body, accept, region, contract)
    for option, value in zip(_OPTIONS, given, strict=True):
        if value:
            words.append(f"{option}={value}")
    reference = format_instance_reference(values)
    # What begins with a dash would be taken for an option.
    return shlex.join([*words, f"%2D{reference[1:]}" if reference.startswith("-") else reference])


def _prepared(request: Request, version: str) -> Request:
    """The request with all that a signature covers, except date and nonce."""
    kept = _without(request, _SIGNED_ANEW).headers
    added = (
        ("Accept", DEFAULT_ACCEPT),
        ("x-acs-signature-method", "HMAC-SHA1"),
        ("x-acs-signature-version", "1.0"),
        ("x-acs-version", version),
    )
    missing = ((name, value) for name, value in added if value and header(kept, name) is None)
    return Request(request.method, request.target, (*kept, *missing))


def _without(request: Request, names: Set[str]) -> Request:
    headers = tuple(each for each in request.headers if each[0].lower() not in names)
    return replace(request, headers=headers)


def _signing(request: Request, prefix: str, wrong: WrongSignature) -> Iterator[str]:
    """The commands that compute date, nonce and signature."""
    firsts = [
        shlex.quote(request.method),
        *(
            shlex.quote(header(request.headers, each) or "")
            for each in ("Accept", "Content-MD5", "Content-Type")
        ),
        '"$date"',
    ]
    yield "date=$(LC_ALL=C date -u '+%a, %d %b %Y %H:%M:%S GMT')"
    yield "nonce=$(openssl rand -hex 16)"
    yield "signature=$({"
    yield f"  printf '%s\\n' {' '.join(firsts)}"
    for name, line in _covered(request):
        guard = f'[ -z "${{{TOKEN}-}}" ] || ' if name == "x-acs-security-token" else ""
        yield f"  {guard}printf '%s\\n' {line}"
    target = request.target.partition("?")[0] if wrong.leaves_out_query else request.target
    yield f"  {_printing(resource_of(prefix + target))}"
    secret = shlex.quote(wrong.secret) if wrong.secret else f'"${KEY_SECRET}"'
    yield f"}} | openssl dgst -sha1 -hmac {secret} -binary | openssl base64 -A)"
    if wrong.ending:
        yield f"signature=${{signature%{'?' * len(wrong.ending)}}}{wrong.ending}"


def _covered(request: Request) -> list[tuple[str, str]]:
    """The headers that are signed, in their order, each as a word of the shell."""
    named = {
        name.lower(): shlex.quote(f"{name.lower()}:{value.strip()}")
        for name, value in request.headers
        if name.lower().startswith("x-acs-")
    }
    named["x-acs-signature-nonce"] = '"x-acs-signature-nonce:$nonce"'
    named["x-acs-security-token"] = f'"x-acs-security-token:${TOKEN}"'
    return sorted(named.items())


def _method(request: Request) -> list[str]:
    if request.method == "GET":
        return []
    return ["--head"] if request.method == "HEAD" else [f"--request {shlex.quote(request.method)}"]


def _is_plain(target: str) -> bool:
    visible = all("!" <= each <= "~" for each in target)
    return visible and target.startswith("/") and "#" not in target


def _printing(text: str) -> str:
    """A command that prints exactly the text; a word of the shell cannot contain every byte."""
    if text.isprintable():
        return f"printf '%s' {shlex.quote(text)}"
    data = text.encode("utf-8", "surrogateescape")
    escaped = "".join(
        chr(byte) if 0x20 <= byte < 0x7F and byte != 0x5C else f"\\0{byte:03o}"  # noqa: PLR2004  # ASCII, except the backslash
        for byte in data
    )
    return f"printf '%b' {shlex.quote(escaped)}"


def _literal(value: object) -> str:
    """The value as Python writes it, with double quotes where that is simple."""
    plain = repr(value)
    if isinstance(value, str) and '"' not in value and "\\" not in plain and "'" not in value:
        return f'"{value}"'
    return plain
