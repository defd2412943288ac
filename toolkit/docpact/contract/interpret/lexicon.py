"""The words by which pages of this family name their parts and state constraints."""

import re
from collections.abc import Iterator, Set
from typing import Final

from docpact.contract.constraints import (
    Condition,
    Constraints,
    Echo,
    Implication,
    Separated,
    Test,
)
from docpact.contract.kinds import Kind
from docpact.contract.model import Answer, EnumValue, Field, Parameter, Place
from docpact.core.span import Grade, Origin


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split("|"))


# Titles of columns, in small letters and without marks: see `column_title`.
NAME_COLUMNS: Final = _words(
    "名称|参数|参数名称|参数名|字段|字段名称|字段名|属性|属性名|name|parameter|field|attribute|property"
    "|element|parameter name|field name|attribute name"
)
TYPE_COLUMNS: Final = _words(
    "类型|数据类型|参数类型|字段类型|type|data type|parameter type|field type"
)
PLACE_COLUMNS: Final = _words("位置|参数位置|position|in|location")
REQUIRED_COLUMNS: Final = _words(
    "是否必选|是否必须|是否必填|是否必需|必选|必填|必须|必需|required|mandatory"
)
EXAMPLE_COLUMNS: Final = _words(
    "示例值|示例|样例|样例值|举例|example|sample|example value|sample value|examples"
)
DESCRIPTION_COLUMNS: Final = _words(
    "描述|说明|含义|参数说明|参数描述|备注|description|remarks|meaning"
)
_MARKS_OF_TITLE: Final = " \t\n*?？:：。."

PLACES: Final = frozenset({"path", "query", "header", "body"})

YES: Final = _words("是|yes|y|true|required|必选|必填|必须|必需|√|✓|✔")
NO: Final = _words("否|no|n|false|optional|not required|可选|选填|非必选|非必填|非必须|×|✗|✘|-|无|")

# What a heading says about a table below it; the first that fits counts.
OTHER_HEADING: Final = re.compile(
    r"示例|样例|语法|错误|异常|返回头|响应头|\bexamples?\b|\bsamples?\b|\bsyntax\b|\berrors?\b"
    r"|\bstatus codes?\b|\bresponse headers?\b",
    re.IGNORECASE,
)
REQUEST_HEADING: Final = re.compile(
    r"请求|入参|输入参数|(路径|查询|Query|Path|Body|Header)\s*参数|\brequests?\b|\binput"
    r"|^\s*parameters?\s*$|\b(path|query|body|header|form) parameters?\b",
    re.IGNORECASE,
)
RESPONSE_HEADING: Final = re.compile(
    r"返回|响应|出参|输出|\bresponses?\b|\breturn(s|ed)?\b|\boutputs?\b|\bresults?\b",
    re.IGNORECASE,
)
PLACE_HEADINGS: Final = (
    ("path", re.compile(r"路径|\bpath\b", re.IGNORECASE)),
    ("query", re.compile(r"查询参数|\bquery\b", re.IGNORECASE)),
    ("header", re.compile(r"请求头|\bheaders?\b", re.IGNORECASE)),
    ("body", re.compile(r"请求体|表单|\bbody\b|\bform\b|\bformdata\b", re.IGNORECASE)),
)

EMPTY: Final = re.compile(
    r"(?<![不非])(?<!不[能可得])(?<!不允许)(?<!不可以)为空|(?<!非)空值"
    r"|(?<!not )(?<!not be )(?<!non-)(?<!never )\bempty\b"
)
UNITS: Final = (
    (re.compile(r"毫秒|\bmilliseconds?\b"), "milliseconds"),
    (re.compile(r"秒|\bseconds?\b"), "seconds"),
)
COMMA_SEPARATED: Final = re.compile(r"逗号.{0,12}分隔|separated by commas|comma-separated")

SYNTAX_HEADING: Final = re.compile(r"语法|[Ss]yntax")  # a block there shows types, no values
REQUEST_LINE: Final = re.compile(
    r"^\s*(GET|HEAD|POST|PUT|DELETE|PATCH)\s+(?:https?(?:\(s\))?://[^/\s]+)?(/\S*)"
)
ENUM_BULLET: Final = re.compile(
    r"^(?!Note\b|Notice\b|Important\b)([A-Za-z0-9][A-Za-z0-9_.-]*)"
    r"\s*(?:[：:](?!//)\s*(.*)|[（(]([^（()）]+)[)）][。.;；]?)$",
    re.DOTALL,
)
BARE_BULLET: Final = re.compile(r"^[A-Za-z0-9][A-Za-z0-9_.-]*$")
ANNOUNCES_VALUES: Final = re.compile(
    r"取值|枚举值|可选值|可能值|有效值|\b(valid|possible|allowed|permitted|supported) values?\b"
    r"|\bvalues?:\s*$|\bone of\b",
    re.IGNORECASE,
)
QUALIFIED: Final = re.compile(r"[（(]([^（()）]+)[)）]")  # the "(batch job)" of a meaning
NO_QUALIFIERS: Final = _words(
    "默认|默认值|推荐|default|the default|default value|recommended|deprecated"
)
END_OF_SENTENCE: Final = "。.;； \n"
LONE_REQUEST_LINE: Final = re.compile(
    r"(?:GET|HEAD|POST|PUT|DELETE|PATCH)\s+(?:https?(?:\(s\))?://[^/\s]+)?/\S*(?:\s+HTTPS?\S*)?"
)
CAMEL_NAME: Final = re.compile(
    r"(?<![A-Za-z0-9])(?=[A-Za-z0-9]*(?:[a-z0-9][A-Z]|[A-Z]{2}[a-z]))[A-Z][A-Za-z0-9]*"
)
OPERATION_NAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9]*")
API_NAME: Final = re.compile(r"[?&#]api=([A-Za-z][A-Za-z0-9]*)")
ACTION: Final = re.compile(r"[?&]Action=([A-Za-z][A-Za-z0-9]*)")
MESSAGE_HEAD: Final = re.compile(r"\A\s*HTTP/[0-9.]+ [0-9]{3}[^\n]*\n(?:[A-Za-z-]+:[^\n]*\n)*\s*")
API_VERSION: Final = re.compile(r"[?&#]version=(\d{4}-\d{2}-\d{2})")


def column_title(text: str) -> str:
    """The title of a column without what its markup and punctuation add."""
    return " ".join(text.strip(_MARKS_OF_TITLE).lower().split())


def place_named(text: str) -> str:
    """Where the words of a page say that a parameter travels, or nothing."""
    found = (place for place, pattern in PLACE_HEADINGS if pattern.search(text))
    return next(found, "")


_Named = tuple[str, Field]  # a field with its dotted path

# An item of a list has an id and a name of its own, whatever the path calls so.
_OWN_OF_ITEMS = frozenset({"id", "name", "key", "type", "kind", "status", "state", "version"})


def constraints_in(answer: Answer, parameters: tuple[Parameter, ...]) -> Constraints:
    """The constraints that the page's own text gives rise to."""
    named = [(".".join(path), field) for path, field in answer.walk()]
    return Constraints(
        implications=tuple(_qualified_values(named)),
        echoes=tuple(_echoes(named, parameters, {".".join(each) for each, _ in answer.lists()})),
        separated=tuple(_lists(named)),
    )


def _qualified_values(named: list[_Named]) -> Iterator[Implication]:
    """A value's "(batch job)" ties it to the value of another field that means a batch job."""
    for path, field in named:
        for value in field.values:
            qualifier = QUALIFIED.search(value.meaning)
            if qualifier and qualifier[1].strip().lower() not in NO_QUALIFIERS:
                yield from _ties(path, value, qualifier[1].strip(), named)


def _ties(
    path: str, value: EnumValue, qualifier: str, named: list[_Named]
) -> Iterator[Implication]:
    for other_path, other in named:
        values = tuple(each.value for each in other.values if each.meaning == qualifier)
        if not values or other_path == path:
            continue
        yield Implication(
            id=f"{path.rpartition('.')[2]}-{value.value}-{other.name}".lower(),
            when=Condition(path, Test.ONE_OF, (value.value,)),
            then=Condition(other_path, Test.ONE_OF, values),
            because=f"the page gives {value.value} to {' and '.join(values)} only",
            origin=_implied(value.origin),
        )


def _echoes(
    named: list[_Named], parameters: tuple[Parameter, ...], lists: Set[str]
) -> Iterator[Echo]:
    """A field with the name of a path parameter repeats it."""
    in_path = [each for each in parameters if each.place is Place.PATH]
    for path, field in named:
        if field.name.lower() in _OWN_OF_ITEMS and _is_within(path, lists):
            continue
        for parameter in in_path:
            if field.name.lower() == parameter.name.lower():
                yield Echo(
                    id=f"echo-{field.name}".lower(),
                    field=path,
                    parameter=parameter.name,
                    unless=(),
                    origin=_implied(field.origin),
                )


def _is_within(path: str, lists: Set[str]) -> bool:
    steps = path.split(".")
    return any(".".join(steps[:length]) in lists for length in range(1, len(steps)))


def _lists(named: list[_Named]) -> Iterator[Separated]:
    for path, field in named:
        if field.kind is Kind.STRING and COMMA_SEPARATED.search(field.description):
            yield Separated(f"list-{field.name}".lower(), path, ",", (), _implied(field.origin))


def _implied(origin: Origin) -> Origin:
    return Origin(origin.span, Grade.IMPLIED, origin.quote)
