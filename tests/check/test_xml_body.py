"""XML as a format: its syntax, its root, and everything that JSON does not have."""

import pytest
from msgspec.structs import replace

from docpact.check import Checker
from docpact.contract import Kind, load_bundled_schemas
from docpact.core.exchange import Exchange, Response, Source

MOST, LEAST = "9223372036854775807", "9223372036854775808"  # of a Long, without its sign


@pytest.mark.parametrize(
    ("body", "line"),
    [
        ("<", 1),
        ("<GetInstanceResponse>", 1),
        ("<GetInstanceResponse>\n<RequestId>a</RequestID>\n</GetInstanceResponse>", 2),
        ("<GetInstanceResponse>\n\n<RequestId>a & b</RequestId></GetInstanceResponse>", 3),
        ("<GetInstanceResponse>\n<RequestId>a < b</RequestId></GetInstanceResponse>", 2),
        ("<GetInstanceResponse>\n<RequestId>&nbsp;</RequestId></GetInstanceResponse>", 2),
        ("<GetInstanceResponse>\n<RequestId>\x01</RequestId></GetInstanceResponse>", 2),
        ("<GetInstanceResponse>\n<RequestId>&#0;</RequestId></GetInstanceResponse>", 2),
        ("<GetInstanceResponse>\n<RequestId a=1/></GetInstanceResponse>", 2),
        ("<GetInstanceResponse>\n<RequestId a='1' a='2'/></GetInstanceResponse>", 2),
        ("<GetInstanceResponse/>\nand then", 2),
        ("<GetInstanceResponse/>\n&#32;", 2),
        ("<GetInstanceResponse/>\n<![CDATA[ ]]>", 2),
        ("<GetInstanceResponse>\n<!-- a -- b -->\n</GetInstanceResponse>", 2),
    ],
)
def test_broken_syntax_is_placed(judge, body, line):
    """What is not well-formed is reported once, at its line."""
    found = judge(body)
    assert ["xml-syntax"] == found.rules
    assert line == found.only.at.line


def test_broken_syntax_has_a_column(judge):
    """The column is the one at which reading stopped, counted from 1."""
    found = judge("<GetInstanceResponse>\n  <RequestId>a & b</RequestId></GetInstanceResponse>")
    assert (2, True) == (found.only.at.line, 15 <= found.only.at.column <= 18)


def test_a_declaration_after_white_space_is_no_xml(judge, answers):
    """The XML declaration must be the very first thing."""
    assert ["xml-syntax"] == judge("\n" + answers.xml(answers.value())).rules


def test_a_declaration_is_not_needed(judge, answers):
    """A document without a declaration is as good, with white space around it too."""
    text = answers.xml(answers.value()).partition("?>")[2]
    assert [] == judge(text).rules
    assert [] == judge("\n  " + text + "\n\n").rules


@pytest.mark.parametrize(
    "markup",
    [
        "<!-- a comment -->",
        "<!-- <!DOCTYPE html> -->",
        "<?target with data?>",
        "\n\n   \n",
        "<!---->",
    ],
)
@pytest.mark.parametrize("place", ["<RequestId>", "</Instance>", "<Id>", "</GetInstanceResponse>"])
def test_comments_and_instructions_are_no_concern(judge, answers, markup, place):
    """Comments, processing instructions and white space between elements say nothing."""
    text = answers.xml(answers.value())
    assert [] == judge(text.replace(place, markup + place)).rules
    assert [] == judge(text + markup).rules


def test_a_comment_within_a_value_is_cut_out(judge, answers):
    """A value is the text that remains when comments and CDATA marks are gone."""
    text = answers.xml(answers.value())
    cut = text.replace("412536", "412<!-- ! -->536").replace("RUNNING", "RUN<?x y?>NING")
    assert [] == judge(cut).rules
    assert [] == judge(text.replace("412536", "<![CDATA[412]]>536")).rules


def test_cdata_is_text(judge, answers):
    """A CDATA section may hold what would be markup elsewhere."""
    code = "<Code><![CDATA[SELECT a < b & c FROM <x>;]]></Code>"
    assert [] == judge(answers.xml_with(code, without=["Code"])).rules


def test_predefined_and_numeric_references_are_fine(judge, answers):
    """XML's own five entities and character references need no DOCTYPE."""
    code = "<Code>&lt;&gt;&amp;&apos;&quot; &#20013;&#x6587;</Code>"
    assert [] == judge(answers.xml_with(code, without=["Code"])).rules


_LAUGHS = """<!DOCTYPE a [
<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;">
]>"""


@pytest.mark.parametrize(
    ("prolog", "line"),
    [
        ("<!DOCTYPE GetInstanceResponse>", 1),
        ("<!doctype GetInstanceResponse>", 1),
        ('<!DOCTYPE r SYSTEM "file:///etc/passwd">', 1),
        ('<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>', 1),
        ('<!DOCTYPE r [<!ENTITY % x SYSTEM "http://127.0.0.1:9/x.dtd"> %x;]>', 1),
        (_LAUGHS, 1),
        ('<?xml version="1.0"?>\n<!DOCTYPE r>', 2),
        ("<!-- one -->\n<!-- two\n -->\n<!DOCTYPE r>", 4),
        ("<!-- a - b -->\n<?x ?y?>\n<!DOCTYPE r>", 3),
        ('<?xml version="1.0"?><!---->\n<!DOCTYPE r>', 2),
        ("\n\n<!DOCTYPE r>", 3),
        ("\ufeff<!DOCTYPE r>", 1),
    ],
)
def test_a_doctype_is_refused_unread(judge, answers, prolog, line):
    """A document with a DOCTYPE is not read, wherever in the prolog it stands."""
    text = answers.xml(answers.value()).partition("?>")[2]
    found = judge(prolog + text)
    assert ["xml-doctype"] == found.rules
    assert line == found.only.at.line


@pytest.mark.parametrize("marks", [1, 2, 3])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-le", "utf-32"])
def test_byte_order_marks_hide_no_doctype(judge, marks, encoding):
    """However many byte order marks come first, no entity is ever read."""
    body = (
        '<!DOCTYPE r [<!ENTITY x "y">]>'
        "<GetInstanceResponse><RequestId>&x;</RequestId></GetInstanceResponse>"
    )
    found = judge(("\ufeff" * marks + body).encode(encoding))
    assert {"xml-doctype", "xml-syntax"} & set(found.rules)
    assert "missing-field" not in found.rules


def test_a_doctype_elsewhere_is_broken_syntax(judge, answers):
    """A DOCTYPE after the root has begun is no XML at all."""
    text = answers.xml(answers.value())
    assert ["xml-syntax"] == judge(text.replace("<Instance>", "<!DOCTYPE r><Instance>")).rules


def test_a_value_that_mentions_a_doctype_is_text(judge, answers):
    """Text is text."""
    assert [] == judge(answers.xml(answers.value({"Code": "-- <!DOCTYPE html>"}))).rules


@pytest.mark.parametrize("root", ["GetInstanceResult", "getInstanceResponse", "Response", "Errors"])
def test_a_wrong_root_is_named_and_the_rest_judged(judge, answers, root):
    """Another root is one finding, and the members are judged all the same."""
    found = judge(answers.xml(answers.value({"ActualState": "DONE"}), root))
    assert ["unknown-enum-value", "xml-wrong-root"] == found.rules
    assert root == found.of("xml-wrong-root").actual
    assert "GetInstanceResponse" in found.of("xml-wrong-root").expected
    assert 2 == found.of("xml-wrong-root").at.line


def test_the_cut_form_has_several_roots(judge, answers):
    """The page's printed form is one finding by default, and none as a fragment."""
    text = answers.xml(answers.value())
    cut = text.partition("<GetInstanceResponse>\n")[2].partition("</GetInstanceResponse>")[0]
    found = judge(cut)
    assert ["xml-several-roots"] == found.rules
    assert 2 == found.only.at.line
    assert [] == judge.fragment(cut).rules
    assert [] == judge.fragment('<?xml version="1.0"?>' + cut).rules
    assert [] == judge.fragment("<!-- c -->" + cut + "<!-- d -->").rules


def test_the_cut_form_is_judged_like_the_whole(judge, answers):
    """Values in a fragment are judged, with the fragment's own lines."""
    text = answers.xml(answers.value({"ActualState": "DONE"}))
    cut = text.partition("<GetInstanceResponse>\n")[2].partition("</GetInstanceResponse>")[0]
    found = judge.fragment(cut)
    assert ["unknown-enum-value"] == found.rules
    assert "DONE" in cut.split("\n")[found.only.at.line - 1]


def test_a_fragment_may_lack_members(judge, answers):
    """What is missing from a fragment is missing."""
    text = answers.xml(answers.value())
    instance = "<Instance>" + text.partition("<Instance>")[2].partition("</Instance>")[0]
    found = judge.fragment(instance + "</Instance>")
    assert [("missing-field", "RequestId")] == [(each.rule, each.field) for each in found.findings]


def test_a_whole_document_passes_as_a_fragment_too(judge, answers):
    """The option accepts the cut form; it does not demand it."""
    assert [] == judge.fragment(answers.xml(answers.value())).rules
    assert [] == judge.fragment(answers.xml(answers.failure(), "Error")).rules


@pytest.mark.parametrize(
    ("body", "line"),
    [
        ('<?xml version="1.0"\n\n?><a/>\n<b/>', 4),
        ('<?xml version="1.0"?>\n\n<a/><b/>', 3),
        ("\n<a/>\n<b/>\n<c/>", 3),
    ],
)
def test_several_roots_are_placed_at_the_second(judge, body, line):
    """Lines count from the start of the body, the declaration's among them."""
    assert line == judge(body).of("xml-several-roots").at.line


def test_text_between_roots_is_broken_syntax(judge):
    """The page's cut form has elements only."""
    for found in (judge("<a/>x<b/>"), judge.fragment("<a/>x<b/>"), judge.fragment("<a/>x")):
        assert ["xml-syntax"] == found.rules


def test_two_whole_documents_are_several_roots(judge, answers):
    """Two answers in one body are one too many."""
    text = answers.xml(answers.value()).partition("?>")[2].strip()
    found = judge(text + "\n" + text)
    assert ["xml-several-roots"] == found.rules


@pytest.mark.parametrize("name", ["Id", "Instance", "RequestId"])
def test_a_repeated_element_is_placed_at_its_second_time(judge, answers, name):
    """An element that comes again is reported there, once for each repetition."""
    text = answers.xml(answers.value())
    start, end = text.index(f"<{name}>"), text.index(f"</{name}>") + len(name) + 3
    element = text[start:end]
    body = text[:end] + "\n" + element + "\n" + element + text[end:]
    found = judge(body)
    assert ["xml-duplicate-element", "xml-duplicate-element"] == found.rules
    height = element.count("\n") + 1
    first = text.count("\n", 0, start) + 1
    assert [first + height, first + 2 * height] == [each.at.line for each in found.findings]


def test_the_last_of_repeated_elements_counts(judge, answers):
    """As in JSON, the last one is judged."""
    assert ["wrong-type", "xml-duplicate-element"] == judge(answers.xml_with("<Id>x</Id>")).rules
    text = answers.xml_with("<Id>1</Id>").replace("412536", "x")
    assert ["xml-duplicate-element"] == judge(text).rules


@pytest.mark.parametrize(
    "markup",
    [
        "<Tags><Tag>1</Tag><Tag>2</Tag></Tags>",
        "<Tag>1</Tag><Tag>2</Tag>",
        "<Note>see <b>this</b> page</Note>",
        '<Note id="1"/>',
        '<Note><b type="x">1</b></Note>',
        '<Note xmlns="urn:x"><b/></Note>',
        "<Note><Id>x</Id><Id>y</Id><ActualState>DONE</ActualState></Note>",
    ],
)
def test_inside_of_undocumented_elements_nothing_is_wrong(judge, answers, markup):
    """The page says nothing of an undocumented element, so nothing in it is a violation."""
    assert ["undocumented-field"] == judge(answers.xml_with(markup)).rules


@pytest.mark.parametrize(
    "attribute",
    ['type="long"', 'nil="true"', 'id="1"', 'xmlns:x="urn:x" x:a="1"'],
)
def test_an_attribute_is_noticed(judge, answers, attribute):
    """No documented element has attributes of its own."""
    found = judge(answers.xml(answers.value()).replace("<Id>", f"<Id {attribute}>"))
    assert [("xml-attribute", "warning")] == found.severities
    assert "Instance.Id" == found.only.field


@pytest.mark.parametrize(
    "attribute",
    [
        'xml:lang="zh"',
        'xml:space="preserve"',
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="xs:long"',
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="a b"',
        'xmlns:unused="urn:x"',
    ],
)
@pytest.mark.parametrize("element", ["GetInstanceResponse", "Instance", "Id"])
def test_attributes_of_xml_itself_are_fine(judge, answers, element, attribute):
    """What belongs to XML, XML Schema or a namespace declaration is no attribute of ours."""
    text = answers.xml(answers.value()).replace(f"<{element}>", f"<{element} {attribute}>")
    assert [] == judge(text).rules


@pytest.mark.parametrize(
    ("before", "after", "rule", "field"),
    [
        ("<Code>", '<Code type="x">', "xml-attribute", "Code"),
        ("<Error>", '<Error id="1">', "xml-attribute", ""),
        ("<HostId>", '<HostId xmlns="urn:x">', "xml-namespace", "HostId"),
        ("</Error>", "<Code>Other</Code></Error>", "xml-duplicate-element", "Code"),
        ("</Error>", "stray</Error>", "xml-stray-text", ""),
    ],
)
def test_an_error_is_as_plain_as_an_instance(judge, answers, before, after, rule, field):  # noqa: PLR0913, PLR0917  # fixtures
    """What no documented element has is noticed in the elements of a failure as well."""
    text = answers.xml(answers.failure(), "Error").replace(before, after)
    found = judge(text, status=404).only
    assert (rule, field) == (found.rule, found.field)


def test_a_nil_end_time_is_empty(judge, answers):
    """The way of XML Schema to write nothing is a way to write nothing."""
    markup = '<EndTime xmlns:i="http://www.w3.org/2001/XMLSchema-instance" i:nil="true"/>'
    assert [] == judge(answers.xml_with(markup)).rules


def test_a_namespace_is_one_finding(judge, answers):
    """A namespace on the root is inherited by all, and said once; values are judged."""
    text = answers.xml(answers.value({"ActualState": "DONE"}))
    text = text.replace("<GetInstanceResponse>", '<GetInstanceResponse xmlns="urn:x">')
    found = judge(text)
    assert ["unknown-enum-value", "xml-namespace"] == found.rules
    assert "urn:x" == found.of("xml-namespace").actual


def test_a_prefix_is_a_namespace(judge, answers):
    """It is the namespace that counts, however it is written."""
    text = answers.xml(answers.value())
    text = text.replace("<Instance>", '<x:Instance xmlns:x="urn:x">')
    found = judge(text.replace("</Instance>", "</x:Instance>"))
    assert ["xml-namespace"] == found.rules
    assert "Instance" == found.only.field


def test_an_undeclared_prefix_does_not_pass(judge, answers):
    """A prefix that stands for nothing is at least one finding."""
    text = answers.xml(answers.value()).replace("Instance>", "x:Instance>")
    assert [] != judge(text).rules


@pytest.mark.parametrize(
    ("before", "line", "field"),
    [("<RequestId>", 3, ""), ("</GetInstanceResponse>", 15, ""), ("<Id>", 5, "Instance")],
)
def test_text_between_elements_is_stray(judge, answers, before, line, field):
    """A structure holds elements and white space only."""
    text = answers.xml(answers.value())
    found = judge(text.replace(before, "stray" + before))
    assert [("xml-stray-text", field)] == [(each.rule, each.field) for each in found.findings]
    assert found.only.at.line is not None
    assert found.only.at.line <= line


def test_text_in_place_of_elements_is_a_wrong_type(judge):
    """A structure that is a text is no structure, and what it lacks is not said again."""
    text = "<RequestId>6D4F2C1A-93B7-4E58-A0C2-1F7E5B8D9034</RequestId><Instance>gone</Instance>"
    found = judge(f"<GetInstanceResponse>{text}</GetInstanceResponse>")
    assert [("wrong-type", "error")] == found.severities
    assert "Instance" == found.only.field


@pytest.mark.parametrize(
    "form",
    [
        "<Instance/>",
        "<Instance></Instance>",
        "<Instance>\n</Instance>",
        "<Instance><!----></Instance>",
    ],
)
def test_an_empty_structure_is_missing(judge, form):
    """An instance that holds nothing is one error, and its members are not missed one by one."""
    text = f"<RequestId>6D4F2C1A-93B7-4E58-A0C2-1F7E5B8D9034</RequestId>{form}"
    found = judge(f"<GetInstanceResponse>{text}</GetInstanceResponse>")
    assert [("missing-field", "error")] == found.severities
    assert ("Instance", "Instance is empty") == (found.only.field, found.only.message)


def test_elements_in_place_of_text_are_a_wrong_type(judge, answers):
    """A field that holds a text does not hold elements."""
    found = judge(answers.xml_with("<Starter><Name>x</Name></Starter>"))
    assert ["wrong-type"] == found.rules
    assert "Instance.Starter" == found.only.field


@pytest.mark.parametrize(
    "text",
    [
        *("0", "-1", "+5", "007", "-0", " 5 ", "\n5\n", "\t5", "0" * 30 + "5"),
        *(sign + "0" * 5000 + number for sign, number in (("", MOST), ("-", LEAST))),
    ],
)
def test_a_long_in_xml(judge, answers, text):
    """Every lexical form of xs:long is a Long."""
    assert [] == judge(answers.xml_with(f"<InputDelay>{text}</InputDelay>")).rules


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("1.5", "not-an-integer"),
        ("1.0", "not-an-integer"),
        ("1e3", "not-an-integer"),
        ("1e400", "not-an-integer"),
        ("-.5", "not-an-integer"),
        ("9223372036854775808", "out-of-range"),
        ("-9223372036854775809", "out-of-range"),
        ("9" * 5000, "out-of-range"),
        ("-" + "9" * 5000, "out-of-range"),
        ("abc", "wrong-type"),
        ("+", "wrong-type"),
        ("5 5", "wrong-type"),
        ("0x10", "wrong-type"),
        ("1_000", "wrong-type"),
        ("1,000", "wrong-type"),
        ("null", "wrong-type"),
        ("true", "wrong-type"),
        ("\u0661\u0662", "wrong-type"),
        ("\uff11", "wrong-type"),
        ("\u00a05", "wrong-type"),
        ("5\u2003", "wrong-type"),
        ("5\u2028", "wrong-type"),
        ("5\u3000", "wrong-type"),
        ("", "unexpected-null"),
        ("  ", "unexpected-null"),
        ("\n\t", "unexpected-null"),
    ],
)
def test_what_is_no_long_in_xml(judge, answers, text, rule):
    """Each text that xs:long does not know has the same name as in JSON, once; none is a null."""
    found = judge(answers.xml_with(f"<InputDelay>{text}</InputDelay>"))
    assert [rule] == found.rules
    assert "/Instance/InputDelay" == found.only.pointer


def test_a_report_can_hold_what_was_found(judge, answers):
    """A number beyond every float is still reported as something that JSON can write."""
    for text, actual in (("1e400", 1.7e308), ("-1e400", -1.7e308), ("2.5", 2.5)):
        assert actual == judge(answers.xml_with(f"<InputDelay>{text}</InputDelay>")).only.actual


@pytest.mark.parametrize(
    "markup",
    ["<EndTime/>", "<EndTime></EndTime>", "<EndTime> </EndTime>", "<EndTime>\n\t</EndTime>"],
)
def test_an_empty_end_time_in_xml(judge, answers, markup):
    """An unfinished job's EndTime may be an element without content."""
    assert [] == judge(answers.xml_with(markup)).rules


def test_a_foreign_space_is_content(judge, answers):
    """Only XML's own white space is nothing; a no-break space is a text, and no Long."""
    found = judge(answers.xml_with("<EndTime>\u00a0</EndTime>"))
    assert "wrong-type" in found.rules


@pytest.mark.parametrize("form", ["<{0}/>", "<{0}></{0}>", "<{0}>\n  </{0}>"])
@pytest.mark.parametrize(
    ("name", "state"), [("Id", "null"), ("JobName", "empty"), ("ProjectName", "empty")]
)
def test_an_empty_element_where_a_value_is_expected_is_missing(judge, answers, name, state, form):
    """A Long without digits is null, a text of white space is empty: both say nothing."""
    found = judge(answers.xml_with(form.format(name), without=[name]))
    assert [("missing-field", "warning")] == found.severities
    assert f"Instance.{name} is {state}" == found.only.message


@pytest.mark.parametrize("name", ["Packages", "PlanJson", "AutoScaleParams", "LastErrorMessage"])
@pytest.mark.parametrize("form", ["<{0}/>", "<{0}></{0}>", "<{0}>\n  </{0}>"])
def test_an_empty_text_in_xml(judge, answers, name, form):
    """An element without content is an empty text, also where a writer indented its end tag."""
    assert [] == judge(answers.xml_with(form.format(name))).rules


def test_white_space_around_a_text_is_text(judge, answers):
    """Only an element that holds nothing else is empty."""
    text = answers.xml(answers.value({"Code": "\n  SELECT 1 \n"}))
    assert "\n  SELECT 1 \n" == judge.value(text)["Instance"]["Code"]


def test_names_that_differ_in_letter_case_alone_are_two_names(contract):
    """Where a page has both, each element is the one that is written just so."""
    kinds = {"Size": Kind.LONG, "SIZE": Kind.STRING}
    members = (replace(contract.success.fields[1], name=name, kind=kinds[name]) for name in kinds)
    success = replace(contract.success, fields=tuple(members))
    checker = Checker(replace(contract, success=success), load_bundled_schemas())
    body = b"<GetInstanceResponse><SIZE>5</SIZE><Size>5</Size></GetInstanceResponse>"
    assert {"SIZE": "5", "Size": 5} == checker.judge(Exchange(Response(body), Source("body"))).value


@pytest.mark.parametrize("written", [" SQL ", "\n  SQL\n", "\tSQL"])
def test_white_space_around_listed_values_is_layout(judge, answers, written):
    """A writer that indents texts changes no state; a foreign space is no layout."""
    text = answers.xml(answers.value())
    assert [] == judge(text.replace(">SQL<", f">{written}<")).rules
    assert ["unknown-enum-value"] == judge(text.replace(">SQL<", ">\u00a0SQL<")).rules


@pytest.mark.parametrize("depth", [1, 30, 58])
def test_nesting_within_reason_is_read(judge, answers, depth):
    """What is nested, but not absurdly, is judged as usual."""
    markup = "<a>" * depth + "</a>" * depth
    assert ["undocumented-field"] == judge(answers.xml_with(markup)).rules
    assert ["wrong-type"] == judge(answers.xml_with(f"<Starter>{markup}</Starter>")).rules


@pytest.mark.parametrize("depth", [65, 100, 300, 2046, 2047, 5000])
def test_absurd_nesting_is_left_unread(judge, answers, depth):
    """The limit on nesting is the same as for JSON, and so are the words, whoever noticed it."""
    markup = "<a>" * depth + "</a>" * depth
    for body in (markup, f"<Starter>{markup}</Starter>"):
        found = judge(answers.xml_with(body)).only
        said = ("body-limit", "the document is nested more than 64 levels deep", 64, None)
        assert said == (found.rule, found.message, found.expected, found.at.line)


def test_lines_are_right_far_down(judge, answers):
    """Line numbers do not end at the 65,535 that XML libraries can count to.

    Beyond that, libxml2 takes the line from a neighbour, so one line off is as good as it gets.
    """
    body = answers.xml_with("\n" * 70_000 + "<Extra/>\n")
    line = body[: body.index("<Extra/>")].count("\n") + 1
    assert abs(line - judge(body).only.at.line) <= 1


@pytest.mark.parametrize("space", ["\u00a0", "\u3000", "\u2003", "\x85"])
@pytest.mark.parametrize("before", ["<Id>", "</Instance>", "<RequestId>"])
def test_only_what_xml_calls_white_space_is_layout(judge, answers, space, before):
    """Other blanks between elements are text, which a parser hands on."""
    body = answers.xml(answers.value()).replace(before, f"{space}{before}")
    assert [("xml-stray-text", "error")] == judge(body).severities


@pytest.mark.parametrize("space", [" ", "\t", "\n", "\r\n", "&#32;&#9;"])
def test_what_xml_calls_white_space_is_layout(judge, answers, space):
    """However it is written."""
    body = answers.xml(answers.value()).replace("<Id>", f"{space}<Id>")
    assert [] == judge(body).rules
