// What came of a call: status, findings, body, and the call as code.

import { byId, copyButton, counted, element, hint } from "./dom.js";
import { isDocumented, jumpTo } from "./fields.js";
import { prettyBody, shaded } from "./pretty.js";

const LANGUAGES = ["curl", "python", "httpx"];
const NO_CODE = "The vendor's SDK cannot make this call.";
let body = "";

/** Let the switch between formatted and unformatted bodies work. */
export function startAnswer() {
  byId("raw").addEventListener("change", showBody);
}

/** Show a call's outcome. */
export function showAnswer(call, rulings) {
  byId("nothing-yet").hidden = true;
  byId("answer").hidden = false;
  const status = byId("status");
  status.textContent = String(call.status);
  status.className = `status ${call.status >= 200 && call.status < 300 ? "good" : "bad"}`;
  const count = call.findings.length;
  const delay = call.seconds ? `; sent after ${call.seconds} s, for which the explorer does not wait` : "";
  byId("verdict").textContent =
    `${count ? counted(count, "finding") : "keeps the contract"}, ${counted(call.bytes, "byte")}${delay}`;
  const kind = call.status < 400 ? ["success", "failure"] : ["failure", "success"];
  byId("findings").replaceChildren(...call.findings.map((each) => findingOf(each, kind, rulings)));
  body = call.body;
  showBody();
  byId("header-list").replaceChildren(...call.headers.flatMap(([name, value]) =>
    [element("dt", {}, name), element("dd", {}, value)]));
  byId("request-text").textContent =
    [call.request.line, ...call.request.headers.map(([name, value]) => `${name}: ${value}`)].join("\n");
  for (const each of LANGUAGES) showCode(each, call.code[each]);
}

function showBody() {
  const pretty = prettyBody(body);
  const raw = byId("raw").checked;
  byId("body-text").replaceChildren(raw || !pretty.format ? body : shaded(pretty.text, pretty.format));
  if (!body) byId("body-text").replaceChildren(element("span", { class: "hint" }, "no body"));
}

function findingOf(finding, kinds, rulings) {
  const kind = kinds.find((each) => isDocumented(each, finding.field));
  const ruling = rulings[finding.origin.ruling];
  const parts = [
    element("span", { class: "first" },
      element("span", { class: `severity ${finding.severity}` }, finding.severity),
      element("code", {}, finding.rule),
      element("span", { class: "where" }, `${finding.origin.page}:${finding.origin.line}`)),
    element("span", { class: "message" }, finding.message),
    ruling ? element("span", { class: "hint" }, `Decided (${finding.origin.ruling}): ${ruling.decision}`) : null,
  ];
  if (!kind) return element("li", {}, element("div", { class: "finding" }, ...parts));
  const jump = () => jumpTo(kind, finding.field);
  return element("li", {}, element("button", {
    type: "button", class: "finding", click: jump, title: `Show ${finding.field} in the table`,
  }, ...parts));
}

function showCode(language, code) {
  const panel = byId(`code-${language}`);
  if (!code) {
    panel.replaceChildren(hint(NO_CODE));
    return;
  }
  const pre = element("pre", {}, code);
  panel.replaceChildren(copyButton(code, pre), pre);
}
