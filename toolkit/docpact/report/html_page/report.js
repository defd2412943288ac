// What all parts of the report use beside the shared helpers.

const report = JSON.parse(byId("report").textContent);
const { contract } = report;
const documented = (contract?.answers ?? []).flatMap(({ kind, fields }) => fields.map((each) => ({ ...each, kind })));
const SEVERITIES = ["error", "warning", "note"];

/** A share in words that never claims all or nothing where it is only nearly so. */
function percent(part, whole) {
  if (!whole) return "–";
  if (part === 0 || part === whole) return part ? "100 %" : "0 %";
  const share = (100 * part) / whole;
  if (share < 1) return "< 1 %";
  return share > 99 ? "> 99 %" : `${Math.round(share)} %`;
}

/** A bar; what it shows stands beside it in words. */
function bar(part, whole, role = "") {
  const filled = element("span", { class: `filled ${role}` });
  filled.style.width = `${whole ? Math.min(100, (100 * part) / whole) : 0}%`;
  return element("span", { class: "meter", "aria-hidden": "true" }, filled);
}

/** A table that scrolls by itself where it is wider than the window, by keyboard too. */
const scrolled = (label, table) =>
  element("div", { class: "scrolled", role: "region", "aria-label": label, tabindex: 0 }, table);

/** Say why a part is empty. */
function withoutStatistics(body) {
  body.previousElementSibling?.remove();
  body.append(element("p", { class: "hint missing" }, "This report was made without statistics, which ",
    element("code", {}, "docpact validate"), " collects."));
}

const fieldName = (path) => (path ? visible(path) : "the answer itself");

/** The sum of some numbers by key. */
function sums(pairs) {
  const found = new Map();
  for (const [key, count] of pairs) found.set(key, (found.get(key) ?? 0) + count);
  return found;
}

const byText = (one, other) => (one < other ? -1 : Number(one > other));

/** A list that shows its beginning, and more of it on demand. */
function growing(items, first, step, name, place) {
  const more = element("button", { type: "button", class: "quiet more" });
  let listed = 0;
  const grow = (by) => {
    const made = items.slice(listed, listed + by).map(place);
    listed += made.length;
    const left = items.length - listed;
    more.hidden = left === 0;
    more.textContent = left > step ? `Show ${step} of ${left} more ${name}s` : `Show ${left} more ${name}${left > 1 ? "s" : ""}`;
    return made;
  };
  more.addEventListener("click", () => {
    const [start] = grow(step);
    start?.querySelector("summary, button, a, [tabindex]")?.focus();
  });
  grow(first);
  return more;
}
