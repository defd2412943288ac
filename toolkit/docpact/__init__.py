"""Compile an API reference page into an executable contract and check real traffic against it."""


def __getattr__(name: str) -> str:
    """The version, looked up only where somebody asks for it, which takes longer than the rest."""
    if name != "__version__":
        raise AttributeError(f"module 'docpact' has no attribute {name!r}")
    from importlib.metadata import version

    return version("docpact")
