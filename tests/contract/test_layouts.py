"""One page in many layouts: however it is written, it is the same contract."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docpact.contract.interpret import interpret
from docpact.core.errors import UnreadablePage
from docpact.page import read

JSON = '{\n  "RequestId": "A1",\n  "Lamps": {"Lamp": [{"Id": 7, "State": "ON"}]},\n  "Total": 1\n}'
LISTED = "The state:\n\n -   ON: shines.\n-   OFF: dark. |"
REQUEST_HEAD = "|Parameter|Type|Required|Example|Description|"
HEAD = "|Parameter|Type|Example|Description|"
PAGE = f"""# ListLamps

Lists the lamps of a shop.

## Request syntax

```
GET /api/v1/shops/[shop]/lamps HTTP/1.1
```

## Request parameters

{REQUEST_HEAD}
|---------|----|--------|-------|-----------|
|shop|String|Yes|shop1|The shop. |
|limit|Integer|No|10|How many. |

## Response parameters

{HEAD}
|---------|----|-------|-----------|
|RequestId|String|A1|The call. |
|Lamps|Array of Lamp| |The lamps. |
|Lamp| | | |
|Id|Long|7|The id. |
|State|String|ON|{LISTED}
|Total|Integer|1|How many there are. |

## Examples

Sample request

```
/api/v1/shops/shop1/lamps?limit=10
```

Sample success response

`XML` format

```
<ListLampsResponse>
<RequestId>A1</RequestId>
<Lamps><Lamp><Id>7</Id><State>ON</State></Lamp></Lamps>
<Total>1</Total>
</ListLampsResponse>
```

`JSON` format

```
{JSON}
```
"""
ROWS = PAGE[PAGE.index(HEAD) : PAGE.index("\n\n## Examples")]
HTML = """<table>
<thead><tr><th>Parameter</th><th>Type</th><th>Example</th><th>Description</th></tr></thead>
<tr><td>RequestId</td><td>String</td><td>A1</td><td>The call.</td></tr>
<tr><td>Lamps</td><td>Array of Lamp</td><td></td><td>The lamps.</td></tr>
<tr><td>Lamp</td><td></td><td></td><td></td></tr>
<tr><td><p>Id</p></td><td>Long</td><td>7</td><td>The id.</td></tr>
<tr>
<td><b>State</b></td>
<td>String</td>
<td>ON</td>
<td><p>The state:</p><ul><li>ON: shines.</li><li>OFF: dark.</li></ul></td>
</tr>
<tr><td>Total</td><td>Integer</td><td>1</td><td>How many there are.</td></tr>
</table>"""


def facts(text):
    """What a page says, without lines, descriptions and what told where a field belongs."""
    contract = interpret(read(text, "ListLamps.md"))
    operation = contract.operation
    return {
        "call": (operation.name, operation.method, operation.path),
        "parameters": [
            (each.name, each.place, each.kind, each.required, each.example)
            for each in operation.parameters
        ],
        "fields": [
            (path, each.kind, each.repeated, each.example, [value.value for value in each.values])
            for path, each in contract.success.walk()
        ],
        "root": contract.success.root,
    }


def changed(*pairs):
    """The page with passages replaced; each of them must be there."""
    text = PAGE
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new)
    return text


def headed(request, response):
    """The page with other headings."""
    return changed(("## Request parameters", request), ("## Response parameters", response))


def titled(request, response):
    """The page with other titles of columns."""
    return changed((REQUEST_HEAD, request), (HEAD, response))


def required(yes, no):
    """The page with other words for yes and no."""
    return changed(("|Yes|", f"|{yes}|"), ("|No|", f"|{no}|"))


def nested(first, second):
    """The page with markers in place of the row that heads the items."""
    return changed(("|Lamp| | | |\n", ""), ("|Id|", f"|{first}|"), ("|State|", f"|{second}|"))


def with_json(text):
    """The page with another JSON sample."""
    return changed((JSON, text))


def without_outer_pipes():
    """The page with rows as GitHub allows them."""
    text = changed((LISTED, "The state:<br>- ON: shines.<br>- OFF: dark. |"))
    lines = [line[1:].removesuffix("|") if line[:1] == "|" else line for line in text.split("\n")]
    return "\n".join(lines)


LAYOUTS = {
    "carriage returns": PAGE.replace("\n", "\r\n"),
    "old line ends": PAGE.replace("\n", "\r"),
    "byte order mark": f"\ufeff{PAGE}",
    "odd blanks in cells": changed(
        ("|String|", "|\u00a0String\u3000|"), ("|Yes|", "|\tYes\u00a0|")
    ),
    "deeper headings": PAGE.replace("## ", "### "),
    "headings of one level": PAGE.replace("## ", "# "),
    "title case": headed("## Request Parameters", "## Response Parameters"),
    "capitals": headed("## REQUEST PARAMETERS", "## RESPONSE PARAMETERS"),
    "bold lines for headings": headed("**Request parameters**", "**Response parameters**"),
    "underlined": headed("Request parameters\n---", "Response parameters\n==="),
    "HTML headings": headed("<h2>Request parameters</h2>", "<h3 id='a'>Response parameters</h3>"),
    "plain headings": headed("## Parameters", "## Response"),
    "returned": headed("## Input parameters", "## Returned data"),
    "return values": headed("## Query parameters", "## Return values"),
    "output": headed("## Request", "## Output parameters"),
    "results": headed("## 请求参数", "## 返回结果"),
    "入参": headed("## 入参", "## 出参"),
    "返回值": headed("## 请求参数说明", "## 返回值"),
    "响应体参数": headed("## 输入参数", "## 响应体参数"),
    "small titles": titled(REQUEST_HEAD.lower(), HEAD.lower()),
    "bold titles": titled(REQUEST_HEAD.replace("Type", "**Type**"), HEAD.replace("Type", "*Type*")),
    "long titles": titled(
        "|Parameter name|Data type|Mandatory|Example value|Description|",
        "|Field|Data type|Sample value|Meaning|",
    ),
    "备注": titled("|Name|Type|Required|Sample|Remarks|", "|Name|Type|Sample|备注|"),
    "名称": titled("|名称|类型|是否必选|示例值|描述|", "|名称|类型|示例值|描述|"),
    "字段": titled("|参数名|参数类型|必填|示例|说明|", "|字段名称|数据类型|样例|含义|"),
    "true": required("true", "false"),
    "YES": required("YES", "NO"),
    "是": required("是", "否"),
    "必选": required("必选", "可选"),
    "a mark": required("√", "×"),
    "a full stop": required("**是**。", "否。"),
    "optional": required("Required", "Optional"),
    "bold names": changed(("|shop|", "|**shop**|"), ("|Id|", "|`Id`|")),
    "linked types": changed(("|Long|", "|[Long](#long)|")),
    "an anchor": changed(("|Id|", '|<a name="id"></a>Id|')),
    "a footnote": changed(("|Id|", "|Id\\*|"), ("|State|", "|State<sup>1</sup>|")),
    "another footnote": changed(("|Id|", "|Id[^1]|"), ("|State|", "|State:|")),
    "paragraphs": changed(("|Long|", "|<p>Long</p>|"), ("The shop.", "<p>The</p><p>shop.</p>")),
    "breaks": changed((LISTED, "The state:<br>- ON: shines.<br/>- OFF: dark. |")),
    "dots": changed((LISTED, "The state:<br>• ON: shines.<br>•OFF: dark. |")),
    "an HTML list": changed((LISTED, "The state:<ul><li>ON: shines.</li><li>OFF: dark.</ul> |")),
    "full-width colons": changed(("ON: ", "ON：")),
    "in brackets": changed((LISTED, "The state:\n\n -   ON (shines)\n-   OFF (dark) |")),
    "no outer pipes": without_outer_pipes(),
    "a quotation": "\n".join(f"> {line}" if line[:1] == "|" else line for line in PAGE.split("\n")),
    "small types": changed(("|String|", "|string|"), ("|Long|", "|long|"), ("|Integer|", "|int|")),
    "sized types": changed(("|Long|", "|int64|"), ("|Integer|", "|int32|")),
    "Lamp[]": changed(("|Array of Lamp|", "|Lamp[]|")),
    "List<Lamp>": changed(("|Array of Lamp|", "|List&lt;Lamp&gt;|")),
    "a type for items": changed(("|Array of Lamp|", "|array|"), ("|Lamp| |", "|Lamp|object|")),
    "branches": nested("└Id", "└State"),
    "drawn branches": nested("├─ Id", "└─ State"),
    "blanks and branches": nested("&nbsp;&nbsp;└ Id", "&nbsp;&nbsp;└ State"),
    "dashes": nested("- Id", "- State"),
    "double dashes": nested("--Id", "--State"),
    "bullets": nested("• Id", "· State"),
    "arrows": nested(">Id", ">State"),
    "blanks": nested("&emsp;&emsp;Id", "\u3000\u3000State"),
    "full names": nested("Lamps.Lamp.Id", "Lamps.Lamp.State"),
    "numbered names": nested("Lamps.Lamp.N.Id", "Lamps.Lamp.N.State"),
    "bracketed names": nested("Lamps.Lamp[].Id", "Lamps.Lamp[].State"),
    "an info string": with_json(JSON).replace("```\n{", "```json\n{"),
    "tildes": PAGE.replace("```", "~~~"),
    "indented code": changed((f"```\n{JSON}\n```", "    " + JSON.replace("\n", "\n    "))),
    "no fence": changed((f"```\n{JSON}\n```", JSON)),
    "details": changed(
        ("`JSON` format\n", "<details><summary>JSON</summary>\n"),
        (f"{JSON}\n```", f"{JSON}\n```\n</details>"),
    ),
    "a diagnostic above": with_json(f"// an answer\n{JSON}"),
    "a diagnostic within": with_json(JSON.replace('"A1",', '"A1", // the call')),
    "a diagnostic in signs": with_json(JSON.replace('"A1",', '"A1", /* the call */')),
    "an ellipsis": with_json(JSON.replace("}]}", "}, ...]}")),
    "a trailing comma": with_json(JSON.replace('"Total": 1', '"Total": 1,')),
    "a missing comma": with_json(JSON.replace('"A1",', '"A1"')),
    "a missing end": with_json(JSON.removesuffix("}")),
    "single quotes": with_json(JSON.replace('"A1"', "'A1'")),
    "curly quotes": with_json(JSON.replace('"A1"', "“A1”")),
    "odd blanks in JSON": with_json(JSON.replace("  ", "\u00a0\u3000")),
    "a declaration": changed(
        ("<ListLampsR", '<?xml version="1.0" encoding="UTF-8"?>\n<ListLampsR')
    ),
    "a broken declaration": changed(("<ListLampsR", '<? xml version="1.0" ? >\n<ListLampsR')),
    "a namespace": changed(("<ListLampsResponse>", '<ListLampsResponse xmlns="urn:lamps">')),
    "a prefix": changed(
        ("<ListLampsResponse>", '<a:ListLampsResponse xmlns:a="urn:lamps">'),
        ("</ListLampsResponse>", "</a:ListLampsResponse>"),
    ),
    "character data": changed(("<RequestId>A1<", "<RequestId><![CDATA[A1]]><")),
    "a cut end": changed(("\n</ListLampsResponse>", "")),
    "a wrong end tag": changed(("</Id>", "</id>")),
    "a message": with_json(f"HTTP/1.1 200 OK\nContent-Type:application/json\n\n{JSON}"),
    "braces in the path": changed(("[shop]", "{shop}")),
    "angles in the path": changed(("[shop]", "<shop>")),
    "a colon in the path": changed(("[shop]", ":shop")),
    "a dollar in the path": changed(("[shop]", "${shop}")),
    "a bare word in the path": changed(("[shop]", "shop")),
    "a query in the path": changed(("lamps HTTP", "lamps?limit=[limit] HTTP")),
    "a host before the path": changed(("GET /", "GET https://lamps.example.com/")),
    "the path in a sentence of its own": changed(
        ("```\nGET", "GET"), ("HTTP/1.1\n```", "HTTP/1.1")
    ),
    "an HTML table": changed((ROWS, HTML)),
}


@pytest.mark.parametrize("text", LAYOUTS.values(), ids=LAYOUTS)
def test_a_layout_does_not_change_the_contract(text):
    """What people read alike is one contract."""
    assert facts(PAGE) == facts(text)


@pytest.mark.parametrize("media", ["XML", "JSON"])
def test_one_sample_is_enough(media):
    """Either sample shows the form of a list, though it has only one item."""
    start = PAGE.index("`XML` format") if media == "JSON" else PAGE.index("`JSON` format")
    end = PAGE.index("`JSON` format") if media == "JSON" else len(PAGE)
    assert facts(PAGE)["fields"] == facts(PAGE[:start] + PAGE[end:])["fields"]


def test_columns_may_come_in_any_order():
    """The titles of columns say which is which."""
    lines = [
        "|Description|Type|Example|Name|Required|",
        "|--|--|--|--|--|",
        "|The shop. |String|shop1|shop|Yes|",
        "|How many. |Integer|10|limit|No|",
    ]
    start, end = PAGE.index(REQUEST_HEAD), PAGE.index("\n\n## Response")
    assert facts(PAGE) == facts(PAGE[:start] + "\n".join(lines) + PAGE[end:])


def test_a_cut_page_is_read_as_far_as_it_goes():
    """A last table that breaks off is a problem of its own and takes nothing with it."""
    text = f"{PAGE}\n## Error codes\n\n|Error code|Message|\n|--|--|\n|NoShop|no sh"
    assert facts(PAGE) == facts(text)
    assert ["row-does-not-add-up"] == [each.kind for each in read(text, "x.md").problems]


PIECES = (
    *("|", "\n", "```", "{", "}", "[", "]", '"', ",", ":", "\\", "`", "└", "- ", "# ", "**", "（"),
    *("<A>", "</A>", "</a:>", "<x:/>", "<!--", "-->", "<br>", "<li>", "&nbsp;", "...", ".N.", "[]"),
    *("<table>", "</table>", "<tr>", "<td rowspan=3 colspan=2>", "|--|--|\n", "a | b\n--|--\n"),
    *("---\n", "===\n", "> |", "\ufeff", "\u3000", "Map", "](#x)", "## Response parameters\n"),
    *("|Name|Type|Description|\n", "| |Array| |\n", "Lamp\n\n", "# GetLamp\n"),
)
edits = st.tuples(st.floats(0, 1), st.integers(0, 60), st.sampled_from(PIECES))


@given(text=st.sampled_from(sorted(LAYOUTS.values())), edits=st.lists(edits, max_size=8))
def test_any_page_compiles_or_is_refused(text, edits):
    """Whatever is cut out of a page or typed into it ends in a contract or in a sentence."""
    for share, cut, piece in edits:
        at = int(share * len(text))
        text = text[:at] + piece + text[at + cut :]
    with suppress(UnreadablePage):
        contract = interpret(read(text, "Made.md"))
        assert contract.operation.name
        assert all(each.message for each in contract.doubts)
