// What a page shows down to some height, as markup that stands alone: with the style it uses, and
// without scripts, links and whatever else a picture cannot do.

const [height, done] = arguments;
const KEPT = new Set(["class", "id", "style", "type", "role", "aria-selected", "open", "size", "scope",
  "colspan", "placeholder", "value", "checked", "selected"]);
const UNSEEN = "script, noscript, datalist, .skip";

function isShown(node) {
  if (node.matches(UNSEEN)) return false;
  if (node.tagName === "OPTION") return node.selected || node.parentElement.size > 1;
  if (node.tagName === "WBR" || getComputedStyle(node).display === "contents") return true; // neither has a box
  return node.checkVisibility() && node.getBoundingClientRect().top < height;
}

/** A copy of what can be seen of an element, with what a person put into it. */
function copied(node) {
  if (node.nodeType === Node.TEXT_NODE) return node.cloneNode();
  if (node.nodeType !== Node.ELEMENT_NODE || !isShown(node)) return "";
  const made = node.cloneNode();
  for (const { name } of [...made.attributes]) if (!KEPT.has(name)) made.removeAttribute(name);
  if (node.tagName === "INPUT" && node.type !== "checkbox") made.setAttribute("value", node.value);
  if (node.checked) made.setAttribute("checked", "");
  if (node.selected) made.setAttribute("selected", "");
  made.append(...[...node.childNodes].map(copied));
  return made;
}

/** The blocks of a style sheet, each with what stands before it. As text: what Chromium writes of
    a parsed rule has lost the shorthands that hold a variable. */
function blocks(text) {
  const found = [];
  let [depth, start, opened] = [0, 0, 0];
  for (let at = 0; at < text.length; at += 1) {
    if (text[at] === "{" && depth++ === 0) opened = at;
    if (text[at] !== "}" || --depth) continue;
    found.push([text.slice(start, opened).trim(), text.slice(opened + 1, at).trim()]);
    start = at + 1;
  }
  return found;
}

/** The rules that say something about the copy, for a light and a dark screen, whatever its width. */
function styleOf(text, copy) {
  return blocks(text).flatMap(([before, within]) => {
    if (before.startsWith("@media")) {
      const inner = styleOf(within, copy);
      if (before.includes("prefers-color-scheme")) return [`${before} { ${inner.join(" ")} }`];
      return matchMedia(before.slice("@media".length)).matches ? inner : [];
    }
    const selector = before.replace(/(?<=[\w\])])::[a-z-]+/g, "").replace(/::[a-z-]+/g, "*");
    const isUsed = selector === ":root" || copy.matches(selector) || copy.querySelector(selector);
    return isUsed ? [`${before} { ${within.replace(/\s+/g, " ")} }`] : [];
  });
}

const sheets = [...document.styleSheets].map(({ href, ownerNode }) =>
  (href ? fetch(href).then((answer) => answer.text()) : ownerNode.textContent));
Promise.all(sheets).then((texts) => {
  window.scrollTo(0, 0);
  const body = copied(document.body);
  const style = styleOf(texts.join("\n").replace(/\/\*.*?\*\//gs, ""), body);
  done({ style: style.join("\n"), body: new XMLSerializer().serializeToString(body) });
});
