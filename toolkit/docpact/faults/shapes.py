"""Faults of an answer's shape: members at other places, under other names, too many of them."""

import re
from collections.abc import Callable
from random import Random

from docpact.contract import Media
from docpact.exchange import Response
from docpact.faults.fault import BOTH, JSON_ONLY, XML_ONLY, Change, Fault
from docpact.faults.specimen import Members, changing_success, changing_text, opened, with_text


def _shape(
    name: str,
    summary: str,
    rules: str,
    change: Callable[[Members], Members | None],
    media: frozenset[Media] = BOTH,
) -> Fault:
    return Fault(
        name, summary, frozenset(rules.split()), media=media, change=changing_success(change)
    )


def _renamed(members: Members, rename: Callable[[str], str]) -> Members:
    return {
        rename(name): _renamed(value, rename) if isinstance(value, dict) else value
        for name, value in members.items()
    }


def _camel(name: str) -> str:
    return name[:1].lower() + name[1:]


def _snake(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


def _snake_inside(members: Members) -> Members:
    return {**members, "Instance": _renamed(members["Instance"], _snake)}


def _job_name_above(members: Members) -> Members:
    instance = dict(members["Instance"])
    return {**members, "JobName": instance.pop("JobName"), "Instance": instance}


def _request_id_inside(members: Members) -> Members:
    return {"Instance": {**members["Instance"], "RequestId": members["RequestId"]}}


def _root_array() -> Change:
    def changed(response: Response, _random: Random) -> Response | None:
        specimen = opened(response)
        if not specimen.is_json or specimen.instance is None:
            return None
        return with_text(response, f"[{specimen.text()}]")

    return changed


SHAPE_FAULTS = (
    _shape(
        "flat",
        "puts the instance's members beside RequestId",
        "misplaced-field",
        lambda members: {"RequestId": members["RequestId"], **members["Instance"]},
    ),
    _shape(
        "nested-deeper",
        "wraps the instance once more",
        "misplaced-field",
        lambda members: {**members, "Instance": {"Instance": members["Instance"]}},
    ),
    _shape(
        "wrapped",
        "wraps the answer in an envelope of its own",
        "misplaced-field",
        lambda members: {"data": members},
    ),
    _shape("member-above", "puts JobName beside the instance", "misplaced-field", _job_name_above),
    _shape(
        "request-id-inside",
        "puts RequestId into the instance",
        "misplaced-field",
        _request_id_inside,
    ),
    _shape(
        "camel-case",
        "writes names like jobName",
        "wrong-name-case",
        lambda members: _renamed(members, _camel),
    ),
    _shape(
        "upper-case",
        "writes names like JOBNAME",
        "wrong-name-case",
        lambda members: _renamed(members, str.upper),
    ),
    _shape(
        "snake-case",
        "writes the instance's names like job_name",
        "undocumented-field missing-field wrong-name-case",
        _snake_inside,
    ),
    _shape(
        "extra-member",
        "adds a member that the page does not know",
        "undocumented-field",
        lambda members: {**members, "Instance": {**members["Instance"], "Priority": 3}},
    ),
    _shape(
        "extra-top-member",
        "adds a member beside the instance",
        "undocumented-field",
        lambda members: {**members, "Success": "true"},
    ),
    _shape(
        "only-the-instance",
        "answers with the bare instance",
        "missing-field misplaced-field",
        lambda members: dict(members["Instance"]),
    ),
    _shape("nothing-in-it", "answers with an empty document", "missing-field", lambda _members: {}),
    Fault(
        "array-root",
        "answers with a list of one answer",
        frozenset({"wrong-type"}),
        media=JSON_ONLY,
        change=_root_array(),
    ),
    Fault(
        "duplicate-key",
        "writes RequestId twice",
        frozenset({"json-duplicate-key"}),
        media=JSON_ONLY,
        change=changing_text(
            Media.JSON, lambda _specimen, text: '{"RequestId":"again",' + text.removeprefix("{")
        ),
    ),
    Fault(
        "duplicate-element",
        "writes RequestId twice",
        frozenset({"xml-duplicate-element"}),
        media=XML_ONLY,
        change=changing_text(
            Media.XML,
            lambda specimen, text: text.replace(
                f"<{specimen.root}>", f"<{specimen.root}><RequestId>again</RequestId>", 1
            ),
        ),
    ),
    Fault(
        "several-instances",
        "writes the instance twice",
        frozenset({"xml-duplicate-element"}),
        media=XML_ONLY,
        change=changing_success(
            lambda members: {**members, "Instance": [members["Instance"], members["Instance"]]}
        ),
    ),
)
