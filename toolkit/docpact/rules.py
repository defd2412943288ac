"""Every rule in one table: its id, what it means, how firm it is, and whom it might hurt."""

from dataclasses import dataclass
from enum import StrEnum

from docpact.span import Grade

STATED, IMPLIED, ASSUMED = Grade.STATED, Grade.IMPLIED, Grade.ASSUMED


class Family(StrEnum):
    """What part of an answer a rule looks at."""

    BODY = "body"
    JSON = "json"
    XML = "xml"
    FIELD = "field"
    MEANING = "meaning"
    HTTP = "http"


@dataclass(frozen=True, slots=True)
class Rule:
    """One thing that can be wrong; `id` never changes once released."""

    id: str
    family: Family
    grade: Grade  # where neither a field's line nor a ruling says more
    title: str
    meaning: str  # what is checked, in full sentences
    example: str  # something that breaks it
    caution: str = ""  # which correct server it might still hurt


_BODY = (
    Rule(
        "empty-body",
        Family.BODY,
        STATED,
        "The answer has no body",
        "Success and failure alike come with a body in JSON or XML; there was none.",
        "HTTP/1.1 200 OK with Content-Length: 0",
        "An answer to HEAD has no body by definition and is let through.",
    ),
    Rule(
        "unknown-format",
        Family.BODY,
        STATED,
        "The body is neither JSON nor XML",
        "The body starts with something that neither a JSON nor an XML document can start with.",
        "Service Unavailable",
    ),
    Rule(
        "html-body",
        Family.BODY,
        STATED,
        "The body is an HTML page",
        "A page for people came instead of an answer, often from a proxy or a login form.",
        "<!DOCTYPE html><html>…",
    ),
    Rule(
        "body-limit",
        Family.BODY,
        STATED,
        "The body is beyond docpact's limits and was not judged",
        "The body is larger or nested deeper than any documented answer by orders of magnitude; "
        "it is reported and left unread, so that a hostile body costs neither memory nor time.",
        "[[[[… a hundred levels deep",
        "An answer of more than 16 MiB, 200,000 members or 64 levels.",
    ),
    Rule(
        "wrong-encoding",
        Family.BODY,
        STATED,
        "The bytes are not in the encoding they should be in",
        "Answers are encoded in UTF-8. The bytes are not UTF-8, or an XML declaration or a charset "
        "names an encoding that the bytes are not in.",
        '<?xml version="1.0" encoding="GBK"?> before UTF-8 bytes',
    ),
    Rule(
        "byte-order-mark",
        Family.BODY,
        IMPLIED,
        "A UTF-8 byte order mark comes before the body",
        "JSON must not start with a byte order mark (RFC 8259, section 8.1) and many parsers "
        "refuse it. XML allows one, so this concerns JSON alone.",
        "EF BB BF 7B …",
        "A server whose clients all skip the mark.",
    ),
)

_JSON = (
    Rule(
        "json-syntax",
        Family.JSON,
        STATED,
        "The body is not well-formed JSON",
        "The body breaks the grammar of RFC 8259, for example because it was cut short.",
        '{"RequestId": "9B7BD33D',
    ),
    Rule(
        "json-trailing-text",
        Family.JSON,
        STATED,
        "Text follows the JSON document",
        "Only white space may follow the document.",
        "{…}{…}",
    ),
    Rule(
        "json-duplicate-key",
        Family.JSON,
        STATED,
        "An object has the same name twice",
        "Parsers disagree on which of the two counts (RFC 8259, section 4). docpact judges the "
        "last one, as most parsers do.",
        '{"Id": 1, "Id": 2}',
    ),
    Rule(
        "json-not-a-number",
        Family.JSON,
        STATED,
        "NaN or Infinity stands where JSON knows no such value",
        "NaN, Infinity and -Infinity are no JSON, though some writers produce them.",
        '{"InputDelay": NaN}',
    ),
    Rule(
        "lone-surrogate",
        Family.JSON,
        IMPLIED,
        "A text holds half of a surrogate pair",
        "An escape names one half of a UTF-16 surrogate pair, so the text is no Unicode and many "
        "parsers refuse or replace it (RFC 8259, section 8.2).",
        r'{"JobName": "\ud83d"}',
    ),
)

_XML = (
    Rule(
        "xml-syntax",
        Family.XML,
        STATED,
        "The body is not well-formed XML",
        "The body breaks the grammar of XML 1.0: an unclosed element, a bare & or <, a character "
        "that XML cannot hold.",
        "<Code>a & b</Code>",
    ),
    Rule(
        "xml-doctype",
        Family.XML,
        STATED,
        "The document has a DOCTYPE",
        "No documented answer has one. A DOCTYPE can define entities that read files or grow "
        "without bound, so docpact refuses the document unread.",
        '<!DOCTYPE r [<!ENTITY x SYSTEM "file:…">]>',
    ),
    Rule(
        "xml-wrong-root",
        Family.XML,
        STATED,
        "The document's root element has another name",
        "A success has the operation's name with Response as its root, a failure has Error. "
        "The members are judged all the same.",
        "<GetInstanceResult>…",
    ),
    Rule(
        "xml-several-roots",
        Family.XML,
        STATED,
        "Several elements stand at the top",
        "An XML document has one root. The page prints its sample cut to the inner elements; "
        "--fragment accepts that form.",
        "<RequestId>…</RequestId><Instance>…</Instance>",
    ),
    Rule(
        "xml-duplicate-element",
        Family.XML,
        STATED,
        "An element that may come once comes again",
        "The page documents one value; docpact judges the last one.",
        "<Id>1</Id><Id>2</Id>",
    ),
    Rule(
        "xml-attribute",
        Family.XML,
        IMPLIED,
        "An element has an attribute",
        "No documented element has attributes. Those of XML itself and of XML Schema instances "
        "(xml:lang, xsi:nil) are let through.",
        '<Id type="long">1</Id>',
        "A server that annotates its elements; clients ignore such attributes.",
    ),
    Rule(
        "xml-namespace",
        Family.XML,
        STATED,
        "An element is in a namespace",
        "Documented elements are in none; a client that looks for Instance finds nothing. "
        "The members are judged as if there were no namespace.",
        '<GetInstanceResponse xmlns="urn:x">',
    ),
    Rule(
        "xml-stray-text",
        Family.XML,
        STATED,
        "Text stands where only elements belong",
        "Between the members of a structure there may be white space only.",
        "<Instance>ok<Id>1</Id></Instance>",
    ),
)

_FIELD = (
    Rule(
        "masked-value",
        Family.FIELD,
        ASSUMED,
        "A value is masked, so it was not judged",
        "Captures are often redacted with asterisks, as the page's own examples are. A masked "
        "value is not held against its type, form or echo.",
        '"ClusterId": "rcmp9x37ztfb63g1x7lt****"',
    ),
    Rule(
        "wrong-type",
        Family.FIELD,
        STATED,
        "A value is of another type than the page's table says",
        "A String is a text, a Long a whole number, a Struct an object (JSON) or an element with "
        "elements (XML).",
        '"StartTime": "1599794335000"',
        "A server that writes an empty text for an unfinished job's EndTime gets a warning only.",
    ),
    Rule(
        "not-an-integer",
        Family.FIELD,
        STATED,
        "A Long is written with a fraction or an exponent",
        "1.5, 1.0 and 1e3 are not integers to the parsers of Go, Java and C#, even where the "
        "number is whole.",
        '"Id": 412536.0',
    ),
    Rule(
        "out-of-range",
        Family.FIELD,
        STATED,
        "A Long is beyond 64 bits",
        "A Long lies between -2^63 and 2^63-1.",
        '"Id": 9223372036854775808',
    ),
    Rule(
        "unknown-enum-value",
        Family.FIELD,
        STATED,
        "A value is not in the page's list",
        "The page lists the values that this field can have. Letter case counts.",
        '"ActualState": "DONE"',
        "A server that is newer than the page and knows more values.",
    ),
    Rule(
        "missing-field",
        Family.FIELD,
        STATED,
        "A field that must be there is missing",
        "What every answer has, and what says which instance it is about, must be there.",
        "an answer without RequestId",
        "A server that leaves out unset fields: only those that a ruling lists are expected.",
    ),
    Rule(
        "unexpected-null",
        Family.FIELD,
        IMPLIED,
        "A field is null though the page says nothing of empty values",
        "Unset fields are left out and empty texts are written as such; null is accepted where the "
        "page speaks of an empty value.",
        '"JobName": null',
        "A server that writes null for each unset field.",
    ),
    Rule(
        "undocumented-field",
        Family.FIELD,
        IMPLIED,
        "A field is not on the page",
        "The page does not know this field. Vendors add fields, so this is never an error by "
        "default.",
        '"Priority": 3',
        "A server that is newer than the page.",
    ),
    Rule(
        "wrong-name-case",
        Family.FIELD,
        STATED,
        "A documented field is written in other letter case",
        "Names are case-sensitive in JSON and XML; a client that reads RequestId does not find "
        "requestId. The value is judged as if the name were right.",
        '"requestId": "…"',
    ),
    Rule(
        "misplaced-field",
        Family.FIELD,
        STATED,
        "A documented field stands at another level",
        "The page's samples show where each field belongs.",
        '{"RequestId": "…", "ActualState": "RUNNING"}',
    ),
)

_MEANING = (
    Rule(
        "fields-disagree",
        Family.MEANING,
        IMPLIED,
        "Two fields contradict each other",
        "The page ties one field's value to another's, as a running job to an empty EndTime.",
        '"ActualState": "RUNNING" with "EndTime": 1599794335000',
    ),
    Rule(
        "times-out-of-order",
        Family.MEANING,
        IMPLIED,
        "A time lies before one that it must follow",
        "A job ends no earlier than it starts.",
        '"StartTime": 1599794335000 with "EndTime": 1548397575000',
        "A server on several machines whose clocks differ.",
    ),
    Rule(
        "wrong-echo",
        Family.MEANING,
        IMPLIED,
        "The answer is about something else than the request",
        "A field repeats what the request asked for; here it does not. Judged only where the "
        "request is known.",
        '"JobName": "job2" for …/jobs/job1/…',
        "A server that knows instances by several ids.",
    ),
    Rule(
        "embedded-syntax",
        Family.MEANING,
        IMPLIED,
        "A text that should hold a JSON document does not",
        "Some fields carry JSON inside a string.",
        '"AutoScaleParams": "{isOnOff:false}"',
    ),
    Rule(
        "wrong-format",
        Family.MEANING,
        IMPLIED,
        "A text does not have the form the page gives",
        "The page describes or shows the form of this value.",
        '"EngineJobHandler": "application_1597654819348_0011"',
        "A server whose identifiers look different from those on the page.",
    ),
    Rule(
        "wrong-unit",
        Family.MEANING,
        IMPLIED,
        "A number is in another unit",
        "Times are milliseconds since 1970, which are numbers of 13 digits; one of 10 digits "
        "counts seconds.",
        '"StartTime": 1599794335',
        "A server that writes 0 for an unset time.",
    ),
    Rule(
        "wrong-separator",
        Family.MEANING,
        IMPLIED,
        "A list in a text has another separator or an empty entry",
        "Entries are separated as the page says.",
        '"Packages": "a.jar;b.jar"',
        "A server with file names that hold such characters.",
    ),
)

_HTTP = (
    Rule(
        "unexpected-status",
        Family.HTTP,
        STATED,
        "The status is neither success nor failure",
        "2xx is success, 4xx and 5xx are failure; nothing else is documented.",
        "HTTP/1.1 302 Found",
    ),
    Rule(
        "error-under-success",
        Family.HTTP,
        STATED,
        "An error body came under a success status",
        "A failure has a status of 4xx or 5xx; under 2xx a client takes it for an instance.",
        "HTTP/1.1 200 OK with <Error>",
    ),
    Rule(
        "success-under-error",
        Family.HTTP,
        STATED,
        "An instance came under an error status",
        "An answer that holds an instance has a status of 2xx.",
        "HTTP/1.1 500 Internal Server Error with an Instance",
    ),
    Rule(
        "wrong-content-type",
        Family.HTTP,
        STATED,
        "The Content-Type does not fit the body",
        "A JSON body must not be labelled as XML or HTML, nor the other way round.",
        "Content-Type: application/xml before {",
        "A server that labels everything text/plain or application/octet-stream is let through.",
    ),
    Rule(
        "missing-content-type",
        Family.HTTP,
        ASSUMED,
        "The answer does not say what it is",
        "Without a Content-Type a client has to guess.",
        "headers without Content-Type",
    ),
)

RULES: dict[str, Rule] = {
    rule.id: rule for rule in (*_BODY, *_JSON, *_XML, *_FIELD, *_MEANING, *_HTTP)
}
