// Small tools for the page. Whatever comes from a capture becomes text, never markup.

const byId = (id) => document.getElementById(id);
const report = JSON.parse(byId("report").textContent);
const SEVERITIES = ["error", "warning", "note"];

/** An element with attributes and children; texts become text nodes. */
function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (typeof value === "function") made.addEventListener(key, value);
    else if (value === true) made.setAttribute(key, "");
    else if (value !== false && value !== undefined && value !== null) made.setAttribute(key, value);
  }
  made.append(...children.filter((each) => each !== null && each !== ""));
  return made;
}

const UNPRINTABLE = /[\p{C}\p{Zl}\p{Zp}]/gu;

/** A text in which nothing is hidden and nothing turns the direction of what is around it. */
function visible(text) {
  return String(text).replace(UNPRINTABLE, (each) => {
    const code = each.codePointAt(0).toString(16);
    return code.length > 4 ? `\\U${code.padStart(8, "0")}` : `\\u${code.padStart(4, "0")}`;
  });
}

const numbers = new Intl.NumberFormat("en");
const counted = (count, name) => `${numbers.format(count)} ${name}${count === 1 ? "" : "s"}`;

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

const hint = (...children) => element("p", { class: "hint" }, ...children);

/** Say why there is nothing, in the place of what a statistics would tell. */
function withoutTally(body) {
  body.previousElementSibling?.remove();
  body.append(element("p", { class: "hint missing" }, "This needs what ",
    element("code", {}, "docpact validate"), " counts while it reads. This report was made without it."));
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
  let shown = 0;
  const grow = (by) => {
    const made = items.slice(shown, shown + by).map(place);
    shown += made.length;
    const left = items.length - shown;
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
