// How often each field was there, and which of the listed values were seen.

const KINDS = { success: "A success", failure: "A failure" };

/** Show presence and null rates. */
function startFields() {
  const body = byId("fields-body");
  if (!report.statistics) return withoutTally(body);
  const { answers } = report.statistics;
  const seen = new Map(report.statistics.fields.map(([kind, path, ...counts]) => [`${kind} ${path}`, counts]));
  const found = sums(report.cells.kept.map(([, field, ...counts]) => [field, counts[0] + counts[1] + counts[2]]));
  const documented = report.contract?.fields ?? [];
  const known = new Set(documented.map((each) => `${each.kind} ${each.path}`));
  const unknown = report.statistics.fields
    .filter(([kind, path]) => !known.has(`${kind} ${path}`))
    .map(([kind, path]) => ({ kind, path, line: null, undocumented: true }));
  const table = element("table", { class: "rates" },
    element("thead", {}, element("tr", {}, ...["Field", "There", "Null", "Empty", "Findings", "Page line"].map((each) =>
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
  const told = [];
  if (!answers.failure) told.push("No failure was among the answers. ");
  if (answers.unread) told.push(`${counted(answers.unread, "answer")} could not be read or had no member. `);
  const rest = report.statistics.fields_rest[0] ?? 0;
  if (rest) told.push(`Further undocumented fields showed ${counted(rest, "time")} in all.`);
  if (told.length) body.append(hint(...told));
}

function rateRow(field, [there, empty, blank], answers, found) {
  const needed = field.required === "error" && there < answers;
  const cut = field.path.lastIndexOf(".") + 1;
  const count = found.get(field.path);
  const share = (part) => (there ? percent(part, there) : "–");
  return element("tr", {},
    element("th", { scope: "row", class: "path" },
      cut ? element("span", { class: "parent" }, visible(field.path.slice(0, cut))) : null,
      element("b", {}, visible(field.path.slice(cut))),
      field.required ? element("span", { class: "badge" }, field.required === "error" ? "required" : "expected") : null,
      field.undocumented ? element("span", { class: "badge warning" }, "undocumented") : null),
    element("td", { "data-label": "There", class: "there" }, bar(there, answers, needed ? "error" : ""),
      element("span", { title: `${numbers.format(there)} of ${counted(answers, "answer")}` }, percent(there, answers))),
    element("td", { "data-label": "Null", class: empty ? "" : "zero" }, share(empty)),
    element("td", { "data-label": "Empty", class: blank ? "" : "zero" }, share(blank)),
    element("td", { "data-label": "Findings" }, count
      ? element("button", {
        type: "button", class: "link", "aria-label": `${counted(count, "finding")} on ${fieldName(field.path)}`,
        click: () => showOnly({ field: field.path }),
      }, numbers.format(count)) : element("span", { class: "zero" }, "–")),
    element("td", { "data-label": "Page line", class: "line" },
      field.line === null ? "–" : element("code", {}, `${visible(report.contract.page)}:${field.line}`)));
}

/** Show seen values against listed ones. */
function startValues() {
  const body = byId("values-body");
  if (!report.statistics || !report.contract) return withoutTally(body);
  const listed = report.contract.fields.filter((each) => each.values.length);
  if (!listed.length) body.append(hint("The page lists no values."));
  body.append(element("div", { class: "lists" }, ...listed.map(valueTable)));
}

function valueTable(field) {
  const { kept, rest } = report.statistics.values[field.path] ?? { kept: [], rest: 0 };
  const counts = new Map(kept);
  const documented = new Set(field.values.map((each) => each.value));
  const most = Math.max(1, ...counts.values());
  const rows = field.values.map(({ value, line }) => valueRow(value, line, counts.get(value) ?? 0, most));
  for (const [value, count] of kept) if (!documented.has(value)) rows.push(valueRow(value, null, count, most));
  const made = element("table", { class: "values" },
    element("caption", {}, element("code", {}, visible(field.path))),
    element("thead", {}, element("tr", {}, ...["Value", "Seen", "Page"].map((each) => element("th", { scope: "col" }, each)))),
    element("tbody", {}, ...rows));
  const box = element("div", { class: "list" }, made);
  if (rest) box.append(hint(`Further undocumented values: ${counted(rest, "answer")}.`));
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
