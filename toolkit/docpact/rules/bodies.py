"""The rules on a body as such: its format, its syntax, its encoding."""

from docpact.core.rule import Family, Rule
from docpact.core.span import Grade

STATED, IMPLIED, ASSUMED = Grade.STATED, Grade.IMPLIED, Grade.ASSUMED

BODY_RULES = (
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
        "A server behind a gateway that answers in plain text by itself, when it is "
        "overloaded or refuses a call.",
    ),
    Rule(
        "html-body",
        Family.BODY,
        STATED,
        "The body is an HTML page",
        "A page for people came instead of an answer, often from a proxy or a login form.",
        "<!DOCTYPE html><html>…",
        "A server behind a proxy or a web server that answers with pages of its own, as for "
        "502 or 404; where `docpact test` sends a malformed request, such a refusal is let "
        "through.",
    ),
    Rule(
        "body-limit",
        Family.BODY,
        STATED,
        "The body is beyond docpact's limits and was not judged",
        "The body is larger or nested deeper than any documented answer by orders of magnitude; "
        "it is reported and left unread, so that a hostile body costs neither memory nor time.",
        "[[[[… a hundred levels deep",
        "An answer of more than 16 MiB, 200,000 members, as many attributes, or 64 levels.",
    ),
    Rule(
        "wrong-encoding",
        Family.BODY,
        STATED,
        "The bytes are not in the encoding they should be in",
        "Answers are encoded in UTF-8. The bytes are not UTF-8, or an XML declaration or a charset "
        "names an encoding that the bytes are not in.",
        '<?xml version="1.0" encoding="GBK"?> before UTF-8 bytes',
        "A server whose every client reads the encoding that its headers or its XML "
        "declaration name; and a capture that was saved again in another encoding.",
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

JSON_RULES = (
    Rule(
        "json-syntax",
        Family.JSON,
        STATED,
        "The body is not well-formed JSON",
        "The body breaks the grammar of RFC 8259, for example because it was cut short.",
        '{"RequestId": "9B7BD33D',
        "No server; but a capture that was cut, or changed by hand, breaks the rule by itself.",
    ),
    Rule(
        "json-trailing-text",
        Family.JSON,
        STATED,
        "Text follows the JSON document",
        "Only white space may follow the document.",
        "{…}{…}",
        "A server that streams several documents in one body to clients that expect them; and "
        "a file to which several answers were appended.",
    ),
    Rule(
        "json-duplicate-key",
        Family.JSON,
        STATED,
        "An object has the same name twice",
        "Parsers disagree on which of the two counts (RFC 8259, section 4). docpact judges the "
        "last one, as most parsers do.",
        '{"Id": 1, "Id": 2}',
        "A server whose clients all take the same one of the two values.",
    ),
    Rule(
        "json-not-a-number",
        Family.JSON,
        STATED,
        "NaN or Infinity stands where JSON knows no such value",
        "NaN, Infinity and -Infinity are no JSON, though some writers produce them.",
        '{"InputDelay": NaN}',
        "A server whose clients all read JSON in a way that knows NaN, as those of Python do "
        "by default.",
    ),
    Rule(
        "lone-surrogate",
        Family.JSON,
        IMPLIED,
        "A text holds half of a surrogate pair",
        "An escape names one half of a UTF-16 surrogate pair, so the text is no Unicode and many "
        "parsers refuse or replace it (RFC 8259, section 8.2).",
        r'{"JobName": "\ud83d"}',
        "A server that passes on names which were cut within a character before they came to it.",
    ),
)

XML_RULES = (
    Rule(
        "xml-syntax",
        Family.XML,
        STATED,
        "The body is not well-formed XML",
        "The body breaks the grammar of XML 1.0: an unclosed element, a bare & or <, a character "
        "that XML cannot hold.",
        "<Code>a & b</Code>",
        "No server; but a capture that was cut, or changed by hand, breaks the rule by itself.",
    ),
    Rule(
        "xml-doctype",
        Family.XML,
        STATED,
        "The document has a DOCTYPE",
        "No documented answer has one. A DOCTYPE can define entities that read files or grow "
        "without bound, so docpact refuses the document unread.",
        '<!DOCTYPE r [<!ENTITY x SYSTEM "file:…">]>',
        "A server whose framework writes a DOCTYPE without entities, which most clients ignore.",
    ),
    Rule(
        "xml-wrong-root",
        Family.XML,
        STATED,
        "The document's root element has another name",
        "A success has the operation's name with Response as its root, a failure has Error. "
        "The members are judged all the same.",
        "<GetInstanceResult>…",
        "A server that answers through a gateway which renames the root; and a fragment of an "
        "answer, which --fragment accepts.",
    ),
    Rule(
        "xml-several-roots",
        Family.XML,
        STATED,
        "Several elements stand at the top",
        "An XML document has one root. The page prints its sample cut to the inner elements; "
        "--fragment accepts that form.",
        "<RequestId>…</RequestId><Instance>…</Instance>",
        "No server; but an answer that was cut to its inner elements, as on the page: use "
        "--fragment.",
    ),
    Rule(
        "xml-duplicate-element",
        Family.XML,
        STATED,
        "An element that may come once comes again",
        "The page documents one value; docpact judges the last one.",
        "<Id>1</Id><Id>2</Id>",
        "A server that is newer than the page and returns a list where the page has one value.",
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
        "A server whose clients look for local names alone.",
    ),
    Rule(
        "xml-stray-text",
        Family.XML,
        STATED,
        "Text stands where only elements belong",
        "Between the members of a structure there may be white space only.",
        "<Instance>ok<Id>1</Id></Instance>",
        "No server that writes XML by a library; but a capture into which somebody wrote "
        "diagnostics breaks the rule.",
    ),
)
