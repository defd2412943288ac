"""A command that does not exist is answered with the one that may have been meant."""

import pytest

USAGE = 2


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("generat", "unknown command 'generat' (did you mean generate?)"),
        ("zzz", "unknown command 'zzz'; the commands are "),
        ("--zzz", "--zzz"),
    ],
)
def test_a_command_that_does_not_exist_is_wrong_usage(docpact, typed, said):
    """An unknown command is wrong usage, with the most similar command or the list of all."""
    outcome = docpact(typed)
    assert (USAGE, "") == (outcome.code, outcome.out)
    assert said in outcome.err
