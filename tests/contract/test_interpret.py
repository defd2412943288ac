"""The English edition says what each field, parameter and constraint is, and where it says so."""

import pytest

from docpact.contract import Evidence, Kind, Media, Ordering, Place, must_be_there
from docpact.contract.interpret import interpret
from docpact.core.errors import UnreadablePage
from docpact.core.span import Severity

STRING, LONG, STRUCT = Kind.STRING, Kind.LONG, Kind.STRUCT
SHOWN, GUESSED = Evidence.JSON_SAMPLE, Evidence.NEIGHBOURS

# path, kind, evidence, first and last line of the row
FIELDS = [
    ("Instance", STRUCT, SHOWN, 34, 34),
    ("Instance.ActualState", STRING, SHOWN, 35, 42),
    ("Instance.ApiType", STRING, SHOWN, 43, 46),
    ("Instance.AutoScaleParams", STRING, SHOWN, 47, 47),
    ("Instance.ClusterId", STRING, SHOWN, 48, 48),
    ("Instance.Code", STRING, SHOWN, 49, 52),
    ("Instance.EndTime", LONG, GUESSED, 53, 53),
    ("Instance.EngineJobHandler", STRING, SHOWN, 54, 54),
    ("Instance.EngineVersion", STRING, SHOWN, 55, 55),
    ("Instance.ExpectState", STRING, SHOWN, 56, 62),
    ("Instance.Id", LONG, SHOWN, 63, 63),
    ("Instance.InputDelay", LONG, SHOWN, 64, 64),
    ("Instance.JobName", STRING, SHOWN, 65, 65),
    ("Instance.JobType", STRING, SHOWN, 66, 69),
    ("Instance.LastErrorMessage", STRING, GUESSED, 70, 70),
    ("Instance.LastErrorTime", LONG, GUESSED, 71, 71),
    ("Instance.LastOperateTime", LONG, SHOWN, 72, 72),
    ("Instance.LastOperator", STRING, SHOWN, 73, 73),
    ("Instance.Packages", STRING, SHOWN, 74, 74),
    ("Instance.PlanJson", STRING, SHOWN, 75, 75),
    ("Instance.ProjectName", STRING, SHOWN, 76, 76),
    ("Instance.Properties", STRING, SHOWN, 77, 77),
    ("Instance.QueueName", STRING, SHOWN, 78, 78),
    ("Instance.StartTime", LONG, SHOWN, 79, 79),
    ("Instance.Starter", STRING, SHOWN, 80, 80),
    ("RequestId", STRING, SHOWN, 81, 81),
]

# field: its values, each with its line
VALUES = {
    "Instance.ActualState": [
        ("WAITING", 37),
        ("RUNNING", 38),
        ("PAUSED", 39),
        ("TERMINATED", 40),
        ("SUCCESS", 41),
        ("FAILED", 42),
    ],
    "Instance.ApiType": [("DATASTREAM", 45), ("SQL", 46)],
    "Instance.ExpectState": [
        ("RUNNING", 58),
        ("PAUSED", 59),
        ("TERMINATED", 60),
        ("SUCCESS", 61),
        ("FAILED", 62),
    ],
    "Instance.JobType": [("FLINK_STREAM", 68), ("FLINK_BATCH", 69)],
}

# id: kind, grade, severity, page line, ruling
CONSTRAINTS = {
    "actualstate-success-jobtype": (
        "Implication",
        "implied",
        "warning",
        41,
        "success-is-for-batch-jobs",
    ),
    "actualstate-failed-jobtype": ("Implication", "assumed", "note", 42, "failed-jobs"),
    "expectstate-success-jobtype": (
        "Implication",
        "implied",
        "warning",
        61,
        "success-is-for-batch-jobs",
    ),
    "expectstate-failed-jobtype": ("Implication", "assumed", "note", 62, "failed-jobs"),
    "unfinished-has-no-end": ("Implication", "stated", "error", 53, "unfinished-has-no-end"),
    "paused-has-no-end": ("Implication", "assumed", "note", 53, "paused-has-no-end"),
    "finished-has-an-end": ("Implication", "assumed", "note", 53, "finished-has-an-end"),
    "error-has-a-time-1": ("Implication", "implied", "warning", 71, "error-has-a-time"),
    "error-has-a-time-2": ("Implication", "implied", "warning", 71, "error-has-a-time"),
    "datastream-code": ("Implication", "implied", "warning", 163, "datastream-code"),
    "sql-code": ("Implication", "implied", "warning", 51, "sql-code"),
    "ends-after-start": ("Ordering", "implied", "warning", 79, "ends-after-start"),
    "echo-jobname": ("Echo", "implied", "error", 65, "echo-of-names"),
    "echo-projectname": ("Echo", "implied", "error", 76, "echo-of-names"),
    "echo-of-id": ("Echo", "implied", "error", 63, "echo-of-id"),
    "scale-params-are-json": ("Embedded", "implied", "warning", 169, "scale-params-are-json"),
    "plan-is-json": ("Embedded", "assumed", "note", 75, "plan-is-json"),
    "handler-has-two-halves": ("Pattern", "stated", "error", 54, "handler-has-two-halves"),
    "handler-ids": ("Pattern", "implied", "warning", 165, "handler-ids"),
    "request-id-is-uuid": ("Pattern", "implied", "warning", 151, "request-id-is-uuid"),
    "times-in-milliseconds-1": ("Unit", "implied", "warning", 79, "times-in-milliseconds"),
    "times-in-milliseconds-2": ("Unit", "implied", "warning", 53, "times-in-milliseconds"),
    "times-in-milliseconds-3": ("Unit", "implied", "warning", 71, "times-in-milliseconds"),
    "times-in-milliseconds-4": ("Unit", "implied", "warning", 72, "times-in-milliseconds"),
    "package-list": ("Separated", "implied", "warning", 74, "package-list"),
    "request-id-is-unique": ("Unique", "stated", "error", 81, "request-id-is-unique"),
}

REQUIRED = {
    "Instance": Severity.ERROR,
    "RequestId": Severity.ERROR,
    "Instance.Id": Severity.WARNING,
    "Instance.ProjectName": Severity.WARNING,
    "Instance.JobName": Severity.WARNING,
    "Instance.ActualState": Severity.WARNING,
    "Instance.ExpectState": Severity.WARNING,
    "Instance.JobType": Severity.WARNING,
    "Instance.ApiType": Severity.WARNING,
}


def fields_by_path(contract):
    """The fields of a success by their dotted paths."""
    return {".".join(path): field for path, field in contract.success.walk()}


def test_every_row_of_the_table_is_a_field_in_its_place(contract):
    """Each field has its kind, what placed it, and its lines, in the order of the table."""
    found = [
        (path, field.kind, field.evidence, field.origin.span.first, field.origin.span.last)
        for path, field in fields_by_path(contract).items()
    ]
    assert found == FIELDS


def test_lists_of_values_keep_the_line_of_each(contract):
    """A field has values if its cell lists them, and each value knows its own bullet's line."""
    found = {
        path: [(each.value, each.origin.span.first) for each in field.values]
        for path, field in fields_by_path(contract).items()
        if field.values
    }
    assert found == VALUES


def test_a_weak_placement_is_in_doubt(contract):
    """The three fields that no sample shows are named as doubts, each with its line."""
    guessed = [(line, kind) for _, _, kind, line, _ in FIELDS if kind is GUESSED]
    assert [line for line, _ in guessed] == [
        each.origin.span.first for each in contract.doubts if each.kind == "weakly-placed"
    ]


def test_the_page_has_no_other_doubts(contract):
    """Nothing else of the page is guessed at."""
    assert {"weakly-placed"} == {each.kind for each in contract.doubts}


def test_what_must_be_there_comes_from_rulings(contract):
    """RequestId and Instance must be there; what identifies the instance is expected."""
    found = {
        path: field.required.severity
        for path, field in fields_by_path(contract).items()
        if field.required
    }
    assert found == REQUIRED


def test_only_errors_are_demanded(contract):
    """A field that is merely expected is not demanded by any schema."""
    assert [path for path, field in fields_by_path(contract).items() if must_be_there(field)] == [
        "Instance",
        "RequestId",
    ]


def test_empty_values_are_where_the_page_speaks_of_them(contract):
    """EndTime and Packages may be empty, and a ruling says what that means."""
    found = {
        path: (field.empty.span.first, field.empty.ruling)
        for path, field in fields_by_path(contract).items()
        if field.empty
    }
    assert found == {
        "Instance.EndTime": (53, "empty-is-absent-or-null"),
        "Instance.Packages": (74, "no-packages"),
    }


def test_the_page_alone_says_which_fields_may_be_empty(bare_contract):
    """Without rulings the words of the description tell the same two fields."""
    empty = [path for path, field in fields_by_path(bare_contract).items() if field.empty]
    assert empty == ["Instance.EndTime", "Instance.Packages"]


def test_the_page_alone_demands_no_field(bare_contract):
    """The page has no column for it, so without rulings every field may be absent."""
    assert not [path for path, each in fields_by_path(bare_contract).items() if each.required]


def test_a_unit_is_read_off_the_description(contract):
    """InputDelay counts milliseconds, for its line says so."""
    units = {path: field.unit for path, field in fields_by_path(contract).items() if field.unit}
    assert units == {"Instance.InputDelay": "milliseconds"}


def test_examples_have_their_escapes_undone(contract):
    """An example reads as it would travel, without Markdown's backslashes."""
    fields = fields_by_path(contract)
    assert fields["Instance.JobType"].example == "FLINK_STREAM"
    assert fields["Instance.ClusterId"].example == "rcmp9x37ztfb63g1x7lt****"


def test_parameters_travel_where_the_path_and_the_rulings_put_them(contract):
    """Path parameters are those of the request line; rulings place the rest."""
    found = [
        (
            each.name,
            each.wire_name,
            each.place,
            each.kind,
            each.required,
            each.origin.span.first,
            each.origin.ruling,
        )
        for each in contract.operation.parameters
    ]
    assert found == [
        ("instanceId", "instanceId", Place.PATH, LONG, True, 23, None),
        ("jobName", "jobName", Place.PATH, STRING, True, 24, None),
        ("projectName", "projectName", Place.PATH, STRING, True, 25, None),
        ("RegionId", "x-acs-region-id", Place.HEADER, STRING, False, 26, "region-id"),
        ("Format", "Format", Place.QUERY, STRING, False, 11, "format-parameter"),
    ]


def test_a_ruled_parameter_keeps_what_the_table_says_of_it(contract):
    """RegionId keeps its example and description; Format has the values of its ruling."""
    region, chosen = contract.operation.parameters[3:]
    assert region.example == "cn-hangzhou-pre"
    assert region.description
    assert (chosen.values, chosen.default) == (("JSON", "XML"), "XML")


def test_the_operation_is_read_off_title_and_request_line(contract):
    """Name, method, path and version are the page's, with the line of the request syntax."""
    operation = contract.operation
    assert operation.name == "GetInstance"
    assert operation.method == "GET"
    path = "/api/v2/projects/{projectName}/jobs/{jobName}/instances/{instanceId}"
    assert operation.path == path
    assert operation.version == "2018-11-11"
    assert operation.origin.span.first == 16


def test_constraints_have_ids_grades_and_lines(contract):
    """Every constraint says how firm it is, on which line it rests and which ruling made it."""
    found = {
        each.id: (
            type(each).__name__,
            each.origin.grade.value,
            each.origin.severity.value,
            each.origin.span.first,
            each.origin.ruling,
        )
        for each in contract.constraints
    }
    assert found == CONSTRAINTS


def test_what_a_ruling_says_of_a_field_cites_the_fields_row(contract):
    """Required or empty by a ruling, a field is still proved by its own row, and quotes it."""
    for field in fields_by_path(contract).values():
        for ruled in filter(None, (field.required, field.empty)):
            assert (field.origin.span, field.origin.quote) == (ruled.span, ruled.quote)
            assert ruled.ruling is not None


def test_ids_of_constraints_are_unique(contract):
    """An id names one constraint."""
    ids = [each.id for each in contract.constraints]
    assert sorted(set(ids)) == sorted(ids)


def test_a_batch_state_ties_to_the_batch_job_type(contract):
    """A "(batch job)" in a list of states is tied to the value that means a batch job."""
    tie = next(each for each in contract.constraints if each.id == "actualstate-success-jobtype")
    assert ("Instance.ActualState", ("SUCCESS",)) == (tie.when.field, tie.when.values)
    assert ("Instance.JobType", ("FLINK_BATCH",)) == (tie.then.field, tie.then.values)


def test_the_two_meanings_of_failed_contradict_each_other(bare_contract):
    """FAILED is a batch state in one list and a stream state in the other, as the page has it."""
    ties = {each.id: each.then.values for each in bare_contract.constraints.implications}
    assert ties["actualstate-failed-jobtype"] == ("FLINK_BATCH",)
    assert ties["expectstate-failed-jobtype"] == ("FLINK_STREAM",)


def test_a_ruled_list_takes_the_place_of_the_one_read_off_the_page(contract, bare_contract):
    """One field has one rule about its separator: the ruling's, which knows more."""
    assert [each.id for each in bare_contract.constraints.separated] == ["list-packages"]
    assert [each.id for each in contract.constraints.separated] == ["package-list"]


def test_the_id_is_no_echo_when_the_current_instance_was_asked_for(contract):
    """-1 stands for the job's current instance, whatever its id."""
    echo = next(each for each in contract.constraints.echoes if each.id == "echo-of-id")
    assert (echo.field, echo.parameter, echo.unless) == ("Instance.Id", "instanceId", ("-1",))


def test_orderings_name_both_times(contract):
    """Only EndTime is held against StartTime; LastOperateTime may lie before it."""
    found = [(each.earlier, each.later) for each in contract.constraints.orderings]
    assert found == [("Instance.StartTime", "Instance.EndTime")]
    assert all(isinstance(each, Ordering) for each in contract.constraints.orderings)


def test_an_answer_is_no_field_of_itself(contract):
    """Only a path with names leads to a field."""
    assert contract.success.find(()) is None


def test_answers_have_their_roots(contract):
    """A success is a GetInstanceResponse, a failure an Error, each by a ruling."""
    assert contract.success.root == "GetInstanceResponse"
    assert contract.success.root_origin.ruling == "xml-root"
    assert contract.failure is not None
    assert contract.failure.root == "Error"
    assert {each.name: bool(each.required) for each in contract.failure.fields} == {
        "RequestId": True,
        "HostId": True,
        "Code": True,
        "Message": True,
        "Recommend": False,
    }


def test_without_rulings_the_root_is_only_assumed(bare_contract):
    """The page prints no root, so its name is convention and no failure is known."""
    assert bare_contract.success.root == "GetInstanceResponse"
    assert bare_contract.success.root_origin.severity is Severity.NOTE
    assert bare_contract.failure is None


def test_samples_are_kept_as_they_would_travel(contract):
    """The printed XML gets the root that it was cut from; both know their first line."""
    xml, json = contract.samples
    assert (Media.XML, 96) == (xml.media, xml.origin.span.first)
    assert (Media.JSON, 150) == (json.media, json.origin.span.first)
    assert "<GetInstanceResponse>\n<RequestId>9B7BD33D" in xml.text
    assert json.text.startswith("{")


def test_quotes_come_from_the_lines_they_cite(contract, english_page):
    """The quote of a field starts with the field's own name, which its line holds too."""
    for _, field in contract.success.walk():
        assert field.origin.quote.startswith(field.name)
        assert field.name in english_page.lines[field.origin.span.first - 1]


def test_interpreting_twice_gives_the_same_contract(contract, english_page, rulings):
    """The contract depends on the page and its rulings alone."""
    assert contract == interpret(english_page, rulings)


def test_a_page_without_a_response_table_is_refused(page_of):
    """A page that describes no operation is no page to compile, and the error says what is."""
    with pytest.raises(UnreadablePage) as refused:
        interpret(page_of("# Overview\n\nSome words.\n"))
    assert "no table of response parameters" in refused.value.message
    assert refused.value.hint
    assert refused.value.span is not None


def test_an_empty_page_is_refused(page_of):
    """No text at all is refused like any other page without a table."""
    with pytest.raises(UnreadablePage) as refused:
        interpret(page_of(""))
    assert (1, 1) == (refused.value.span.first, refused.value.span.last)


def test_a_field_is_placed_at_the_top_where_only_the_sample_puts_it_there(page_of):
    """Structure comes from the sample: the table's order alone would say otherwise."""
    page = page_of(
        "# Ask\n\n## Response parameters\n\n"
        "|Name|Type|Example|Description|\n|--|--|--|--|\n"
        "|Box|Struct| |A box |\n|Total|Long|1|How many |\n|Weight|Long|2|How heavy |\n\n"
        '```\n{"Total": 1, "Box": {"Weight": 2}}\n```\n'
    )
    found = {".".join(path): each.evidence for path, each in interpret(page).success.walk()}
    assert found == {"Box": SHOWN, "Box.Weight": SHOWN, "Total": SHOWN}


def test_the_xml_sample_places_what_the_json_sample_lacks(page_of):
    """A row that only the XML sample shows is placed by it, and says so."""
    page = page_of(
        "# Ask\n\n## Response parameters\n\n"
        "|Name|Type|Example|Description|\n|--|--|--|--|\n"
        "|Box|Struct| |A box |\n|Weight|Long|2|How heavy |\n|Total|Long|1|How many |\n\n"
        "```\n<AskResponse><Total>1</Total><Box><Weight>2</Weight></Box></AskResponse>\n```\n\n"
        '```\n{"Total": 1}\n```\n'
    )
    found = {".".join(path): each.evidence for path, each in interpret(page).success.walk()}
    assert found["Box.Weight"] is Evidence.XML_SAMPLE
    assert found["Total"] is Evidence.JSON_SAMPLE


def test_an_unknown_type_is_any_and_in_doubt(page_of):
    """A type that no one knows is let through, but not silently."""
    page = page_of(
        "# Ask\n\n## Response parameters\n\n"
        "|Name|Type|Example|Description|\n|--|--|--|--|\n|Thing|Wombat| |What |\n\n"
        '```\n{"Thing": 1}\n```\n'
    )
    contract = interpret(page)
    assert contract.success.fields[0].kind is Kind.ANY
    assert "unknown-type" in {each.kind for each in contract.doubts}
