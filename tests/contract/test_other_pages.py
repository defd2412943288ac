"""Pages that are not ours: what is read off them, and what is left in doubt."""

import pytest

from docpact.contract import Evidence, Kind, Media, Place
from docpact.contract.interpret import interpret
from docpact.core.errors import UnreadablePage
from docpact.core.span import Grade

RESPONSE = "## Response parameters\n\n|Name|Type|Example|Description|\n|--|--|--|--|\n"
REQUEST = "## Request parameters\n\n|Name|Type|Required|Description|\n|--|--|--|--|\n"


def table(*rows: str) -> str:
    """A table of what is returned, one row for each name or line."""
    lines = (row if row.startswith("|") else f"|{row}|String|x|A {row} |" for row in rows)
    return RESPONSE + "\n".join(lines) + "\n\n"


def sample(text: str) -> str:
    """A sample answer in its fence."""
    return f"```\n{text}\n```\n\n"


@pytest.fixture
def contract_of(page_of):
    """Interprets a page that a test writes out, below a title unless it has one."""

    def made(text: str, name: str = "Made.md"):
        titled = text if text.startswith("# ") else f"# Ask\n\n{text}"
        return interpret(page_of(titled, name))

    return made


def doubts(contract):
    """What is in doubt: kind, message, and the first line that it is about."""
    return [(each.kind, each.message, each.origin.span.first) for each in contract.doubts]


def placed(contract):
    """The path of every field, with what placed it."""
    return {".".join(path): field.evidence for path, field in contract.success.walk()}


# The operation


def test_the_operation_is_named_by_its_title(contract_of):
    """The first word of Latin letters counts."""
    text = f"# 查询 AskAll 接口\n\nhttps://example.com/?api=Other\n\n{table('A')}"
    assert "AskAll" == contract_of(text).operation.name


def test_a_title_without_a_name_leaves_it_to_a_link(contract_of):
    """The link to the vendor's explorer names the operation too."""
    text = f"# 查询\n\n文字\n\nhttps://example.com/?product=x&api=AskMe&type=ROA\n\n{table('A')}"
    assert "AskMe" == contract_of(text).operation.name


def test_a_page_without_either_is_named_by_its_file(contract_of):
    """The file's name is the last resort."""
    assert "AskFile" == contract_of(f"# 查询\n\n{table('A')}", "AskFile.md").operation.name


def test_a_page_that_names_nothing_is_refused(contract_of):
    """Without a name there is no operation, and the error says what a name is."""
    with pytest.raises(UnreadablePage) as refused:
        contract_of(f"# 查询\n\n{table('A')}", "查询.md")
    error = refused.value
    assert "neither the title nor a link names the operation" == error.message
    assert (1, 1, "查询.md") == (error.span.first, error.span.last, error.span.file)
    assert error.hint.startswith("An operation's name is a word of Latin letters and digits")


def test_an_operation_without_request_line_rests_on_the_title(contract_of):
    """Where no path is shown there is none, and the page as a whole is to blame."""
    operation = contract_of(table("A")).operation
    assert ("", "", "", "") == (operation.method, operation.path, operation.version, "")
    origin = operation.origin
    assert ("Made.md", 1, 1) == (origin.span.file, origin.span.first, origin.span.last)
    assert (Grade.STATED, "Ask") == (origin.grade, origin.quote)


def test_a_page_without_words_has_no_summary(contract_of):
    """The summary is the first paragraph."""
    assert "" == contract_of(table("A")).operation.summary
    assert "First." == contract_of(f"First.\n\nSecond.\n\n{table('A')}").operation.summary


def test_a_parameter_outside_of_the_path_is_in_the_query(contract_of):
    """The request line tells where a parameter travels, the column whether it must."""
    rows = "|box|String|Yes|The box |\n|size|Long|No|The size |\n|odd|Wombat|No|Odd |\n\n"
    contract = contract_of(sample("GET /boxes/{box}") + REQUEST + rows + table("A"))
    assert [
        ("box", Place.PATH, Kind.STRING, True),
        ("size", Place.QUERY, Kind.LONG, False),
        ("odd", Place.QUERY, Kind.ANY, False),
    ] == [
        (each.name, each.place, each.kind, each.required) for each in contract.operation.parameters
    ]


# The tables


def test_several_tables_are_read_as_one(contract_of):
    """Parameters and fields may be spread over several tables; other tables are passed over."""
    other = "## Error codes\n\n|Code|Meaning|\n|--|--|\n|A|b |\n\n"
    bare = "## Response parameters\n\n|Name|Type|\n|--|--|\n|Bare|String|\n\n"
    request = [f"{REQUEST}|{name}|String|No|x |\n\n" for name in ("a", "b")]
    contract = contract_of(
        "".join([other, request[0], bare, request[1], table("A"), other, table("B")])
    )
    assert ["a", "b"] == [each.name for each in contract.operation.parameters]
    assert ["Bare", "A", "B"] == [each.name for each in contract.success.fields]
    lines = contract.success.origin.span
    assert (lines.first, lines.last) == (
        min(each.origin.span.first for each in contract.success.fields) - 2,
        max(each.origin.span.last for each in contract.success.fields),
    )


def test_a_table_without_a_heading_is_not_a_table_of_the_response(contract_of):
    """The heading above a table says what the table is about."""
    bare = RESPONSE.partition("\n\n")[2]
    with pytest.raises(UnreadablePage) as refused:
        contract_of(f"# Ask\n\n{bare}|A|String|x|y |\n")
    error = refused.value
    assert "the page has no table of response parameters" == error.message
    assert ("Made.md", 1, 5) == (error.span.file, error.span.first, error.span.last)
    hint = "docpact compiles pages that describe one operation and what it returns."
    assert hint == error.hint


@pytest.mark.parametrize("text", ["", RESPONSE.partition("\n\n")[2] + "|A|String|x|y |\n"])
def test_a_page_without_any_heading_is_refused(page_of, text):
    """A page without headings is refused at its first line, also if it is empty."""
    with pytest.raises(UnreadablePage) as refused:
        interpret(page_of(text))
    assert "the page has no table of response parameters" == refused.value.message
    assert 1 == refused.value.span.first
    assert max(1, text.count("\n")) == refused.value.span.last


def test_columns_may_be_missing(contract_of):
    """A name and a description are enough; without a type the type is unknown."""
    bare = "## Response parameters\n\n|Name|Description|\n|--|--|\n|A|words |\n\n"
    (field,) = contract_of(bare).success.fields
    assert (Kind.ANY, "", "words") == (field.kind, field.example, field.description)


def test_a_long_row_is_quoted_up_to_its_limit(contract_of):
    """A quote has 160 characters at most; one of just as many is not cut."""
    head = "A | String | x | "
    for length, cut in ((160, False), (161, True)):
        text = "y" * (length - len(head))
        quote = contract_of(table(f"|A|String|x|{text} |")).success.fields[0].origin.quote
        assert (160, cut) == (len(quote), quote.endswith("…"))


# Nesting markers


MARKED = table(
    "|RequestId|String|x|The id |",
    "|Box|Wombat| |A box |",
    "|└Lid|Struct| |Its lid |",
    "|└└Colour|String|red|Its colour |",
    "|└Weight|Long|5|Its weight |",
    "|Total|Long|1|How many |",
)


def test_markers_place_every_row(contract_of):
    """A row with one marker more stands under the one before, whatever a sample says."""
    contract = contract_of(MARKED + sample('{"Weight": 5}'))
    paths = ["RequestId", "Box", "Box.Lid", "Box.Lid.Colour", "Box.Weight", "Total"]
    assert dict.fromkeys(paths, Evidence.MARKER) == placed(contract)


def test_a_row_with_members_is_a_structure(contract_of):
    """A row with members is a structure, whatever its type is called."""
    contract = contract_of(MARKED)
    assert Kind.STRUCT is contract.success.find(("Box",)).kind
    assert "unknown-type" not in {each.kind for each in contract.doubts}
    inner = contract_of(MARKED.replace("└Lid|Struct", "└Lid|Wombat"))
    assert Kind.STRUCT is inner.success.find(("Box", "Lid")).kind
    childless = contract_of(MARKED.replace("└└C", "└C").replace("└Lid|Struct", "└Lid|Wombat"))
    assert Kind.ANY is childless.success.find(("Box", "Lid")).kind
    childless = contract_of(MARKED.replace("Total|Long", "Total|Wombat"))
    assert Kind.ANY is childless.success.find(("Total",)).kind


# Samples


def test_members_of_items_are_members_of_the_list(contract_of):
    """Items of a list have no name of their own, so their members are the list's."""
    text = '{"Boxes": [{"Weight": 1}, {"Colour": "red"}, 5]}'
    contract = contract_of(table("|Boxes|Struct| |Some |", "Weight", "Colour") + sample(text))
    assert {"Boxes", "Boxes.Weight", "Boxes.Colour"} == placed(contract).keys()


def test_a_line_break_within_a_text_breaks_no_sample(contract_of):
    """Pages wrap long texts, which JSON itself does not allow."""
    contract = contract_of(table("A") + sample('{"A": "one\ntwo"}'))
    assert {"A": Evidence.JSON_SAMPLE} == placed(contract)


@pytest.mark.parametrize(
    "prolog", ["", '<?xml version="1.0"?>', '<?xml version="1.0"?>\n<?note ?>\n', "<!-- a -->"]
)
@pytest.mark.parametrize("within", ["", "<?note ?>", "<!-- a -->"])
def test_what_is_not_an_element_is_passed_over(contract_of, prolog, within):
    """A declaration, an instruction and a comment place nothing, before the root or in it."""
    xml = f"{prolog}<AskResponse><Box>{within}<A>1</A></Box></AskResponse>"
    contract = contract_of(table("|Box|Struct| |A box |", "A") + sample(xml))
    assert {"Box", "Box.A"} == placed(contract).keys()
    assert {Evidence.XML_SAMPLE} == set(placed(contract).values())


def test_a_sample_that_is_whole_is_kept_as_printed(contract_of):
    """Only what was cut to its inner elements gets the root that it lost."""
    whole = "<AskResponse><A>1</A></AskResponse>"
    contract = contract_of(table("A") + sample(whole) + sample("  <A>1</A>") + sample(' {"A": 1}'))
    root = '<?xml version="1.0" encoding="UTF-8"?>\n<AskResponse>\n{}\n</AskResponse>\n'
    assert [
        (Media.XML, f"{whole}\n"),
        (Media.XML, root.format("  <A>1</A>")),
        (Media.JSON, ' {"A": 1}\n'),
    ] == [(each.media, each.text) for each in contract.samples]


def test_a_sample_of_json_may_hold_markup(contract_of):
    """What stands within a text is no element that lost its root."""
    text = '{"A": "<Box>1</Box>"}'
    (kept,) = contract_of(table("A") + sample(text)).samples
    assert (Media.JSON, f"{text}\n") == (kept.media, kept.text)


# Placement by neighbours


@pytest.mark.parametrize(
    ("rows", "text", "path"),
    [
        (("|Box|Struct| |x |", "A", "New"), '{"Box": {"A": 1}}', "Box.New"),
        (("New", "A", "|Box|Struct| |x |"), '{"Box": {"A": 1}}', "Box.New"),
        (("|Box|Struct| |x |", "A", "New", "B"), '{"Box": {"A": 1, "B": 2}}', "Box.New"),
        (("A", "New", "Newer", "B"), '{"A": 1, "B": 2}', "New"),
        (("|Box|Struct| |x |", "New", "A"), '{"Box": {"A": 1}}', "Box.New"),
        (("A", "New", "Newer"), '{"Other": 1, "A": 1}', "New"),
    ],
)
def test_a_row_that_no_sample_shows_is_placed_with_its_neighbours(contract_of, rows, text, path):
    """A row is placed where the rows around it are, if they agree."""
    contract = contract_of(table(*rows) + sample(text))
    assert Evidence.NEIGHBOURS is placed(contract)[path]


def test_a_first_member_of_a_structure_is_one_of_its_members(contract_of):
    """Between a structure and its second member there is room for the first."""
    boxes = ("|Outer|Struct| |x |", "|Box|Struct| |x |")
    text = '{"Outer": {"Box": {"A": 1}}}'
    contract = contract_of(table(*boxes, "New", "A") + sample(text))
    assert ["Outer", "Outer.Box", "Outer.Box.New", "Outer.Box.A"] == list(placed(contract))
    (kind, message, line) = doubts(contract)[0]
    assert ("weakly-placed", 9) == (kind, line)
    assert "New is in no sample; its place under Outer.Box is told by neighbours alone" == message


@pytest.mark.parametrize(
    ("rows", "text"),
    [
        (("|Box|Struct| |x |", "A", "New", "Z"), '{"Box": {"A": 1}, "Z": 2}'),
        (("New",), "{}"),
    ],
)
def test_a_row_between_two_places_is_at_the_top(contract_of, rows, text):
    """A row is placed at the top if the rows around it disagree or there are none."""
    contract = contract_of(table(*rows) + sample(text))
    assert Evidence.NOTHING is placed(contract)["New"]
    message = "New is in no sample; its place under the top is told by nothing alone"
    assert message in {each.message for each in contract.doubts}


# Doubts


def test_a_page_without_a_request_line_is_in_doubt(contract_of):
    """A page that shows no method and path is in doubt, since nobody knows how to call it."""
    contract = contract_of(table("A") + sample('{"A": "1"}'))
    assert [("no-request-line", "the page shows no method and path", 1)] == doubts(contract)


def test_a_path_with_a_parameter_that_no_table_lists(contract_of):
    """A parameter that only the path has is in doubt, since its type is unknown."""
    request = sample("GET /boxes/{box}/lids/[lid]") + REQUEST + "|box|String|Yes|x |\n\n"
    contract = contract_of(request + table("A") + sample('{"A": "1"}'))
    assert [("unlisted-parameter", "lid is in the path but in no table", 4)] == doubts(contract)
    assert "/boxes/{box}/lids/{lid}" == contract.operation.path


def test_what_the_reader_could_not_read_is_in_doubt(contract_of, page_of):
    """A problem of the page is one of the contract, word for word and by convention only."""
    text = table("|A|String|x|y |", "|B|String|") + sample('{"A": 1, "B": 1}')
    (problem,) = page_of(f"# Ask\n\n{text}").problems
    found = next(each for each in contract_of(text).doubts if each.kind == problem.kind)
    assert problem.message == found.message
    assert (problem.span, Grade.ASSUMED) == (found.origin.span, found.origin.grade)


@pytest.mark.parametrize(
    ("text", "media"), [('{"A": 1', "JSON"), ("<A>1</B>", "XML"), ("<A>&nbsp;</A>", "XML")]
)
def test_a_malformed_sample_is_in_doubt(contract_of, text, media):
    """A sample that nobody can read places nothing; the line is its first."""
    found = doubts(contract_of(table("A") + sample(text)))
    assert ("malformed-sample", f"the {media} sample is not well-formed", 10) in found


def test_a_repeated_row_is_in_doubt(contract_of):
    """The first row of a name counts; the second is named with its own line."""
    contract = contract_of(table("|A|String|x|first |", "|A|Long|x|second |") + sample('{"A": 1}'))
    assert [Kind.STRING] == [each.kind for each in contract.success.fields]
    message = "A has a row already, so this one is left out"
    assert ("repeated-row", message, 8) in doubts(contract)


def test_cells_from_the_row_above_are_in_doubt(contract_of):
    """A cell that is printed once for two rows may have been meant for one."""
    old = "## Response parameters\n\n|Name|Type|Description|\n|A|Long|first|\n|B|second|\n\n"
    contract = contract_of(old + sample('{"A": 1, "B": 1}'))
    assert [Kind.LONG, Kind.LONG] == [each.kind for each in contract.success.fields]
    message = "B takes cells that it lacks from the row above"
    merged = [each for each in doubts(contract) if each[0] == "merged-cells"]
    assert [("merged-cells", message, 7)] == merged


def test_an_unknown_type_is_named(contract_of):
    """The reader sees which field has which type, and where."""
    contract = contract_of(table("|A|Wombat|x|y |") + sample('{"A": 1}'))
    assert ("unknown-type", "A has the unknown type 'Wombat'", 7) in doubts(contract)


def test_half_a_list_is_not_a_list(contract_of):
    """No value is taken if only some of the bullets name one."""
    rows = "|A|String|x|One of:\n\n -   ON: runs.\n-   anything else. |"
    contract = contract_of(table(rows) + sample('{"A": 1}'))
    assert () == contract.success.fields[0].values
    message = "only some bullets of A name a value, so none is taken"
    assert ("half-a-list", message, 7) in doubts(contract)


# Words


@pytest.mark.parametrize(
    ("words", "is_empty"),
    [("empty if none", True), ("为空", True), ("emptied weekly", False), ("never", False)],
)
def test_words_about_emptiness_are_a_promise(contract_of, words, is_empty):
    """A page that speaks of an empty value says so on the field's own row."""
    field = contract_of(table(f"|A|String|x|{words} |")).success.fields[0]
    assert (field.origin if is_empty else None) == field.empty


@pytest.mark.parametrize(
    ("kind", "words", "is_list"),
    [
        ("String", "names, separated by commas", True),
        ("String", "以逗号分隔", True),
        ("Long", "numbers, separated by commas", False),
        ("String", "a name, with a comma", False),
    ],
)
def test_words_about_commas_make_a_list(contract_of, kind, words, is_list):
    """Only a text can be a list of entries."""
    contract = contract_of(table(f"|Names|{kind}|x|{words} |") + sample('{"Names": 1}'))
    found = [
        (each.id, each.field, each.separator, each.foreign, each.origin.grade)
        for each in contract.constraints.separated
    ]
    assert [("list-names", "Names", ",", (), Grade.IMPLIED)] * is_list == found


def test_a_qualified_value_names_every_value_of_that_meaning(contract_of):
    """A "(batch job)" is tied to all values of another list that mean one."""
    state = "|State|String|x|State:\n\n -   ON: runs.\n-   OVER: has ended (batch job). |"
    kind = "|Kind|String|x|Kind:\n\n -   OLD: batch job.\n-   NEW: batch job.\n-   LIVE: stream. |"
    boxes = ("|Outer|Struct| |x |", "|Box|Struct| |x |")
    text = '{"Outer": {"Box": {"State": 1, "Kind": 1}}}'
    contract = contract_of(table(*boxes, state, kind) + sample(text))
    (tie,) = contract.constraints.implications
    assert "state-over-kind" == tie.id
    assert ("Outer.Box.State", ("OVER",)) == (tie.when.field, tie.when.values)
    assert ("Outer.Box.Kind", ("OLD", "NEW")) == (tie.then.field, tie.then.values)
    assert "the page gives OVER to OLD and NEW only" == tie.because
