"""The rules on a reference page itself: where it contradicts itself or leaves one to guess."""

from docpact.core.rule import Family, Rule
from docpact.core.span import Grade

STATED, IMPLIED, ASSUMED = Grade.STATED, Grade.IMPLIED, Grade.ASSUMED

TABLE_RULES = (
    Rule(
        "page-refused",
        Family.PAGE,
        STATED,
        "The page cannot be compiled",
        "The page describes an operation, but something keeps docpact from making a contract of "
        "it. The finding gives the line and the reason; what can be judged of the page is judged "
        "all the same.",
        "a page without a table of response parameters",
        "A page of a layout that docpact does not know yet.",
    ),
    Rule(
        "table-does-not-add-up",
        Family.PAGE,
        STATED,
        "A row has not the cells that its table's header has",
        "A row has more or fewer cells than the header, nothing closes it, or text that was meant "
        "to be in a cell stands below it.",
        "|Id|Long|",
    ),
    Rule(
        "open-code-block",
        Family.PAGE,
        STATED,
        "A code block has no end",
        "The rest of the page is read as code.",
        "``` without another ```",
    ),
    Rule(
        "merged-cells",
        Family.PAGE,
        ASSUMED,
        "A row lacks cells and takes those of the row above",
        "Older pages print a cell once that stands for several rows. A row that lost a cell looks "
        "the same.",
        "|Resource.AllocatedMB|1024|memory in use| below a row of four cells",
        "A page with merged cells, as they are meant.",
    ),
    Rule(
        "unknown-type",
        Family.PAGE,
        IMPLIED,
        "A row has no type, or one that docpact does not know",
        "The type is none of those that pages of this family use, often for a slip. A row that "
        "only heads the members of a structure needs none.",
        "|Id|Lnog|1|ID|",
        "A page of a product with types of its own.",
    ),
    Rule(
        "half-a-list",
        Family.PAGE,
        ASSUMED,
        "Only some bullets of a description name a value",
        "Where each bullet names one, the field has those values and no others. Where only some "
        "do, docpact takes none, so that nothing is refused that the page may allow.",
        "ON: lit. Everything else is dark.",
        "A page whose bullets are sentences, of which some begin like a value.",
    ),
    Rule(
        "unclear-part",
        Family.PAGE,
        ASSUMED,
        "A part of the page is left out, or read by a guess",
        "A table that describes what is in a parameter or a field, a row without a name, a second "
        "operation, a word for whether a parameter must be passed that is neither yes nor no, a "
        "path that only the sample request shows. Such parts are left out, but for the path.",
        "The fields of options are these: |dim|Boolean|No|…|",
        "A page of an edition that means something else by it.",
    ),
    Rule(
        "repeated-row",
        Family.PAGE,
        STATED,
        "A field has two rows",
        "The same name comes again in one table, and no structure begins in between.",
        "|Id|Long|1|ID| and |Id|String|a|ID|",
        "A page that leaves out the row of the structure to which the second one belongs.",
    ),
    Rule(
        "unplaced-row",
        Family.PAGE,
        IMPLIED,
        "Nothing tells where a field belongs",
        "The table is flat, the field is in no sample, and the rows around it belong to different "
        "structures.",
        "|Tag|String|…, in no sample, between the members of two structures",
    ),
    Rule(
        "parameter-unlisted",
        Family.PAGE,
        STATED,
        "A parameter is used that the table does not list",
        "The path or the sample request has a parameter without a row. Parameters that all "
        "operations share, such as Format and Version, need none.",
        "/jobs/{jobName} without a row jobName",
    ),
)

EXAMPLE_RULES = (
    Rule(
        "example-type",
        Family.PAGE,
        STATED,
        "An example value is not of its row's type",
        "Integers are digits, booleans are true or false. Masked values and placeholders are not "
        "judged.",
        "|Id|Long|abc|ID|",
    ),
    Rule(
        "example-unlisted",
        Family.PAGE,
        STATED,
        "An example value is not in its row's own list",
        "The description lists the values, and the example is none of them. Letter case counts.",
        "|State|String|Running|RUNNING: running; PAUSED: paused|",
    ),
    Rule(
        "example-form",
        Family.PAGE,
        STATED,
        "An example date has not the form that its row gives",
        "The description gives a form such as YYYY-MM-DDThh:mm:ssZ, and the example has another.",
        "|EndTime|String|2020-01-31|in the form YYYY-MM-DDThh:mm:ssZ|",
    ),
    Rule(
        "example-not-json",
        Family.PAGE,
        IMPLIED,
        "An example looks like JSON and is none",
        "It begins and ends with the brackets of JSON, but no parser reads it: names without "
        "quotation marks, single quotes, a comma too many.",
        "{a:b}",
        "A page that means another notation.",
    ),
    Rule(
        "open-quote",
        Family.PAGE,
        STATED,
        "An example has a quotation mark that is never closed",
        "The number of quotation marks, without escaped ones, is odd.",
        '"{}',
        "An example that has a quotation mark for inches.",
    ),
    Rule(
        "masked-example",
        Family.PAGE,
        ASSUMED,
        "An example value is masked",
        "The value has asterisks in place of what it holds, so the page does not show its form.",
        "rcmp9x37ztfb63g1x7lt****",
        "A page that has to mask values that belong to somebody.",
    ),
    Rule(
        "placeholder-text",
        Family.PAGE,
        ASSUMED,
        "A placeholder stands where a value belongs",
        "The value is a word that the author meant to replace: undefined, xxxx, your-id, [name].",
        "Action=undefined",
    ),
    Rule(
        "times-backwards",
        Family.PAGE,
        IMPLIED,
        "Within one set of examples, something ends before it begins",
        "Examples of one table, or members of one object of a sample, run backwards: the end, the "
        "update or the latest operation lies before the start. The same two values are told once.",
        "StartTime 1599794335000, EndTime 1548397575000",
        "A page whose last operation is what starts the job.",
    ),
    Rule(
        "enum-meanings-disagree",
        Family.PAGE,
        STATED,
        "One value of two related lists is given to different things",
        "Two fields list values in common, and one of these has the same meaning but for the "
        "brackets, which tie it to different things.",
        "FAILED: failed (batch job) and FAILED: failed (stream job)",
    ),
    Rule(
        "enums-differ",
        Family.PAGE,
        IMPLIED,
        "Two fields of one name list different values",
        "A parameter and a field, or fields of two structures, have one name and lists that "
        "overlap but are not the same.",
        "a Status to ask for without PENDING, and one in the answer with it",
        "A page on which some states cannot be asked for.",
    ),
)

SAMPLE_RULES = (
    Rule(
        "sample-syntax",
        Family.PAGE,
        STATED,
        "A sample is not well-formed",
        "The sample is no JSON or no XML: a comment, an ellipsis, a comma too many, an element "
        "that is not closed.",
        "// json response before {",
    ),
    Rule(
        "sample-several-roots",
        Family.PAGE,
        STATED,
        "An XML sample has several elements at the top",
        "An XML document has one root. The sample was cut to the elements within it, so no parser "
        "reads it.",
        "<RequestId>…</RequestId><Instance>…</Instance>",
    ),
    Rule(
        "sample-root",
        Family.PAGE,
        IMPLIED,
        "The root of an XML sample is not the operation's",
        "A root is the operation's name with Response. The sample was cut to its only member, or "
        "its root belongs to another operation.",
        "<APINAMEResponse>…",
        "A product with other names for its roots that end in Response.",
    ),
    Rule(
        "sample-is-failure",
        Family.PAGE,
        STATED,
        "A sample of success is an error",
        "It holds the code and the message of an error, which the table of what is returned does "
        "not list.",
        '{"Code": "InvalidStartTime.Malformed", "Message": "…"}',
    ),
    Rule(
        "samples-disagree",
        Family.PAGE,
        IMPLIED,
        "The JSON and the XML sample are not of one answer",
        "One has members that the other has not, writes a name in other letter case, or has "
        "another value. An id of the request differs from call to call and is not compared.",
        '"requestId" in JSON, <RequestId> in XML',
        "A page whose samples were taken from two calls.",
    ),
    Rule(
        "no-sample-answer",
        Family.PAGE,
        ASSUMED,
        "No sample answer shows a field",
        "The page prints none, or an empty one, so the place of every field is a guess.",
        "a page that ends with the sample request",
    ),
    Rule(
        "sample-type",
        Family.PAGE,
        STATED,
        "A value in a sample is not of the type that the table says",
        "The table says one type, the sample shows another. Empty, masked and placeholder values "
        "are not judged; in XML only what no text of the type can be.",
        '|Weight|Integer|… and "Weight": "100"',
    ),
    Rule(
        "sample-value-unlisted",
        Family.PAGE,
        STATED,
        "A value in a sample is not in the table's list",
        "The row lists the values of the field, and the sample shows another one. Letter case "
        "counts.",
        '|State|…RUNNING: running… and "State": "Running"',
    ),
    Rule(
        "sample-name-case",
        Family.PAGE,
        STATED,
        "A sample writes a name in other letter case than the table",
        "Names on the wire are told apart by letter case, so one of the two is wrong. What the "
        "sample shows is the likelier one.",
        '|RequestId|… and "requestId"',
    ),
    Rule(
        "sample-member-unlisted",
        Family.PAGE,
        IMPLIED,
        "A member of a sample is not in the table",
        "The sample shows a member without a row. Members of maps, and elements that only wrap the "
        "items of a list, need none.",
        '"Priority": 1 without a row Priority',
    ),
    Rule(
        "field-in-no-sample",
        Family.PAGE,
        IMPLIED,
        "A field of the table is in no sample",
        "Whether an answer may leave the field out is left to the reader. Where the table is flat, "
        "so is its place: only the rows around it tell.",
        "|EndTime|Long|…, which no sample shows",
        "A page whose sample is of an answer that cannot have the field.",
    ),
)

REQUEST_RULES = (
    Rule(
        "request-off-syntax",
        Family.PAGE,
        STATED,
        "The sample request is none of this operation",
        "It does not fit the path of the request syntax, or it names another action.",
        "/?Action=undefined under GET /api/v2/projects/[projectName]",
    ),
    Rule(
        "required-unused",
        Family.PAGE,
        IMPLIED,
        "A required parameter occurs nowhere",
        "The table calls it required, but neither the path nor the sample request has it. Headers "
        "are not asked for, since samples seldom print them.",
        "|RegionId|String|Yes|…, and a sample without RegionId",
    ),
    Rule(
        "request-answer-disagree",
        Family.PAGE,
        IMPLIED,
        "The sample answer is about something else than the sample request",
        "A member of the answer repeats a parameter, by its name (jobName, JobName) or by that of "
        "its structure and its own (instanceId, Instance.Id), and has another value.",
        ".../instances/123 and an answer with Id 412536",
        "A page whose two samples were taken from two calls.",
    ),
    Rule(
        "failure-undescribed",
        Family.PAGE,
        IMPLIED,
        "The page promises a failure and describes no error",
        "A sentence says that the call fails, but there is no code, no table of errors and no "
        "sample of one.",
        "the call fails for a job that is not running",
        "A product whose errors are described on a page of their own.",
    ),
)

PAGE_RULES = (*TABLE_RULES, *EXAMPLE_RULES, *SAMPLE_RULES, *REQUEST_RULES)
