// Findings by field and capture, as a table of numbers that are tinted by how many they are.

const MOST_COLUMNS = 22;
const MOST_ROWS = 60;
const ARROWS = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };

/** Show where findings stand. */
function startHeat() {
  const body = byId("heat-body");
  const cells = new Map(report.cells.kept.map(([file, field, ...counts]) => [JSON.stringify([file, field]), counts]));
  if (!cells.size) {
    body.previousElementSibling.remove();
    body.append(hint("Nothing was found."));
    return;
  }
  const weight = (key) => sums(report.cells.kept.map((each) => [each[key], each[2] + each[3] + each[4]]));
  const files = heaviest(weight(0), MOST_COLUMNS).sort(byText);
  const fields = heaviest(weight(1), MOST_ROWS).sort(inOrder());
  const prefix = folderOf(files);
  const others = weight(0).size - files.length;
  const beyond = others ? sumsBeyond(new Set(files)) : new Map();
  const table = element("table", { role: "grid", class: "heat", "aria-labelledby": "heat-title" },
    element("thead", {}, element("tr", {}, element("td", {}),
      ...files.map((each) => element("th", { scope: "col", title: visible(each) },
        element("span", {}, visible(each === "-" ? "standard input" : shortened(each.slice(prefix.length)))))),
      others ? element("th", { scope: "col" }, element("span", {}, `${counted(others, "other capture")}`)) : null)),
    element("tbody", {}, ...fields.map((field) => heatRow(field, files, cells, others && beyond.get(field)))));
  table.classList.toggle("few", files.length <= 4);
  body.append(scrolled("Findings by field and capture", table), ...notesOn(prefix, fields, weight));
  startRoving(table);
}

const heaviest = (weights, most) =>
  [...weights].sort((one, other) => other[1] - one[1] || byText(one[0], other[0])).slice(0, most).map(([key]) => key);

/** The answer itself, then fields as the page lists them, then all others. */
function inOrder() {
  const places = new Map(documented.map((each, index) => [each.path, index]));
  const place = (path) => (path === "" ? -1 : places.get(path) ?? places.size);
  return (one, other) => place(one) - place(other) || byText(one, other);
}

function folderOf(files) {
  let [prefix] = files;
  for (const each of files) while (!each.startsWith(prefix)) prefix = prefix.slice(0, -1);
  return prefix.slice(0, prefix.lastIndexOf("/") + 1);
}

/** A long name by its two ends, which tell it from others. */
const shortened = (name) => (name.length > 22 ? `${name.slice(0, 7)}…${name.slice(-14)}` : name);

/** What the captures that have no column hold, by field. */
function sumsBeyond(files) {
  const beyond = new Map();
  for (const [file, field, ...counts] of report.cells.kept) {
    if (files.has(file)) continue;
    const before = beyond.get(field) ?? [0, 0, 0];
    beyond.set(field, counts.map((each, index) => each + before[index]));
  }
  return beyond;
}

/** A dotted name that breaks after its dots where it must. */
const breakable = (name) =>
  name.split(/(?<=\.)/).flatMap((each, index) => (index ? [element("wbr"), each] : [each]));

function heatRow(field, files, cells, beyond) {
  const places = files.map((file) =>
    cellOf(visible(file), { field, source: file }, cells.get(JSON.stringify([file, field]))));
  if (beyond !== 0) places.push(cellOf("other captures", { field }, beyond));
  return element("tr", {}, element("th", { scope: "row", title: fieldName(field) }, ...breakable(fieldName(field))),
    ...places);
}

function cellOf(where, wanted, counts) {
  if (!counts) return element("td", {});
  const total = counts.reduce((sum, each) => sum + each, 0);
  const severity = SEVERITIES[counts.findIndex(Boolean)];
  const told = SEVERITIES.map((each, index) => (counts[index] ? counted(counts[index], each) : "")).filter(Boolean);
  const label = `${fieldName(wanted.field)} in ${where}: ${told.join(", ")}`;
  const level = Math.min(4, 1 + Math.floor(Math.log10(total) * 1.5));
  return element("td", {}, element("button", {
    type: "button", class: `heat-${severity} level-${level}`, "aria-label": label, title: label, tabindex: -1,
    click: () => showOnly(wanted),
  }, total > 9999 ? `${Math.floor(total / 1000)}k` : String(total)));
}

function notesOn(prefix, fields, weight) {
  const told = [];
  if (prefix) told.push(element("span", {}, "Captures are in ", element("code", {}, visible(prefix)), ". "));
  const others = weight(1).size - fields.length;
  if (others) told.push(`${counted(others, "field")} with fewer findings ${others > 1 ? "are" : "is"} not shown. `);
  const rest = report.cells.rest.reduce((sum, each) => sum + each, 0);
  if (rest) told.push(`${counted(rest, "finding")} in further captures ${rest > 1 ? "were" : "was"} only counted.`);
  return told.length ? [hint(...told)] : [];
}

/** One stop for the Tab key; arrow keys go to the next number in their direction. */
function startRoving(table) {
  const at = (row, column) => table.rows[row]?.cells[column]?.querySelector("button");
  const first = table.querySelector("tbody button");
  first.tabIndex = 0;
  const go = (from, to) => {
    from.tabIndex = -1;
    to.tabIndex = 0;
    to.focus();
  };
  table.addEventListener("focusin", ({ target }) => {
    for (const each of table.querySelectorAll("button[tabindex='0']")) if (each !== target) each.tabIndex = -1;
    target.tabIndex = 0;
  });
  table.addEventListener("keydown", (event) => {
    const from = event.target.closest("button");
    if (!from || !(event.key in ARROWS)) return;
    event.preventDefault();
    const [down, right] = ARROWS[event.key];
    let row = from.closest("tr").rowIndex;
    let column = from.parentElement.cellIndex;
    do {
      row += down;
      column += right;
      const to = at(row, column);
      if (to) return go(from, to);
    } while (table.rows[row]?.cells[column]);
  });
}
