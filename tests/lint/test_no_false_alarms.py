"""What pages of the family do on purpose is no contradiction."""

import pytest

STATE = "State of the lamp:\n\n -   ON: lit.\n-   OFF: dark (by hand). |"


def test_members_of_a_map_need_no_row(reported):
    """The names in a map are data, so the table need not list them."""
    changes = (
        ("|Settings|String|", "|Settings|Map|"),
        ('"{\\"dim\\":true}"', '{"dim": true, "State": "odd", "LampId": "x"}'),
        ('{"dim":true}</', "<dim>true</dim><State>odd</State><LampId>x</LampId></"),
    )
    assert [] == reported(*changes)


@pytest.mark.parametrize(
    ("as_json", "as_xml"),
    [
        ("[1, 2]", "<Levels>1</Levels><Levels>2</Levels>"),
        ('{"Level": [1, 2]}', "<Levels><Level>1</Level><Level>2</Level></Levels>"),
        ("[1, 2]", "<Levels><Level>1</Level><Level>2</Level></Levels>"),
        ("[1]", "<Levels>1</Levels>"),
    ],
)
def test_a_list_may_be_wrapped(reported, as_json, as_xml):
    """A wrapper only names the items of a list, and XML repeats what JSON puts in brackets."""
    row = "|Levels|Array of Level| |Levels of light |\n|LitOn|"
    changes = (
        ("|LitOn|", row),
        ('        "LitOn"', f'        "Levels": {as_json},\n        "LitOn"'),
        ("        <LitOn>", f"        {as_xml}\n        <LitOn>"),
    )
    assert [] == reported(*changes)


def test_a_list_of_texts_may_be_in_an_item_of_another(reported):
    """Each of two nested lists is checked against its own row."""
    rows = "|Bulbs|Array of Bulb| |Bulbs |\n|Bulb| | | |\n|Tags|Array of String|a|Tags |\n|LitOn|"
    as_json = ('        "LitOn"', '        "Bulbs": [{"Tags": ["a", "b"]}],\n        "LitOn"')
    as_xml = (
        "        <LitOn>",
        "        <Bulbs><Tags>a</Tags><Tags>b</Tags></Bulbs>\n        <LitOn>",
    )
    assert [] == reported(("|LitOn|", rows), as_json, as_xml)


def test_a_structure_may_be_named_by_its_members_alone(reported):
    """A page with dotted names need not have a row for the structure."""
    rows = ("|LitOn|", "|Socket.Size|Long|27|Size of the socket |\n|LitOn|")
    as_json = ('        "LitOn"', '        "Socket": {"Size": 27},\n        "LitOn"')
    as_xml = ("        <LitOn>", "        <Socket><Size>27</Size></Socket>\n        <LitOn>")
    assert "sample-member-unlisted" not in {rule for rule, _ in reported(rows, as_json, as_xml)}


def test_rows_of_structures_may_have_names_in_common(reported):
    """Each item of two lists may have a name of its own."""
    rows = (
        "|Bulbs|Array of Bulb| |Bulbs |\n|Bulb| | | |\n|Name|String|b|Name of the bulb |\n"
        "|Shades|Array of Shade| |Shades |\n|Shade| | | |\n|Name|String|s|Name of the shade |\n"
        "|LitOn|"
    )
    as_json = (
        '        "Bulbs": [{"Name": "b"}],\n        "Shades": [{"Name": "s"}],\n        "LitOn"'
    )
    as_xml = "        <Bulbs><Name>b</Name></Bulbs><Shades><Name>s</Name></Shades>\n        <LitOn>"
    found = reported(("|LitOn|", rows), ('        "LitOn"', as_json), ("        <LitOn>", as_xml))
    assert "repeated-row" not in {rule for rule, _ in found}


def test_two_formats_are_two_calls(reported):
    """Each sample has a RequestId of its own, which is not a contradiction."""
    assert [] == reported(("<RequestId>5A0EA261", "<RequestId>6B0EA261"))


def test_numbers_are_texts_in_xml(reported):
    """A number in XML agrees with that in JSON however it is written."""
    row = ("|LitOn|", "|Watts|Float|60.5|Power |\n|LitOn|")
    as_json = ('        "LitOn"', '        "Watts": 60.50,\n        "LitOn"')
    as_xml = ("        <LitOn>", "        <Watts>6.05e1</Watts>\n        <LitOn>")
    assert [] == reported(row, as_json, as_xml)


def test_masked_values_agree_as_far_as_they_can_be_seen(reported):
    """A masked value is only noted as masked if what can be seen agrees."""
    found = reported(("<HouseName>house1", "<HouseName>hou****"))
    assert {"masked-example"} == {rule for rule, _ in found}


def test_common_parameters_need_no_row(reported):
    """Format, Version and the like are described elsewhere, so no table need list them."""
    assert [] == reported(("lamps/7\n", "lamps/7?Format=JSON&Version=2020-01-01\n"))


def test_a_header_is_not_missed_in_the_sample_request(reported):
    """A required header need not be in the sample request, which seldom shows headers."""
    head = ("|Name|Type|Required|Example|", "|Name|Type|Position|Required|Example|")
    rows = (
        ("|--|--|----|---|--|", "|--|--|--|----|---|--|"),
        (
            "|houseName|String|Yes",
            "|RegionId|String|Header|Yes|x|Region |\n|houseName|String|Path|Yes",
        ),
        ("|lampId|Long|Yes", "|lampId|Long|Path|Yes"),
    )
    assert [] == reported(head, *rows)


def test_a_page_of_errors_describes_the_failure(reported):
    """A section on error codes describes the failure, even if it only has a link."""
    promise = ("one lamp of a house.", "one lamp of a house. The call fails at night.")
    errors = ("## Examples", "## Error codes\n\nSee the error centre.\n\n## Examples")
    assert {"failure-undescribed"} == {rule for rule, _ in reported(promise)}
    assert [] == reported(promise, errors)


def test_a_list_of_words_on_other_rows_is_not_a_list_of_values(reported):
    """Bullets that begin with the names of other fields are not values."""
    assert [] == reported(
        (STATE, "State of the lamp:\n\n -   HouseName: where it is.\n-   LampId: its ID. |")
    )


def test_meanings_in_other_words_are_not_a_contradiction(reported):
    """Two meanings contradict each other only if brackets tie them to different things."""
    assert [] == reported(
        (STATE, "State of the lamp:\n\n -   ON: it is lit.\n-   OFF: it is dark. |")
    )


def test_escaped_json_is_json(reported):
    """JSON in a table may be escaped as it is within a string."""
    assert [] == reported((r'\{"dim":true\}', r"\{\\\"dim\\\":true\}"))
