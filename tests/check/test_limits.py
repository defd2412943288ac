"""What is larger than any answer is left unread, by the same bounds in JSON and XML."""

import pytest

LEVELS, PARTS, BYTES = 64, 200_000, 16 * 1024 * 1024


@pytest.mark.parametrize(
    ("above", "rule"), [(-1, "undocumented-field"), (0, "undocumented-field"), (1, "body-limit")]
)
def test_levels_are_counted_alike(judge, answers, above, rule):
    """64 objects may stand within each other; in XML the innermost element is a text."""
    depth = LEVELS - 2 + above  # the answer and its instance are two
    nested = '{"a":' * depth + "1" + "}" * depth
    assert [rule] == judge(answers.json_with("Extra", nested)).rules
    markup = "<a>" * (depth + 1) + "</a>" * (depth + 1)
    assert [rule] == judge(answers.xml_with(markup)).rules


@pytest.mark.parametrize(
    ("levels", "rules"),
    [(LEVELS, ["undocumented-field", "undocumented-field"]), (LEVELS + 1, ["body-limit"])],
)
@pytest.mark.parametrize("before", ["{}", '{"a": {"b": []}}', "[[[]], []]"])
def test_what_was_closed_before_is_no_level(judge, answers, before, levels, rules):
    """Levels are those that are open at once, whatever stands beside them."""
    depth = levels - 2
    nested = f'{before}, "More": ' + '{"a":' * depth + "1" + "}" * depth
    assert rules == judge(answers.json_with("Extra", nested)).rules


@pytest.mark.parametrize(("depth", "is_read"), [(LEVELS, True), (LEVELS + 1, False)])
def test_a_fragment_may_be_as_deep_as_what_a_root_holds(judge, depth, is_read):
    """The root that was cut off is no level."""
    tops = "<RequestId>x</RequestId>" + "<a>" * depth + "</a>" * depth
    for found in (
        judge.fragment(tops),
        judge.fragment(f"<GetInstanceResponse>{tops}</GetInstanceResponse>"),
    ):
        assert is_read is ("body-limit" not in found.rules)


def test_many_parts_are_left_unread(judge):
    """Members, items and elements are counted, however shallow they stand."""
    items = '{"a": [' + "1," * PARTS + "1]}"
    members = "{" + ",".join(f'"a{each}":1' for each in range(PARTS + 1)) + "}"
    elements = "<GetInstanceResponse>" + "<a></a>" * PARTS + "</GetInstanceResponse>"
    for body in (items, members, elements):
        found = judge(body)
        assert [("body-limit", "error")] == found.severities
        assert PARTS == found.only.expected


def test_almost_as_many_parts_are_judged(judge):
    """Below the limit a body is judged like any other, and is not told member by member."""
    items = '{"a": [' + "1," * (PARTS - 10) + "1]}"
    elements = "<GetInstanceResponse>" + "<a></a>" * (PARTS - 10) + "</GetInstanceResponse>"
    for body in (items, elements):
        assert ["missing-field", "missing-field", "undocumented-field"] == judge(body).rules


@pytest.mark.parametrize(("excess", "rule"), [(0, "wrong-type"), (1, "body-limit")])
def test_parts_are_counted(judge, excess, rule):
    """The last part that fits is read, and not one more."""
    brackets = 100  # so many that levels have to be counted as well
    commas = PARTS - brackets - 1 + excess
    body = "[" + "[]," * brackets + "0," * (commas - brackets) + "0]"
    assert [rule] == judge(body).rules


@pytest.mark.parametrize("excess", [0, 1])
def test_elements_are_counted(judge, excess):
    """So it is with elements, the root among them."""
    body = "<GetInstanceResponse>" + "<a></a>" * (PARTS - 1 + excess) + "</GetInstanceResponse>"
    assert (excess == 1) is ("body-limit" in judge(body).rules)


def test_commas_within_texts_are_no_parts(judge, answers):
    """A long text is one value."""
    assert [] == judge(answers.json(answers.value({"Starter": "{[," * PARTS}))).rules


@pytest.mark.parametrize("excess", [0, 1])
def test_bytes_are_counted(judge, answers, write, excess):
    """16 MiB are read to the last byte, and not one more."""
    body = write(answers.value())
    found = judge(body + " " * (BYTES + excess - len(body.encode())))
    assert ["body-limit"] * excess == found.rules


def test_long_texts_are_read(judge, answers):
    """A text may be as long as a body; XML libraries stop at ten million characters by default."""
    assert [] == judge(answers.xml(answers.value({"Starter": "x" * 10_000_001}))).rules


def test_long_names_are_left_unread(judge):
    """A name is nothing that could be so long."""
    found = judge("<" + "a" * 10_000_001 + "/>").only
    assert ("body-limit", 1) == (found.rule, found.at.line)
    assert found.message.startswith(
        "the document is beyond the limits of the parser: Name too long"
    )


MANY, TOLD = 1000, 20


@pytest.mark.parametrize(
    ("rule", "body"),
    [
        ("json-duplicate-key", '{"RequestId": "x"' + ', "RequestId": "x"' * MANY + "}"),
        ("lone-surrogate", '{"RequestId": [' + '"\\ud800",' * (MANY - 1) + '"\\udc00"]}'),
        ("xml-duplicate-element", f"<Error><Code/>{'<Code>x</Code>' * MANY}</Error>"),
        (
            "xml-attribute",
            "<Error><Code {}>x</Code></Error>".format(" ".join(f'a{n}="="' for n in range(MANY))),
        ),
        ("xml-attribute", "<Error>{}</Error>".format('<Code a="x">x</Code>' * MANY)),
        ("xml-stray-text", "<Error/>".replace("/>", ">" + "<Code>x</Code>y" * MANY + "</Error>")),
    ],
)
def test_what_is_wrong_again_and_again_is_counted(judge, rule, body):
    """The first twenty in a structure are told one by one; one more finding counts the rest."""
    found = [each for each in judge(body).findings if each.rule == rule]
    if rule == "xml-stray-text":
        assert 1 == len(found)  # of each element the first is told
        return
    assert TOLD + 1 == len(found)
    (more,) = (each for each in found if "more like this" in each.message)
    assert f"{MANY - TOLD:,}" in more.message


def test_what_is_wrong_in_many_structures_is_counted_over_all(judge):
    """However many structures an answer makes up, there is an end to what is said of it."""
    body = "{" + ",".join(f'"a{n}": {{"x": 1, "x": 2}}' for n in range(5 * MANY)) + "}"
    found = [each for each in judge(body).findings if each.rule == "json-duplicate-key"]
    assert 1001 == len(found)
    assert ["4,000 more like this in the answer"] == [
        each.message for each in found if "more" in each.message
    ]


@pytest.mark.parametrize("excess", [0, 1])
def test_attributes_are_counted_like_elements(judge, excess):
    """On one element or on many; what only looks like one is none."""
    texts = "<Code>" + "a=b " * PARTS + "</Code>"
    long = '<HostId a="' + "=" * PARTS + '">x</HostId>'
    names = " ".join(f"a{n}='=>'" for n in range(PARTS - 1 + excess))
    found = judge(f"<Error>{texts}{long}<Message {names}>x</Message></Error>", status=404)
    assert ("body-limit" in found.rules) is bool(excess)
    if excess:
        assert "attributes" in found.only.message
