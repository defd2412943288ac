// DOM helpers of both pages. Whatever comes from an answer becomes text, never markup.

export const byId = (id) => document.getElementById(id);

/** An element with attributes and children; texts become text nodes. */
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (typeof value === "function") made.addEventListener(key, value);
    else if (value === true) made.setAttribute(key, "");
    else if (value !== false && value !== undefined && value !== null) made.setAttribute(key, value);
  }
  made.append(...children.filter((each) => each !== null && each !== ""));
  return made;
}

export const hint = (...children) => element("p", { class: "hint" }, ...children);

const UNPRINTABLE = /[\p{C}\p{Zl}\p{Zp}]/gu;

/** A text in which nothing is hidden and nothing turns the direction of what is around it. */
export function visible(text) {
  return String(text).replace(UNPRINTABLE, (each) => {
    const code = each.codePointAt(0).toString(16);
    return code.length > 4 ? `\\U${code.padStart(8, "0")}` : `\\u${code.padStart(4, "0")}`;
  });
}

export const numbers = new Intl.NumberFormat("en");
export const counted = (count, name) => `${numbers.format(count)} ${name}${count === 1 ? "" : "s"}`;

/** The path of a field, with its last name marked, and whether the field is required. */
export function fieldHeading(field, ...more) {
  const cut = field.path.lastIndexOf(".") + 1;
  return element("th", { scope: "row", class: "path" },
    cut ? element("span", { class: "parent" }, visible(field.path.slice(0, cut))) : null,
    element("b", {}, visible(field.path.slice(cut))),
    field.required
      ? element("span", { class: "badge" }, field.required.severity === "error" ? "required" : "expected") : null,
    ...more);
}

/** A button that copies the text of an element, or selects it for the person to copy. */
export function copyButton(text, source) {
  const button = element("button", { type: "button", class: "quiet copy" }, "Copy");
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(text);
      button.textContent = "Copied";
    } catch { // not allowed, or not a secure page
      getSelection().selectAllChildren(source);
      button.textContent = "Press Ctrl+C";
    }
    setTimeout(() => { button.textContent = "Copy"; }, 2000);
  });
  return button;
}
