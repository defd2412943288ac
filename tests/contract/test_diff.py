"""What changed between two contracts is reported once, with both lines, graded for both sides."""

import pytest
from msgspec.structs import replace

from docpact.contract import Constraints, Evidence, Kind, Media, Ordering, Place, Sample
from docpact.contract.diff import REASONS, Audience, ChangeKind, Impact, Part, changes, grade
from docpact.contract.diff.compare import Compared, otherwise
from docpact.contract.interpret import interpret
from docpact.core.span import Grade, Origin, Span

CLIENT, SERVER = Audience.CLIENT, Audience.SERVER
BREAKING, RISKY, COMPATIBLE = Impact
HERE = Origin(Span("Made.md", 1, 1), Grade.STATED)

REQUEST = "## Request parameters\n\n|Name|Type|Required|Example|Description|\n|--|--|--|--|--|\n"
RESPONSE = "## Response parameters\n\n|Name|Type|Example|Description|\n|--|--|--|--|\n"


@pytest.fixture
def contract_of(page_of):
    """Interprets a page made of rows; what it returns is also what its sample shows."""

    def made(request=("|id|Long|Yes|1|Number |",), response=("|Id|Long|1|Number |",), more=""):
        text = f"# Ask\n\n```\nGET /boxes/[id] HTTPS\n```\n\n{REQUEST}" + "\n".join(request)
        return interpret(page_of(f"{text}\n\n{RESPONSE}" + "\n".join(response) + f"\n\n{more}"))

    return made


def told(old, new, *, words=False):
    """The changes as kind and name, without those in words alone."""
    return [
        (each.kind.value, each.name)
        for each in changes(old, new)
        if words or not REASONS[each.kind].words_only
    ]


def sample(text):
    """A sample answer in its fence."""
    return f"```\n{text}\n```\n"


# The editions of the page


def test_the_editions_of_2019_and_2020(old_page, chinese_page):
    """Two editions of a page have the changes that a careful reader finds, and no others."""
    expected = [
        ("request-line-stated", "GetInstance"),
        ("version-stated", "GetInstance"),
        ("required-parameter-added", "RegionId"),
        ("parameter-meaning-dropped", "instanceId"),
        ("field-added", "Instance.AutoScaleParams"),
        ("constraint-added", "echo-jobname"),
        ("constraint-added", "echo-projectname"),
        ("sample-added", "JSON"),
        ("sample-added", "XML"),
    ]
    assert expected == told(interpret(old_page), interpret(chinese_page))


def test_the_editions_cite_both_lines(old_page, chinese_page):
    """A dropped meaning cites the line of the old page that has it and the row of the new page."""
    found = {each.kind: each for each in changes(interpret(old_page), interpret(chinese_page))}
    dropped = found[ChangeKind.PARAMETER_MEANING_DROPPED]
    assert "-1" == dropped.old.value
    lines = (str(dropped.old.origin.span), str(dropped.new.origin.span))
    assert ("GetInstance.2019.md:8", "GetInstance.md:23") == lines
    region = found[ChangeKind.REQUIRED_PARAMETER_ADDED]
    assert (None, "GetInstance.md:26") == (region.old, str(region.new.origin.span))


def test_a_translation_changes_words_alone(bare_contract, chinese_page):
    """Our edition and the vendor's say the same to every program."""
    assert [] == told(interpret(chinese_page), bare_contract)


def test_rulings_show_as_changes(contract, bare_contract):
    """A contract with rulings promises other things than the page alone."""
    found = told(bare_contract, contract)
    assert ("parameter-now-optional", "RegionId") in found
    assert ("field-now-required", "RequestId") in found
    assert ("error-described", "Error") in found


# Grades


def test_every_kind_has_its_reasons():
    """The table is complete, and each reason is half a sentence."""
    assert set(ChangeKind) == set(REASONS)
    for reason in REASONS.values():
        for verdict in (reason.client, reason.server):
            assert verdict.reason[0].islower()
            assert not verdict.reason.endswith(".")


def test_what_breaks_a_client_need_not_break_a_server(contract_of):
    """A new required parameter breaks clients and is risky for servers."""
    rows = ("|id|Long|Yes|1|Number |", "|key|String|Yes|x|Key |")
    (change,) = changes(contract_of(), contract_of(rows))
    assert BREAKING is grade(change, CLIENT).impact
    assert RISKY is grade(change, SERVER).impact


@pytest.mark.parametrize(
    ("said", "expected"),
    [(Grade.STATED, BREAKING), (Grade.IMPLIED, RISKY), (Grade.ASSUMED, COMPATIBLE)],
)
def test_nothing_is_graded_harder_than_the_page_says_it(contract_of, said, expected):
    """A change of what the page only implies is not breaking."""
    rule = Ordering("in-order", "Id", "Id", replace(HERE, grade=said))
    old = replace(contract_of(), constraints=Constraints())
    (change,) = changes(old, replace(old, constraints=Constraints(orderings=(rule,))))
    assert expected is grade(change, SERVER).impact


# Which is which


@pytest.mark.parametrize(
    ("old", "new", "kind"),
    [
        ("|LampId|Long|1|x |", "|LampID|Long|1|y |", "field-renamed"),
        ("|lamp_id|Long|1|x |", "|LampId|Long|1|y |", "field-renamed"),
        ("|Lamp|Long|1|Number of it. |", "|Light|Long|1|Number of it |", "field-renamed"),
    ],
)
def test_good_evidence_makes_a_new_name(contract_of, old, new, kind):
    """A field in other letter case, or with the same description, was renamed."""
    found = told(contract_of(response=(old,)), contract_of(response=(new,)))
    assert [(kind, new.split("|")[1])] == found


def test_weak_evidence_makes_two_changes(contract_of):
    """A field with another name and another description is another field."""
    found = told(
        contract_of(response=("|Lamp|Long|1|x |",)), contract_of(response=("|Light|Long|1|y |",))
    )
    assert [("field-removed", "Lamp"), ("field-added", "Light")] == found


def test_two_candidates_are_no_evidence(contract_of):
    """A field was removed where two new fields could be the old one."""
    old = contract_of(response=("|Lamp|Long|1|Number |",))
    new = contract_of(response=("|One|Long|1|Number |", "|Two|Long|1|Number |"))
    expected = [("field-removed", "Lamp"), ("field-added", "One"), ("field-added", "Two")]
    assert expected == told(old, new)


BOX = ("|Box|Struct| |A box |", "|Lid|String|x|A lid |")


def test_a_field_that_the_samples_show_elsewhere_was_moved(contract_of):
    """A field was moved if both samples show it with one name and one type."""
    old = contract_of(response=BOX, more=sample('{"Box": {"Lid": "x"}}'))
    new = contract_of(response=BOX, more=sample('{"Box": {}, "Lid": "x"}'))
    (change,) = (each for each in changes(old, new) if each.part is Part.ANSWER)
    assert (ChangeKind.FIELD_MOVED, "Box.Lid", "Lid") == (
        change.kind,
        change.old.value,
        change.new.value,
    )


def test_a_field_that_only_its_neighbours_place_was_perhaps_moved(contract_of):
    """A move that rests on weak evidence says so and is risky at most."""
    rows = (*BOX, "|Key|String|x|A key |")
    old = contract_of(response=rows, more=sample('{"Box": {"Lid": "x", "Key": "x"}}'))
    new = contract_of(response=rows, more=sample('{"Box": {"Lid": "x"}}'))
    new = replace(new, success=replace(new.success, fields=_with_key_at_the_top(new)))
    (change,) = (each for each in changes(old, new) if each.part is Part.ANSWER)
    assert (ChangeKind.FIELD_PERHAPS_MOVED, "Key (placed by neighbours)") == (
        change.kind,
        change.new.value,
    )
    assert (RISKY, RISKY) == (grade(change, CLIENT).impact, grade(change, SERVER).impact)


def _with_key_at_the_top(contract):
    box = contract.success.fields[0]
    key = next(each for each in box.fields if each.name == "Key")
    assert Evidence.NEIGHBOURS is key.evidence
    return (replace(box, fields=tuple(each for each in box.fields if each is not key)), key)


def test_members_of_two_structures_are_not_moved_between_them(contract_of):
    """Members of a removed structure are not moved to an added one with equal names."""
    old = contract_of(
        response=("|Box|Struct| |x |", "|Id|Long|1|y |"), more=sample('{"Box": {"Id": 1}}')
    )
    rows = ("|Jar|Struct| |z |", "|Id|Long|1|y |", "|Top|Long|1|t |")
    new = contract_of(response=rows, more=sample('{"Jar": {"Id": 1, "Top": 1}}'))
    found = [each for each in told(old, new) if each[0].startswith("field")]
    assert [("field-removed", "Box"), ("field-added", "Jar")] == found


def test_a_structure_with_the_same_members_was_renamed(contract_of):
    """The members of a renamed structure are not changes of their own."""
    old = contract_of(
        response=("|Box|Struct| |x |", "|Id|Long|1|y |"), more=sample('{"Box": {"Id": 1}}')
    )
    new = contract_of(
        response=("|Jar|Struct| |z |", "|Id|Long|1|y |"), more=sample('{"Jar": {"Id": 1}}')
    )
    found = [each for each in told(old, new) if each[0].startswith("field")]
    assert [("field-renamed", "Jar")] == found


def test_a_new_name_in_the_path_does_not_travel(contract_of):
    """A renamed placeholder is not a renamed parameter: its name does not travel."""
    old = replace(contract_of(), constraints=Constraints())
    operation = old.operation
    (parameter,) = operation.parameters
    renamed = replace(parameter, name="number", wire_name="number", description="Other words")
    new = replace(old, operation=replace(operation, path="/boxes/{number}", parameters=(renamed,)))
    assert [("parameter-relabelled", "number")] == told(old, new)


def test_a_new_name_in_the_query_does(contract_of):
    """A renamed parameter breaks calls, which send the old name."""
    row = "|key|String|No|x|Key of the box |"
    old = contract_of((row,))
    new = contract_of((row.replace("|key", "|token"),))
    assert [("parameter-renamed", "token")] == told(old, new)


def test_headers_have_no_letter_case(contract_of):
    """A header in other letter case is the same parameter."""
    old = contract_of()
    (parameter,) = old.operation.parameters
    pair = (
        replace(parameter, place=Place.HEADER, name="key", wire_name=name)
        for name in ("X-Key", "x-key")
    )
    one, other = (
        replace(old, operation=replace(old.operation, parameters=(each,))) for each in pair
    )
    assert [("parameter-relabelled", "key")] == told(one, other)


def test_a_page_without_a_path_leaves_places_open(contract_of):
    """Parameters of a page without a path have not moved, since their place is not known."""
    new = contract_of()
    (parameter,) = new.operation.parameters
    silent = replace(parameter, place=Place.QUERY)
    old = replace(new, operation=replace(new.operation, method="", path="", parameters=(silent,)))
    assert [("request-line-stated", "Ask")] == told(old, new)


# Words


@pytest.mark.parametrize(
    ("old", "new", "dropped"),
    [
        ("Number; -1 is the newest", "Number", {"-1"}),
        ("编号，默认填−1。", "编号", {"-1"}),
        ("0 or 2.5", "0", {"2.5"}),
        ("null while it runs", "Runs", {"null"}),
        ("since 2018-11-11", "long since", set()),
        ("blink-3.4.4", "blink", set()),
        ("a1 and v2", "both", set()),
    ],
)
def test_a_lone_number_has_a_meaning(contract_of, old, new, dropped):
    """Dates, versions and parts of names are not values with a meaning."""
    one, other = (contract_of(response=(f"|Id|Long|1|{each} |",)) for each in (old, new))
    found = changes(one, other)
    assert dropped == {
        each.old.value for each in found if each.kind is ChangeKind.FIELD_MEANING_DROPPED
    }
    if not dropped:
        assert [("field-reworded", "Id")] == [(each.kind, each.name) for each in found]


def test_punctuation_is_no_change(contract_of):
    """A description that differs in punctuation alone is the same."""
    one, other = (contract_of(response=(f"|Id|Long|1|{each} |",)) for each in ("A  box", "A box."))
    assert () == changes(one, other)


def test_a_listed_value_is_told_once(contract_of):
    """The bullet that lists a value is not reported again as a reworded description."""
    row = "|State|String|x|State:\n\n -   ON: runs.\n-   OFF: rests. |"
    old, new = contract_of(response=(row,)), contract_of(response=(row.replace("OFF", "OUT"),))
    expected = [("value-removed", "State"), ("value-added", "State")]
    assert sorted(expected) == sorted(told(old, new, words=True))


# The rest


def test_a_constraint_on_a_renamed_field_is_the_same(contract_of):
    """A constraint on a renamed field is the same constraint."""
    old, new = (
        replace(
            contract_of(response=(f"|{name}|Long|1|Number |", "|End|Long|1|End |")),
            constraints=Constraints(orderings=(Ordering(name, name, "End", HERE),)),
        )
        for name in ("Start", "Begin")
    )
    assert [("field-renamed", "Begin")] == told(old, new)


def test_equal_samples_are_found_in_any_order(contract_of):
    """Only the values that are new are reported."""
    old = contract_of()
    one, two, three = (Sample(Media.JSON, text, HERE) for text in ("1", "2", "3"))
    found = told(replace(old, samples=(one, two)), replace(old, samples=(three, two, one)))
    assert [("sample-added", "JSON")] == found


def test_an_unknown_type_that_becomes_known_is_no_new_type(contract_of):
    """A type is stated if the old page named none that docpact knows."""
    old = contract_of(response=("|Id|Wombat|1|Number |",))
    assert Kind.ANY is old.success.fields[0].kind
    assert [("field-type-stated", "Id")] == told(old, contract_of())


def test_what_is_compared_nowhere_else_is_no_less_a_change(contract_of):
    """A member of the model that nothing compares is reported as it is."""
    (old,) = contract_of().success.fields
    new = replace(old, example="2")
    subject = Compared(Part.ANSWER, "Id", HERE, HERE)
    (change,) = otherwise(ChangeKind.FIELD_OTHERWISE, subject, old, new, set())
    assert ('example "1"', 'example "2"') == (change.old.value, change.new.value)
    assert [] == list(otherwise(ChangeKind.FIELD_OTHERWISE, subject, old, new, {"example"}))
