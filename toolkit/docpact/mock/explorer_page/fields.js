// The table of what is documented, with the line of the page that says so.

import { byId, counted, element, fieldHeading, hint } from "./dom.js";

const rows = new Map(); // "success Instance.Id" to its row

/** Fill the table from the contract. */
export function showFields(contract) {
  const body = byId("rows");
  byId("page-hint").textContent =
    `Each line is a line of ${contract.page}; where the page says nothing, the decision made instead is named.`;
  for (const answer of contract.answers) {
    const title = answer.kind === "success" ? "A success" : "A failure";
    const heading = element("th", { colspan: 4, scope: "colgroup" }, title, " ",
      element("span", { class: "hint" }, `XML root ${answer.root}`));
    body.append(element("tr", { class: "group" }, heading));
    for (const field of answer.fields) {
      const row = rowOf(field);
      rows.set(`${answer.kind} ${field.path}`, row);
      body.append(row);
    }
  }
  byId("filter").addEventListener("input", filter);
}

/** Whether a field is documented in an answer of that kind. */
export const isDocumented = (kind, path) => rows.has(`${kind} ${path}`);

/** Show a field's row and put the focus there. */
export function jumpTo(kind, path) {
  byId("filter").value = "";
  filter();
  const row = rows.get(`${kind} ${path}`);
  for (const each of rows.values()) each.classList.toggle("found", each === row);
  for (const each of row.querySelectorAll("details")) each.open = true;
  row.focus({ preventScroll: true });
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  row.scrollIntoView({ block: "center", behavior: calm ? "instant" : "smooth" });
}

function rowOf(field) {
  const type = element("td", { class: "type", "data-label": "Type" }, element("code", {}, field.type));
  if (field.unit) type.append(element("span", { class: "hint" }, ` ${field.unit}`));
  const line = element("td", { class: "line", "data-label": "Line" },
    element("span", { title: field.origin.quote }, `${field.origin.page}:`, element("b", {}, String(field.origin.line))));
  return element("tr", { tabindex: -1, "data-path": field.path }, fieldHeading(field), type, meaningOf(field), line);
}

function meaningOf(field) {
  const [first, ...rest] = field.description.split("\n");
  const cell = element("td", { class: "meaning" }, element("p", {}, first || "–"));
  if (field.values.length) {
    cell.append(element("dl", { class: "values" }, ...field.values.flatMap((each) => [
      element("dt", {}, element("code", {}, each.value)),
      element("dd", {}, each.meaning, " ", element("span", { class: "hint" }, `:${each.line}`)),
    ])));
  }
  if (!field.values.length) cell.append(...rest.map((each) => hint(each)));
  if (field.example) cell.append(hint("Example ", element("code", {}, shortened(field.example))));
  if (field.rules.length) cell.append(rulesOf(field.rules));
  return cell;
}

function rulesOf(rules) {
  const dot = (each) => element("span", { class: `dot ${each.severity}`, title: each.severity });
  return element("details", {},
    element("summary", {}, counted(rules.length, "rule"), ...rules.map(dot)),
    element("ul", { class: "rules" }, ...rules.map((each) =>
      element("li", {}, dot(each), each.says, " ", element("span", { class: "hint" }, `${each.id}, :${each.line}`)))));
}

const shortened = (text) => (text.length > 90 ? `${text.slice(0, 90)}…` : text);

function filter() {
  const text = byId("filter").value.trim().toLowerCase();
  let visibleRows = 0;
  for (const row of rows.values()) {
    row.hidden = text !== "" && !row.textContent.toLowerCase().includes(text);
    if (!row.hidden) visibleRows += 1;
  }
  byId("no-rows").hidden = visibleRows > 0;
}
