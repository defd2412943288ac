"""The base of every value that is kept in files: frozen, and strict about what it is read from.

A dataclass would serve but for two things: msgspec passes over keys that a dataclass does not know,
so a misspelt ruling would be lost in silence, and making a dataclass takes forty times as long,
which the command line would pay at every start.
"""

import msgspec


class Frozen(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A frozen value; unknown keys in what it is read from are refused.

    Subclasses say `frozen=True` again, which type checkers ask for.
    """
