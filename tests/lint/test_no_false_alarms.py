"""What pages of the family do on purpose is no contradiction."""

import pytest

STATE = "State of the lamp:\n\n -   ON: lit.\n-   OFF: dark (by hand). |"


def test_members_of_a_map_need_no_row(told):
    """Their names are data."""
    changes = (
        ("|Settings|String|", "|Settings|Map|"),
        ('"{\\"dim\\":true}"', '{"dim": true, "State": "odd", "LampId": "x"}'),
        ('{"dim":true}</', "<dim>true</dim><State>odd</State><LampId>x</LampId></"),
    )
    assert [] == told(*changes)


@pytest.mark.parametrize(
    ("as_json", "as_xml"),
    [
        ("[1, 2]", "<Levels>1</Levels><Levels>2</Levels>"),
        ('{"Level": [1, 2]}', "<Levels><Level>1</Level><Level>2</Level></Levels>"),
        ("[1, 2]", "<Levels><Level>1</Level><Level>2</Level></Levels>"),
        ("[1]", "<Levels>1</Levels>"),
    ],
)
def test_a_list_may_be_wrapped(told, as_json, as_xml):
    """The wrapper only names the items, and XML repeats what JSON puts in brackets."""
    row = "|Levels|Array of Level| |Levels of light |\n|LitOn|"
    changes = (
        ("|LitOn|", row),
        ('        "LitOn"', f'        "Levels": {as_json},\n        "LitOn"'),
        ("        <LitOn>", f"        {as_xml}\n        <LitOn>"),
    )
    assert [] == told(*changes)


def test_a_list_of_texts_may_stand_in_an_item_of_another(told):
    """Each is held against its own row."""
    rows = "|Bulbs|Array of Bulb| |Bulbs |\n|Bulb| | | |\n|Tags|Array of String|a|Tags |\n|LitOn|"
    as_json = ('        "LitOn"', '        "Bulbs": [{"Tags": ["a", "b"]}],\n        "LitOn"')
    as_xml = (
        "        <LitOn>",
        "        <Bulbs><Tags>a</Tags><Tags>b</Tags></Bulbs>\n        <LitOn>",
    )
    assert [] == told(("|LitOn|", rows), as_json, as_xml)


def test_a_structure_may_be_named_by_its_members_alone(told):
    """As pages with dotted names do."""
    rows = ("|LitOn|", "|Socket.Size|Long|27|Size of the socket |\n|LitOn|")
    as_json = ('        "LitOn"', '        "Socket": {"Size": 27},\n        "LitOn"')
    as_xml = ("        <LitOn>", "        <Socket><Size>27</Size></Socket>\n        <LitOn>")
    assert "sample-member-unlisted" not in {rule for rule, _ in told(rows, as_json, as_xml)}


def test_rows_of_structures_may_have_names_in_common(told):
    """Each item of two lists has a name of its own."""
    rows = (
        "|Bulbs|Array of Bulb| |Bulbs |\n|Bulb| | | |\n|Name|String|b|Name of the bulb |\n"
        "|Shades|Array of Shade| |Shades |\n|Shade| | | |\n|Name|String|s|Name of the shade |\n"
        "|LitOn|"
    )
    as_json = (
        '        "Bulbs": [{"Name": "b"}],\n        "Shades": [{"Name": "s"}],\n        "LitOn"'
    )
    as_xml = "        <Bulbs><Name>b</Name></Bulbs><Shades><Name>s</Name></Shades>\n        <LitOn>"
    found = told(("|LitOn|", rows), ('        "LitOn"', as_json), ("        <LitOn>", as_xml))
    assert "repeated-row" not in {rule for rule, _ in found}


def test_two_formats_are_two_calls(told):
    """So each sample has a RequestId of its own."""
    assert [] == told(("<RequestId>5A0EA261", "<RequestId>6B0EA261"))


def test_numbers_are_texts_in_xml(told):
    """And agree with those of JSON however they are written."""
    row = ("|LitOn|", "|Watts|Float|60.5|Power |\n|LitOn|")
    as_json = ('        "LitOn"', '        "Watts": 60.50,\n        "LitOn"')
    as_xml = ("        <LitOn>", "        <Watts>6.05e1</Watts>\n        <LitOn>")
    assert [] == told(row, as_json, as_xml)


def test_masked_values_agree_as_far_as_they_can_be_seen(told):
    """But for the note that they are masked."""
    found = told(("<HouseName>house1", "<HouseName>hou****"))
    assert {"masked-example"} == {rule for rule, _ in found}


def test_common_parameters_need_no_row(told):
    """Format, Version and the like are described elsewhere."""
    assert [] == told(("lamps/7\n", "lamps/7?Format=JSON&Version=2020-01-01\n"))


def test_a_header_is_not_missed_in_the_sample_request(told):
    """Samples of requests seldom print headers."""
    head = ("|Name|Type|Required|Example|", "|Name|Type|Position|Required|Example|")
    rows = (
        ("|--|--|----|---|--|", "|--|--|--|----|---|--|"),
        (
            "|houseName|String|Yes",
            "|RegionId|String|Header|Yes|x|Region |\n|houseName|String|Path|Yes",
        ),
        ("|lampId|Long|Yes", "|lampId|Long|Path|Yes"),
    )
    assert [] == told(head, *rows)


def test_a_page_of_errors_describes_the_failure(told):
    """A section on error codes is enough, even if it leads elsewhere."""
    promise = ("one lamp of a house.", "one lamp of a house. The call fails at night.")
    errors = ("## Examples", "## Error codes\n\nSee the error centre.\n\n## Examples")
    assert {"failure-undescribed"} == {rule for rule, _ in told(promise)}
    assert [] == told(promise, errors)


def test_a_list_of_words_on_other_rows_is_no_list_of_values(told):
    """Bullets may speak of other fields."""
    assert [] == told(
        (STATE, "State of the lamp:\n\n -   HouseName: where it is.\n-   LampId: its ID. |")
    )


def test_meanings_in_other_words_are_no_contradiction(told):
    """Only what brackets tie to different things is one."""
    assert [] == told((STATE, "State of the lamp:\n\n -   ON: it is lit.\n-   OFF: it is dark. |"))


def test_escaped_json_is_json(told):
    """As a table shows what stands within a string."""
    assert [] == told((r'\{"dim":true\}', r"\{\\\"dim\\\":true\}"))
