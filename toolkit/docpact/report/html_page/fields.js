// How often each field was there, and which of the listed values were seen.

const KINDS = { success: "A success", failure: "A failure" };

/** Show presence and null rates. */
function startFields() {
  const body = byId("fields-body");
  if (!report.statistics) return withoutStatistics(body);
  const { answers } = report.statistics;
  const seen = new Map(report.statistics.fields.map(([kind, path, ...counts]) => [`${kind} ${path}`, counts]));
  const found = sums(report.cells.kept.map(([, field, ...counts]) => [field, counts[0] + counts[1] + counts[2]]));
  const known = new Set(documented.map((each) => `${each.kind} ${each.path}`));
  const unknown = report.statistics.fields
    .filter(([kind, path]) => !known.has(`${kind} ${path}`))
    .map(([kind, path]) => ({ kind, path, undocumented: true }));
  const table = element("table", { class: "rates" },
    element("thead", {}, element("tr", {}, ...["Field", "Present", "Null", "Empty", "Findings", "Page line"].map((each) =>
      element("th", { scope: "col" }, each)))));
  for (const kind of ["success", "failure"]) {
    const rows = [...documented, ...unknown].filter((each) => each.kind === kind);
    if (!rows.length || (kind === "failure" && !answers.failure && !unknown.some((each) => each.kind === kind))) continue;
    table.append(element("tbody", {},
      element("tr", { class: "kind" }, element("th", { colspan: 6, scope: "rowgroup" }, KINDS[kind], " ",
        element("span", { class: "hint" }, counted(answers[kind], "answer")))),
      ...rows.map((field) => rateRow(field, seen.get(`${kind} ${field.path}`) ?? [0, 0, 0], answers[kind], found))));
  }
  body.append(table);
  const notes = [];
  if (!answers.failure) notes.push("None of the answers was a failure. ");
  if (answers.unread) notes.push(`${counted(answers.unread, "answer")} could not be read, or had no members. `);
  const rest = report.statistics.fields_rest[0] ?? 0;
  if (rest) notes.push(`More undocumented fields were counted without their names: ${counted(rest, "time")}.`);
  if (notes.length) body.append(hint(...notes));
}

function rateRow(field, [there, empty, blank], answers, found) {
  const needed = field.required?.severity === "error" && there < answers;
  const count = found.get(field.path);
  const share = (part) => (there ? percent(part, there) : "–");
  return element("tr", {},
    fieldHeading(field, field.undocumented ? element("span", { class: "badge warning" }, "undocumented") : null),
    element("td", { "data-label": "Present", class: "there" }, bar(there, answers, needed ? "error" : ""),
      element("span", { title: `${numbers.format(there)} of ${counted(answers, "answer")}` }, percent(there, answers))),
    element("td", { "data-label": "Null", class: empty ? "" : "zero" }, share(empty)),
    element("td", { "data-label": "Empty", class: blank ? "" : "zero" }, share(blank)),
    element("td", { "data-label": "Findings" }, count
      ? element("button", {
        type: "button", class: "link", "aria-label": `${counted(count, "finding")} on ${fieldName(field.path)}`,
        click: () => showOnly({ field: field.path }),
      }, numbers.format(count)) : element("span", { class: "zero" }, "–")),
    element("td", { "data-label": "Page line", class: "line" },
      field.undocumented ? "–" : element("code", {}, `${visible(field.origin.page)}:${field.origin.line}`)));
}

/** Show seen values against listed ones. */
function startValues() {
  const body = byId("values-body");
  if (!report.statistics || !contract) return withoutStatistics(body);
  const listed = documented.filter((each) => each.values.length);
  if (!listed.length) body.append(hint("The page lists no values."));
  body.append(element("div", { class: "lists" }, ...listed.map(valueTable)));
}

function valueTable(field) {
  const { kept, rest } = report.statistics.values[field.path] ?? { kept: [], rest: 0 };
  const counts = new Map(kept);
  const listed = new Set(field.values.map((each) => each.value));
  const most = Math.max(1, ...counts.values());
  const rows = field.values.map(({ value, line }) => valueRow(value, line, counts.get(value) ?? 0, most));
  for (const [value, count] of kept) if (!listed.has(value)) rows.push(valueRow(value, null, count, most));
  const made = element("table", { class: "values" },
    element("caption", {}, element("code", {}, visible(field.path))),
    element("thead", {}, element("tr", {}, ...["Value", "Seen", "Page"].map((each) => element("th", { scope: "col" }, each)))),
    element("tbody", {}, ...rows));
  const box = element("div", { class: "list" }, made);
  if (rest) box.append(hint(`${counted(rest, "answer")} with more undocumented values.`));
  return box;
}

function valueRow(value, line, count, most) {
  const role = line === null ? "error" : "good";
  return element("tr", { class: count ? "" : "never" },
    element("th", { scope: "row" }, element("code", {}, value === "" ? "“”" : visible(value))),
    element("td", {}, count ? bar(count, most, role) : null,
      count ? numbers.format(count) : element("span", { class: "badge" }, "never seen")),
    element("td", { class: "line" }, line === null
      ? element("span", { class: "badge error" }, "undocumented") : element("code", {}, `:${line}`)));
}
