"""The words by which pages of this family name their parts, in Chinese and English."""

import re
from typing import Final

NAME_COLUMNS: Final = frozenset({"名称", "参数", "参数名称", "Name", "Parameter"})
TYPE_COLUMNS: Final = frozenset({"类型", "数据类型", "Type"})
PLACE_COLUMNS: Final = frozenset({"位置", "Position", "In", "Location"})
REQUIRED_COLUMNS: Final = frozenset({"是否必选", "是否必须", "是否必填", "Required"})
EXAMPLE_COLUMNS: Final = frozenset({"示例值", "示例", "Example", "Sample value"})
DESCRIPTION_COLUMNS: Final = frozenset({"描述", "说明", "Description"})

PLACES: Final = frozenset({"path", "query", "header", "body"})
LIST_TYPE: Final = re.compile(
    r"^(?:array|list)\b(?:\s+of\s+|\s*[<(\[]\s*)?(\w*)|^(\w+)\s*\[\]$", re.IGNORECASE
)

YES: Final = frozenset({"是", "Yes", "yes", "true"})

RESPONSE_HEADING: Final = re.compile(
    r"返回(数据|参数|结果)|响应(参数|数据|结果)|[Rr]esponse (parameters|elements|data)"
)

EMPTY: Final = re.compile(r"为空|空值|\bempty\b")
UNITS: Final = (
    (re.compile(r"毫秒|\bmilliseconds?\b"), "milliseconds"),
    (re.compile(r"秒|\bseconds?\b"), "seconds"),
)
COMMA_SEPARATED: Final = re.compile(r"逗号.{0,12}分隔|separated by commas|comma-separated")

SYNTAX_HEADING: Final = re.compile(r"语法|[Ss]yntax")  # a block there shows types, no values
REQUEST_LINE: Final = re.compile(r"^\s*(GET|HEAD|POST|PUT|DELETE|PATCH)\s+(/\S*)")
PLACEHOLDER: Final = re.compile(r"[\[{]([A-Za-z_][A-Za-z0-9_]*)[\]}]")
ENUM_BULLET: Final = re.compile(r"^([A-Za-z][A-Za-z0-9_-]*)\s*[：:]\s*(.*)$", re.DOTALL)
QUALIFIED: Final = re.compile(r"[（(]([^（()）]+)[)）]")  # the "(batch job)" of a meaning
END_OF_SENTENCE: Final = "。.;； \n"
OPERATION_NAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9]*")
API_NAME: Final = re.compile(r"[?&#]api=([A-Za-z][A-Za-z0-9]*)")
ACTION: Final = re.compile(r"[?&]Action=([A-Za-z][A-Za-z0-9]*)")
MESSAGE_HEAD: Final = re.compile(r"\A\s*HTTP/[0-9.]+ [0-9]{3}[^\n]*\n(?:[A-Za-z-]+:[^\n]*\n)*\s*")
API_VERSION: Final = re.compile(r"[?&#]version=(\d{4}-\d{2}-\d{2})")
