"""What a page leaves open: it is told, and the contract asserts nothing that may be wrong."""

import pytest

from docpact.contract import Kind, Media, Place
from docpact.contract.interpret import interpret
from docpact.core.errors import UnreadablePage
from docpact.core.span import Grade, Severity

REQUEST = "## Request parameters\n\n|Name|Type|Required|Example|Description|\n|--|--|--|--|--|\n"
RESPONSE = "## Response parameters\n\n|Name|Type|Example|Description|\n|--|--|--|--|\n"
ANSWER = f"{RESPONSE}|A|String|x|An answer |\n\n"


def sample(text):
    """A sample answer in its fence."""
    return f"## Examples\n\nSample response\n\n```\n{text}\n```\n\n"


@pytest.fixture
def contract_of(page_of):
    """Interprets a page that a test writes out, below a title unless it has one."""

    def made(text, name="Made.md"):
        return interpret(page_of(text if text.startswith("# ") else f"# AskAll\n\n{text}", name))

    return made


def doubts(contract):
    """The kinds of what is in doubt, but for the missing request line."""
    return [each.kind for each in contract.doubts if each.kind != "no-request-line"]


def paths(contract):
    """The dotted path of every field with its kind."""
    return {".".join(path): field.kind for path, field in contract.success.walk()}


def parameters(contract):
    """Each parameter with its place."""
    return {each.name: each.place for each in contract.operation.parameters}


# The call


@pytest.mark.parametrize(
    ("title", "rest", "name"),
    [
        ("Query lamps", "https://x.example/?api=QueryLamps", "QueryLamps"),
        ("查询SSL证书", "https://x.example/?api=GetCert", "GetCert"),
        ("用API查询灯 GetLamp", "https://x.example/?api=Other", "GetLamp"),
        ("Lamp and GetLamp", "http://x.example/?Action=Lamp", "Lamp"),
        ("OpenAPI", "http://x.example/?Action=undefined", "Made"),
        ("灯", "http://x.example/?Action=GetLamp", "GetLamp"),
    ],
)
def test_plain_words_of_a_title_are_not_the_name_if_a_link_has_one(contract_of, title, rest, name):
    """An operation's name is a word of several humps, or the one in a link or a sample."""
    file = "灯.md" if title == "灯" else "Made.md"
    assert name == contract_of(f"# {title}\n\n{rest}\n\n{ANSWER}", file).operation.name


def test_a_segment_with_the_name_of_a_parameter_is_one_only_without_others(contract_of):
    """A bare word in a path is a placeholder only on pages that mark no placeholders."""
    rows = "|box|String|Yes| |x |\n|lids|String|Yes| |x |\n|size|Long|No| |x |\n\n"
    bare = contract_of(f"```\nGET /v1/box/size/lids?size=Long\n```\n\n{REQUEST}{rows}{ANSWER}")
    assert "/v1/{box}/size/{lids}" == bare.operation.path
    marked = contract_of(f"```\nGET /v1/[box]/lids\n```\n\n{REQUEST}{rows}{ANSWER}")
    assert "/v1/{box}/lids" == marked.operation.path
    assert Place.QUERY is parameters(marked)["lids"]


def test_the_path_of_a_sample_request_is_in_doubt(contract_of):
    """Examples in a sample's path become names; what may be of one call only is a doubt."""
    rows = "|box|String|Yes|b-1|x |\n\n"
    request = "## Examples\n\nSample request\n\n```\nGET /v1/boxes/{}\n```\n\n"
    contract = contract_of(REQUEST + rows + ANSWER + request.format("b-1"))
    assert "/v1/boxes/{box}" == contract.operation.path
    assert "path-of-sample" not in doubts(contract)
    contract = contract_of(REQUEST + rows + ANSWER + request.format("b-2"))
    assert "/v1/boxes/b-2" == contract.operation.path
    assert "path-of-sample" in doubts(contract)


@pytest.mark.parametrize("body", ['{"size": 1}', r"{\"size\":1}"])
def test_a_sample_request_shows_what_is_in_the_body(contract_of, body):
    """A sample request's body says where parameters travel if no column or heading does."""
    rows = "|box|String|Yes| |x |\n|size|Long|No| |x |\n|all|Boolean|No| |x |\n\n"
    request = f"Sample request\n\n```\n/v1/b1\n{body}\n```\n\n"
    for method, place in (("POST", Place.BODY), ("GET", Place.QUERY)):
        line = f"```\n{method} /v1/[box]\n```\n\n"
        found = parameters(contract_of(line + REQUEST + rows + ANSWER + request))
        assert {"box": Place.PATH, "size": place, "all": Place.QUERY} == found


@pytest.mark.parametrize(
    ("heading", "place"),
    [
        ("Request headers", Place.HEADER),
        ("Body parameters", Place.BODY),
        ("Query parameters", Place.QUERY),
        ("Request parameters", Place.QUERY),
        ("请求体参数", Place.BODY),
    ],
)
def test_a_heading_may_say_where_parameters_travel(contract_of, heading, place):
    """Some editions have a table of parameters for each place, with a heading that names it."""
    text = REQUEST.replace("Request parameters", heading) + "|size|Long|No| |x |\n\n"
    assert {"size": place} == parameters(contract_of(text + ANSWER))


@pytest.mark.parametrize(
    ("word", "place"),
    [
        ("path", Place.PATH),
        ("路径参数", Place.PATH),
        ("HEADER", Place.HEADER),
        ("请求头", Place.HEADER),
        ("formData", Place.BODY),
        ("", Place.QUERY),
    ],
)
def test_a_column_may_say_where_parameters_travel(contract_of, word, place):
    """A column of places is understood in the words of several editions."""
    head = "## Request parameters\n\n|Name|Type|In|Required|Description|\n|--|--|--|--|--|\n"
    assert {"size": place} == parameters(contract_of(f"{head}|size|Long|{word}|No|x |\n\n{ANSWER}"))


def test_a_table_of_parameters_need_not_say_which_are_required(contract_of):
    """Parameters of a table without such a column are not required."""
    rows = "## Request parameters\n\n|Name|Type|Description|\n|--|--|--|\n|size|Long|x |\n\n"
    (parameter,) = contract_of(rows + ANSWER).operation.parameters
    assert ("size", False) == (parameter.name, parameter.required)


def test_a_word_that_is_neither_yes_nor_no_requires_nothing(contract_of):
    """A parameter that is required under a condition is not required, and the page is in doubt."""
    rows = "|size|Long|If known| |x |\n|all|Long| | |x |\n\n"
    contract = contract_of(REQUEST + rows + ANSWER)
    assert [False, False] == [each.required for each in contract.operation.parameters]
    assert ["unclear-required"] == doubts(contract)[:1]


def test_numbered_parameters_travel_with_a_number(contract_of):
    """The N in a parameter's name is sent as a one."""
    contract = contract_of(f"{REQUEST}|Tag.N.Key|String|No| |x |\n\n{ANSWER}")
    (parameter,) = contract.operation.parameters
    assert ("Tag.N.Key", "Tag.1.Key") == (parameter.name, parameter.wire_name)


# Tables that describe what is in a row of another


FIELDS = "|Name|Type|Required|Description|\n|--|--|--|--|\n|dim|Boolean|Yes|x |\n\n"


def test_a_table_of_the_fields_of_a_parameter_has_no_parameters(contract_of):
    """The fields of a parameter's JSON are not parameters of their own."""
    rows = '|options|String|No|{"dim":true}|x |\n\n'
    contract = contract_of(f"{REQUEST}{rows}The fields of `options`:\n\n{FIELDS}{ANSWER}")
    assert {"options": Place.QUERY} == parameters(contract)
    assert ["nested-table"] == doubts(contract)[:1]


def test_a_table_after_other_words_goes_on_with_the_parameters(contract_of):
    """A second table lists parameters too, unless it is about a row of the first."""
    rows = "|options|String|No| |x |\n\n"
    contract = contract_of(f"{REQUEST}{rows}More of them, used with options:\n\n{FIELDS}{ANSWER}")
    assert {"options", "dim"} == parameters(contract).keys()


INNER = "|Name|Type|Description|\n|--|--|--|\n|Id|Long|x |\n|Name|String|x |\n\n"


@pytest.mark.parametrize("words", ["Lamp\n\n", "Members of Lamps\n\n", "### Lamp\n\n"])
def test_a_table_named_for_a_type_has_the_members_of_what_is_of_that_type(contract_of, words):
    """The members of a type are placed where a sample shows them in a field of that type."""
    rows = "|Lamps|Lamp[]| |x |\n|Name|String|x|x |\n\n"
    shown = '{"Name": "x", "Lamps": [{"Id": 1, "Name": "y"}]}'
    contract = contract_of(f"{RESPONSE}{rows}{words}{INNER}{sample(shown)}")
    expected = {"Lamps": Kind.STRUCT, "Lamps.Id": Kind.LONG, "Lamps.Name": Kind.STRING}
    assert {**expected, "Name": Kind.STRING} == paths(contract)
    assert [] == doubts(contract)


def test_members_that_no_sample_shows_in_their_owner_are_left_out(contract_of):
    """A member is left out with a doubt if nothing shows in which form its owner has it."""
    contract = contract_of(f"{RESPONSE}|Lamps|Lamp[]| |x |\n\nLamp\n\n{INNER}")
    assert {"Lamps": Kind.ANY} == paths(contract)
    assert 2 == doubts(contract).count("nested-table")


def test_a_table_to_which_types_link_is_about_one_of_them(contract_of):
    """A table that types link to is left out if nothing shows which of them it describes."""
    rows = "|Lamp|[LampType](#lamp)| |x |\n\n"
    contract = contract_of(f"{RESPONSE}{rows}{INNER}{sample('{}')}")
    assert {"Lamp"} == paths(contract).keys()
    assert "nested-table" in doubts(contract)


def test_a_table_that_cannot_be_read_is_in_doubt(contract_of):
    """Rows of the answer are never lost without a doubt."""
    text = f"{ANSWER}## Response data\n\n|What|Why|\n|--|--|\n|B|x |\n\n"
    assert "unread-table" in doubts(contract_of(text))


def test_a_second_operation_is_left_out(contract_of):
    """One page describes one operation; a second one is a doubt with its line."""
    one = f"Words.\n\n{REQUEST}|a|String|No| |x |\n\n{ANSWER}"
    contract = contract_of(f"# GetLamp\n\n{one}# DropLamp\n\n{one}")
    assert ("GetLamp", {"a"}) == (contract.operation.name, parameters(contract).keys())
    (doubt,) = (each for each in contract.doubts if each.kind == "several-operations")
    assert "another operation begins here (DropLamp), which is left out" == doubt.message
    assert 17 == doubt.origin.span.first


# Answers that are no object


@pytest.mark.parametrize(
    "text",
    [
        f"{RESPONSE}| |Array of lamp| |x |\n|Id|Long|1|x |\n\n",
        f"{RESPONSE}| |Map| |x |\n|Id|Long|1|x |\n\n",
        RESPONSE + "|Id|Long|1|x |\n\n" + sample('[{"Id": 1}]'),
    ],
    ids=["a list", "a map", "a sample"],
)
def test_an_answer_that_is_not_an_object_is_refused(contract_of, text):
    """A page whose answer is a list or a map is refused: all right answers would be wrong."""
    with pytest.raises(UnreadablePage, match="the answer as a whole is a list or a map") as refused:
        contract_of(text)
    assert refused.value.span.first > 1
    assert refused.value.hint


def test_a_row_without_a_name_is_left_out(contract_of):
    """A row for the object as a whole needs no name and is left out."""
    rows = "| |Object| |x |\n|Id|Long|1|x |\n\n"
    contract = contract_of(RESPONSE + rows + sample('{"Id": 1}'))
    assert {"Id": Kind.LONG} == paths(contract)
    assert ["nameless-row"] == doubts(contract)


# Where the samples say otherwise


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("String", '{"B": 1}'),
        ("String", '[{"B": 1}]'),
        ("Long", '{"B": 1}'),
        ("Struct", '"text"'),
        ("Map", "1"),
    ],
)
def test_an_object_where_the_table_has_none_is_not_judged(contract_of, kind, value):
    """A field is not checked if the sample has an object and the table a simple type."""
    contract = contract_of(f"{RESPONSE}|A|{kind}|x|x |\n\n" + sample(f'{{"A": {value}}}'))
    assert {"A": Kind.ANY} == paths(contract)
    assert ["type-disagrees"] == doubts(contract)


@pytest.mark.parametrize(
    ("kind", "value", "grade"),
    [
        ("Long", '"1"', Grade.IMPLIED),
        ("String", "1", Grade.IMPLIED),
        ("Boolean", '"true"', Grade.IMPLIED),
        ("Long", "1", Grade.STATED),
        ("Float", "1", Grade.STATED),
        ("Long", '""', Grade.STATED),
        ("Long", "null", Grade.STATED),
    ],
)
def test_a_simple_type_that_a_sample_contradicts_is_only_implied(contract_of, kind, value, grade):
    """A value of a type that the page's own sample contradicts is worth a warning, not an error."""
    contract = contract_of(f"{RESPONSE}|A|{kind}|x|x |\n\n" + sample(f'{{"A": {value}}}'))
    (field,) = contract.success.fields
    assert grade is field.origin.grade
    assert (grade is Grade.IMPLIED) == ("type-disagrees" in doubts(contract))


def test_a_structure_without_members_before_rows_of_no_place_is_not_judged(contract_of):
    """A structure is not checked if the rows after it may be its members."""
    rows = "|Box|Struct| |x |\n|Size|Long|1|x |\n|Total|Long|1|x |\n\n"
    assert {"Box": Kind.ANY, "Size": Kind.LONG, "Total": Kind.LONG} == paths(
        contract_of(RESPONSE + rows)
    )
    known = contract_of(RESPONSE + rows + sample('{"Box": {"Size": 1}, "Total": 1}'))
    assert Kind.STRUCT is paths(known)["Box"]


def test_a_member_that_no_sample_shows_is_placed_beside_its_siblings(contract_of):
    """A member is placed in the wrapper that holds its siblings in the sample."""
    rows = "|Boxes|Struct| |x |\n|└Size|Long|1|x |\n|└Note|String|x|x |\n\n"
    contract = contract_of(RESPONSE + rows + sample('{"Boxes": {"Box": [{"Size": 1}]}}'))
    assert {"Boxes", "Boxes.Box", "Boxes.Box.Size", "Boxes.Box.Note"} == paths(contract).keys()


def test_one_sign_at_several_depths_nests_by_the_blanks_before_it(contract_of):
    """Rows with the same sign are nested by their blanks, as some editions need it."""
    names = ("|Box|Struct", "|  └Lid|Struct", "|    └Colour|String", "|  └Size|Long")
    rows = "".join(f"{each}| |x |\n" for each in names)
    assert {"Box", "Box.Lid", "Box.Lid.Colour", "Box.Size"} == paths(
        contract_of(RESPONSE + rows)
    ).keys()


@pytest.mark.parametrize("label", ["Error response", "异常返回示例", "Sample request"])
def test_other_samples_are_not_samples_of_success(contract_of, label):
    """Samples of errors and of requests place no field of the answer."""
    text = f'{ANSWER}{label}\n\n```\n{{"B": 1}}\n```\n\n'
    assert () == contract_of(text).samples


@pytest.mark.parametrize(
    ("text", "media"),
    [('"A": "1"\n}', Media.JSON), ('{"A": "1",}', Media.JSON), ("<R><A>1</b></R>", Media.XML)],
)
def test_a_damaged_sample_still_shows_where_fields_belong(contract_of, text, media):
    """A damaged sample places fields, is kept as it is, and is in doubt."""
    contract = contract_of(ANSWER + sample(text))
    assert [(media, f"{text}\n")] == [(each.media, each.text) for each in contract.samples]
    assert ["malformed-sample"] == doubts(contract)
    assert not contract.success.fields[0].evidence.weak


# Listed values


def values_of(contract):
    """The values of the only field, and how severe another one is."""
    (field,) = contract.success.fields
    return [each.value for each in field.values], {each.origin.severity for each in field.values}


@pytest.mark.parametrize(
    ("words", "example", "bullets", "values"),
    [
        ("State. Valid values:", "", ["ON", "OFF"], ["ON", "OFF"]),
        ("State", "ON", ["ON", "OFF."], ["ON", "OFF"]),
        ("取值：", "", ["ON（亮）", "OFF（灭）"], ["ON", "OFF"]),
        ("Kind", "1", ["1: lit", "2: dark"], ["1", "2"]),
        ("Kind", "a.b", ["a.b: lit", "a.c: dark"], ["a.b", "a.c"]),
        ("State. Valid values:", "", ["ON", "not lit"], []),
        ("See also", "", ["GetLamp", "DropLamp"], []),
        ("Words", "", ["Note: ON", "Important: OFF"], []),
        ("Links", "", ["http://a.example", "http://b.example"], []),
    ],
)
def test_bullets_are_values_where_the_page_says_so(contract_of, words, example, bullets, values):
    """Bullets are values if they have meanings, are announced, or one is the example."""
    listed = "\n".join(f"-   {each}" for each in bullets)
    contract = contract_of(f"{RESPONSE}|A|String|{example}|{words}\n\n {listed} |\n\n")
    assert values == values_of(contract)[0]


@pytest.mark.parametrize(
    ("example", "severity"),
    [
        ("ON", Severity.ERROR),
        ("", Severity.ERROR),
        ("O***", Severity.ERROR),
        ("BUSY", Severity.WARNING),
    ],
)
def test_a_list_without_its_own_example_is_only_implied(contract_of, example, severity):
    """A list that lacks the row's own example is only implied: there are other values."""
    rows = f"|A|String|{example}|x\n\n -   ON: lit.\n-   OFF: dark. |\n\n"
    assert (["ON", "OFF"], {severity}) == values_of(contract_of(RESPONSE + rows))


@pytest.mark.parametrize("words", ["It cannot be empty", "不能为空", "a non-empty text", "非空"])
def test_what_is_never_empty_is_not_a_promise_of_emptiness(contract_of, words):
    """A description that says "never empty" does not make an empty value right."""
    (field,) = contract_of(f"{RESPONSE}|A|String|x|{words} |\n\n").success.fields
    assert field.empty is None


# Words that only look like a promise


def test_items_have_names_of_their_own(contract_of):
    """The id in a path is that of the box, and not that of each lid in it."""
    parameters = "|id|Long|Yes| |x |\n|boxId|Long|Yes| |x |\n\n"
    request = f"```\nGET /v1/[id]/[boxId]\n```\n\n{REQUEST}{parameters}"
    rows = "|Id|Long|1|x |\n|Lids|Array of Lid| |x |\n|Id|Long|2|x |\n|BoxId|Long|1|x |\n\n"
    shown = sample('{"Id": 1, "Lids": [{"Id": 2, "BoxId": 1}]}')
    contract = contract_of(request + RESPONSE + rows + shown)
    assert ["Id", "Lids.BoxId"] == [each.field for each in contract.constraints.echoes]


def test_a_default_ties_no_values_together(contract_of):
    """Words in brackets behind a value may be a comment on that value alone."""
    rows = "|A|String|ON|x\n\n -   ON: lit (default).\n-   OFF: dark. |\n"
    rows += "|B|String|LOW|x\n\n -   LOW: default.\n-   HIGH: bright. |\n\n"
    assert () == contract_of(RESPONSE + rows).constraints.implications


@pytest.mark.parametrize("levels", [100, 600])
def test_a_sample_that_is_nested_too_deeply_shows_nothing(contract_of, levels):
    """A sample with too many levels is in doubt and places no field."""
    deep = '{"A": ' * levels + "1" + "}" * levels
    contract = contract_of(f"{REQUEST}\n{ANSWER}{sample(deep)}")
    (doubt,) = (each for each in contract.doubts if each.kind == "malformed-sample")
    assert doubt.message == "the JSON sample is nested more than 64 levels deep"


@pytest.mark.parametrize(
    "quotes",
    ["“" * 300_000, '"' + r"\"" * 300_000, "'" + r"\'" * 300_000],
    ids=["curly", "double", "single"],
)
def test_quotes_that_nothing_closes_are_read_in_one_go(contract_of, quotes):
    """A sample with many unclosed quotation marks is read in time that grows with its size."""
    assert paths(contract_of(f"{REQUEST}\n{ANSWER}{sample('{' + quotes)}"))
