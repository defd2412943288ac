// One finding: what is wrong, and side by side where it stands and who says so.

const BY_PAGE = { stated: "the page says so", implied: "the page implies it", assumed: "assumed from the page" };
const BY_RULING = { stated: "says so", implied: "implies it", assumed: "assumes it" };

function saidBy(origin, grade) {
  if (origin.ruling === null) return BY_PAGE[grade];
  return `ruling ${visible(origin.ruling)} ${BY_RULING[grade]}`;
}

/** Where it stands in the capture, as editors write it. */
function placeOf(at) {
  const parts = [at.file === "-" ? "standard input" : at.file, at.line, at.column];
  return parts.filter((each) => each !== null).join(":");
}

const pageLine = (origin) => `${origin.page}:${origin.line}`;

const written = (value) => (value === "" ? "“”" : visible(value));

const expectedText = (expected) =>
  (Array.isArray(expected) ? expected.map(visible).join(", ") : visible(expected));

const row = (name, ...children) =>
  [element("dt", {}, name), element("dd", {}, ...children)];

/** The list item that shows a finding. */
function findingItem(finding) {
  const { at, origin } = finding;
  const capture = [
    element("p", { class: "place" }, element("code", {}, visible(placeOf(at))),
      at.exchange > 1 ? element("span", { class: "hint" }, ` exchange ${at.exchange}`) : null),
    element("dl", {},
      ...(finding.pointer || finding.field ? row("at", element("code", {}, visible(finding.pointer || finding.field))) : []),
      ...(finding.actual !== null ? row("came", element("code", {}, written(finding.actual))) : [])),
  ];
  const page = [
    element("p", { class: "place" }, element("code", {}, visible(pageLine(origin))),
      element("span", { class: "hint" }, ` ${saidBy(origin, finding.grade)}`)),
    origin.quote ? element("blockquote", {}, visible(origin.quote)) : null,
    finding.expected !== null
      ? element("dl", {}, ...row("expected", element("code", {}, expectedText(finding.expected)))) : null,
  ];
  return element("li", { class: `finding ${finding.severity}` },
    element("p", { class: "message" },
      element("span", { class: `severity ${finding.severity}` }, finding.severity), " ",
      visible(finding.message),
      finding.count > 1 ? element("span", { class: "hint" }, ` showed ${counted(finding.count, "time")}`) : null),
    element("div", { class: "sides" },
      element("div", { class: "side", role: "group", "aria-label": "Capture" }, ...capture),
      element("div", { class: "side", role: "group", "aria-label": "Page" }, ...page)),
    finding.reproduce ? reproduction(finding.reproduce) : null);
}

const linesOf = (text) => text.split("\n").map(visible).join("\n");

/** The command that shows it again; where one of docpact does, what stands below does it without. */
function reproduction(text) {
  const end = text.startsWith("docpact ") ? text.search(/\n|$/) : text.length;
  const [command, rest] = [text.slice(0, end), text.slice(end + 1)];
  const pre = element("pre", { tabindex: 0, "aria-label": "Command that shows it again" }, linesOf(command));
  return element("div", { class: "reproduce" }, element("span", { class: "hint" }, "reproduce"), pre, copyButton(command, pre),
    rest ? element("details", {}, element("summary", { class: "hint" }, "without docpact"), element("pre", { tabindex: 0 }, linesOf(rest))) : null);
}

/** What the text filter looks through, made when it is first asked for. */
const haystacks = new WeakMap();

function haystack(finding) {
  let text = haystacks.get(finding);
  if (text === undefined) {
    const { at, origin } = finding;
    text = [finding.rule, finding.message, finding.field, finding.pointer, placeOf(at), pageLine(origin),
      origin.quote, origin.ruling, finding.expected, finding.actual, finding.reproduce].join("\n").toLowerCase();
    haystacks.set(finding, text);
  }
  return text;
}
