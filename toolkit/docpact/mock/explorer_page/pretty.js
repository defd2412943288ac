// Lay out JSON and XML for reading without touching a single value: a number beyond 53 bits must
// stay what came, so the text is indented and never parsed and written again.

import { element } from "./dom.js";

const MOST = 300_000; // characters; longer bodies are shown as they came
const JSON_TOKEN = /"(?:\\.|[^"\\])*"|[{}[\],:]|[^\s{}[\],:"]+/g;
const XML_TOKEN = /<!--[\s\S]*?-->|<!\[CDATA\[[\s\S]*?\]\]>|<[^>]+>|[^<]+/g;
const SHADES = {
  json: /("(?:\\.|[^"\\])*")(?=\s*:)|("(?:\\.|[^"\\])*")|(-?\d[\d.eE+-]*)|\b(true|false|null)\b/g,
  xml: /(<[^>]*>)/g,
};
const NAMES = { json: ["name", "text", "number", "word"], xml: ["name"] };

/** The body indented, and which format it is; as it came where it is neither. */
export function prettyBody(text) {
  if (text.length > MOST) return { text, format: "" };
  if (isJson(text)) return { text: indentedJson(text), format: "json" };
  if (isXml(text)) return { text: indentedXml(text), format: "xml" };
  return { text, format: "" };
}

/** The text with its tokens in spans. */
export function shaded(text, format) {
  const fragment = document.createDocumentFragment();
  let end = 0;
  for (const match of format ? text.matchAll(SHADES[format]) : []) {
    const kind = NAMES[format][match.slice(1).findIndex((each) => each !== undefined)];
    fragment.append(text.slice(end, match.index), element("span", { class: `t-${kind}` }, match[0]));
    end = match.index + match[0].length;
  }
  fragment.append(text.slice(end));
  return fragment;
}

function isJson(text) {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function isXml(text) {
  if (!text.trimStart().startsWith("<")) return false;
  const parsed = new DOMParser().parseFromString(text, "application/xml");
  return parsed.querySelector("parsererror") === null;
}

function indentedJson(text) {
  const tokens = text.match(JSON_TOKEN) ?? [];
  let depth = 0;
  let out = "";
  const line = () => `\n${"  ".repeat(depth)}`;
  for (const [index, token] of tokens.entries()) {
    const opens = token === "{" || token === "[";
    const closes = token === "}" || token === "]";
    const empty = opens && ["}", "]"].includes(tokens[index + 1]);
    if (opens) {
      depth += 1;
      out += empty ? token : token + line();
    } else if (closes) {
      depth -= 1;
      out += ["{", "["].includes(tokens[index - 1]) ? token : line() + token;
    } else if (token === ",") out += token + line();
    else out += token === ":" ? ": " : token;
  }
  return out;
}

function indentedXml(text) {
  const tokens = (text.match(XML_TOKEN) ?? []).filter((each) => each.trim());
  const isTag = (each) => each !== undefined && each.startsWith("<") && !each.startsWith("<![");
  const lines = [];
  let depth = 0;
  for (let index = 0; index < tokens.length; index += 1) {
    let token = tokens[index];
    if (token.startsWith("</")) depth = Math.max(0, depth - 1);
    const indent = "  ".repeat(depth);
    const opens = isTag(token) && !/^<[/?!]|\/>$/.test(token);
    if (opens) {
      // An element that holds only text, or nothing, stays on one line.
      const content = [];
      let next = index + 1;
      while (next < tokens.length && !isTag(tokens[next])) content.push(tokens[next++]);
      if (tokens[next]?.startsWith("</")) {
        token += content.join("") + tokens[next];
        index = next;
      } else depth += 1;
    }
    lines.push(indent + token);
  }
  return lines.join("\n");
}
