"""The sample answers by themselves: well-formed, of one root, in agreement, and what they claim."""

from collections.abc import Iterator

from docpact.contract import Media
from docpact.contract.interpret.blocks import Role
from docpact.core.violation import plain as as_shown
from docpact.lint.context import Subject, is_failure
from docpact.lint.diagnostic import Diagnostic, folded
from docpact.lint.sample_document import Printed, Shown
from docpact.lint.values import same_but_for_masks


def check_samples(subject: Subject) -> Iterator[Diagnostic]:
    """What is wrong with the sample answers, one by one and side by side."""
    for printed in subject.answers:
        yield from _syntax(printed)
        yield from _root(printed, subject)
        yield from _failure(printed, subject)
    pair = _pair(subject)
    if pair:
        yield from _names(*pair)
        yield from folded(tuple(_values(*pair)), "{} values differ between JSON and XML: {}")
    if subject.parts and subject.parts.response and not _has_answer(subject):
        rows = len(subject.response)
        message = f"no sample answer shows a field, so nothing tells where the {rows} rows belong"
        yield Diagnostic("no-sample-answer", message, subject.parts.response_span)


def _has_answer(subject: Subject) -> bool:
    """Whether a sample is there that shows something, or would if it were well-formed."""
    return any(
        each.role is Role.SUCCESS and (each.members or not each.readable)
        for each in subject.answers
    )


def _syntax(printed: Printed) -> Iterator[Diagnostic]:
    for violation, span in printed.violations:
        message = f"the {printed.media.upper()} sample: {violation.message}"
        yield Diagnostic("sample-syntax", message, span)


def _root(printed: Printed, subject: Subject) -> Iterator[Diagnostic]:
    if not printed.tops or not subject.contract or printed.role is Role.FAILURE:
        return
    names = [name for name, _ in printed.tops]
    also = tuple(span for _, span in printed.tops[1:])
    if len(names) > 1:
        listed = ", ".join(dict.fromkeys(names))
        message = (
            f"the XML sample has {len(names)} elements at the top ({listed}), but a document has "
            "one root"
        )
        yield Diagnostic("sample-several-roots", message, printed.span, also=also)
    elif not printed.root:
        message = f"the XML sample has no root around its only element, {names[0]}"
        yield Diagnostic("sample-root", message, printed.span)
    else:
        expected = f"{subject.contract.operation.name}Response"
        if printed.root.endswith("Response") and printed.root != expected:
            message = f"the XML sample's root is {printed.root}; the operation makes it {expected}"
            yield Diagnostic("sample-root", message, printed.tops[0][1], expected=expected)


def _failure(printed: Printed, subject: Subject) -> Iterator[Diagnostic]:
    if printed.role is Role.SUCCESS and printed.readable and is_failure(printed, subject.response):
        code = next((each.value for each in printed.members if each.name.lower() == "code"), None)
        said = f" ({as_shown(code)})" if isinstance(code, str) else ""
        message = f"the {printed.media.upper()} sample of success is an error{said}"
        yield Diagnostic("sample-is-failure", message, printed.span)


def _pair(subject: Subject) -> tuple[Printed, Printed] | None:
    readable = [each for each in subject.answers if each.readable and each.role is Role.SUCCESS]
    as_json = next((each for each in readable if each.media is Media.JSON), None)
    as_xml = next((each for each in readable if each.media is Media.XML), None)
    return (as_json, as_xml) if as_json and as_xml else None


def _names(as_json: Printed, as_xml: Printed) -> Iterator[Diagnostic]:
    """Members that one sample has and the other has not, or in other letter case."""
    in_json, in_xml = _first_of_each(as_json), _first_of_each(as_xml)
    lower = {name.lower(): name for name in in_json}
    cased = [
        (in_json[lower[name.lower()]], shown)
        for name, shown in in_xml.items()
        if name not in in_json and lower.get(name.lower(), name) not in {name, *in_xml}
    ]
    yield from folded(
        tuple(
            Diagnostic(
                "samples-disagree",
                f"the XML sample writes {there.name}, the JSON sample {here.name}",
                there.span,
                here.span,
                field=here.dotted,
            )
            for here, there in cased
        ),
        "{} names are written in other letter case in XML than in JSON: {}",
    )
    known = {each.lower() for each in in_json}, {each.lower() for each in in_xml}
    yield from _missing(in_json, known[1], as_xml, as_json)
    yield from _missing(in_xml, known[0], as_json, as_xml)


def _first_of_each(printed: Printed) -> dict[str, Shown]:
    found: dict[str, Shown] = {}
    for each in printed.members:
        found.setdefault(each.name, each)
    return found


def _missing(
    names: dict[str, Shown], known: set[str], other: Printed, own: Printed
) -> Iterator[Diagnostic]:
    lacking = [
        each
        for name, each in names.items()
        if name.lower() not in known and not _may_be_left_out(each, other, own)
    ]
    tops = [each for each in lacking if not _within_another(each, lacking)]
    here, there = own.media.upper(), other.media.upper()
    diagnostics = tuple(
        Diagnostic(
            "samples-disagree",
            f"the {here} sample has {each.name}, the {there} sample has not",
            each.span,
            other.span,
            field=each.dotted,
        )
        for each in tops
    )
    yield from folded(
        diagnostics, f"{{}} members of the {here} sample are not in the {there} one: {{}}"
    )


def _may_be_left_out(each: Shown, other: Printed, own: Printed) -> bool:
    """Whether the other format need not have it: an empty member, or the wrapper of list items."""
    if each.value in (None, [], {}):
        return True
    parent = each.path[:-1]
    if not parent:
        return False
    # <Jobs><Job>… is how XML writes the items of a list that JSON calls "Jobs".
    items = [x for x in own.members if x.path == each.path]
    wraps = len({x.name for x in own.members if x.path[:-1] == parent}) == 1
    holders = [x for x in other.members if x.name.lower() == parent[-1].lower()]
    lists = any(isinstance(x.value, list) for x in (*holders, *items))
    return wraps and (lists or not holders or any(x.value in ("", {}, None) for x in holders))


def _within_another(each: Shown, others: list[Shown]) -> bool:
    return any(each.path[: len(other.path)] == other.path and each is not other for other in others)


def _values(as_json: Printed, as_xml: Printed) -> Iterator[Diagnostic]:
    """Members that both samples have once, with different values."""
    in_json, in_xml = _once(as_json), _once(as_xml)
    for name, here in in_json.items():
        there = in_xml.get(name)
        # Two formats are two calls, so each has an id of its own.
        if there is None or name == "requestid" or _agree(here, there):
            continue
        yield Diagnostic(
            "samples-disagree",
            f"{here.name} is {as_shown(here.value)} in the JSON sample, "
            f"{as_shown(there.value)} in the XML sample (line {there.span.first})",
            here.span,
            there.span,
            field=here.dotted,
        )


def _once(printed: Printed) -> dict[str, Shown]:
    found: dict[str, list[Shown]] = {}
    for each in printed.members:
        found.setdefault(each.name.lower(), []).append(each)
    return {
        name: shown[0] for name, shown in found.items() if len(shown) == 1 and not shown[0].repeated
    }


def _agree(here: Shown, there: Shown) -> bool:
    containers = isinstance(here.value, dict | list), isinstance(there.value, dict | list)
    if any(containers):
        empty = here.value in ({}, [], "", None) or there.value in ("", {}, None)
        return all(containers) or empty or isinstance(here.value, list)
    return same_but_for_masks(_text(here), _text(there))


def _text(shown: Shown) -> str:
    value = shown.value
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)
