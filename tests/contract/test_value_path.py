"""Values are found, replaced and listed by their dotted paths."""

import pytest

from docpact.contract.value_path import objects_at, scalar_at, scalars_in, value_at, with_value

DOCUMENT = {"A": {"B": 1, "C": [{"D": 2}, {"D": None}, 3]}, "E": ""}


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("A.B", 1),
        ("E", ""),
        (("A", "C", 0, "D"), 2),
        ("A.B.C", None),
        ("A.C.D", None),
        (("A", "C", 7), None),
        ("", None),
        ((), DOCUMENT),
    ],
)
def test_a_value_is_found_or_none(path, value):
    """A path that leads nowhere has no value; a place may hold the numbers of list items."""
    assert value == value_at(DOCUMENT, path)


def test_a_scalar_is_no_object_and_no_list():
    """An object or a list at the path counts as nothing."""
    assert (1, None, None) == tuple(scalar_at(DOCUMENT, each) for each in ("A.B", "A", "A.C"))


def test_a_replaced_value_leaves_the_document_as_it_was():
    """The copy has the new value, and what is missing on the way is made."""
    before = repr(DOCUMENT)
    assert 5 == value_at(with_value(DOCUMENT, "A.B", 5), "A.B")
    assert {"X": {"Y": 5}} == with_value({}, "X.Y", 5)
    assert 5 == value_at(with_value(DOCUMENT, ("A", "C", 1, "D"), 5), ("A", "C", 1, "D"))
    assert before == repr(DOCUMENT)


def test_objects_are_found_through_lists():
    """Each object has its place, and what is not an object is left out."""
    assert [(("A", "C", 0), {"D": 2}), (("A", "C", 1), {"D": None})] == list(
        objects_at(DOCUMENT, ("A", "C"))
    )
    assert [] == list(objects_at(DOCUMENT, ("A", "X")))


def test_every_scalar_is_listed_with_its_place():
    """Those in lists are listed too, in the order of the document."""
    assert [
        (("A", "B"), 1),
        (("A", "C", 0, "D"), 2),
        (("A", "C", 1, "D"), None),
        (("A", "C", 2), 3),
        (("E",), ""),
    ] == list(scalars_in(DOCUMENT))
