// What came of a call: status, findings, body, and the call as code.

import { byId, element } from "./dom.js";
import { isDocumented, jumpTo } from "./fields.js";
import { prettyBody, shaded } from "./pretty.js";

const LANGUAGES = ["curl", "python", "httpx"];
const NO_CODE = "The vendor's SDK cannot make this call.";
let body = "";

/** Let the switch between laid out and as it came work. */
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
  const waited = call.seconds ? ` after ${call.seconds} s, which the explorer does not wait` : "";
  byId("verdict").textContent =
    (count ? `${count} finding${count > 1 ? "s" : ""}` : "keeps the contract") + `, ${call.bytes} bytes${waited}`;
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
    panel.replaceChildren(element("p", { class: "hint" }, NO_CODE));
    return;
  }
  const copy = element("button", { type: "button", class: "copy quiet" }, "Copy");
  copy.addEventListener("click", async () => {
    copy.textContent = (await copied(code, panel)) ? "Copied" : "Press Ctrl+C";
    setTimeout(() => { copy.textContent = "Copy"; }, 2000);
  });
  panel.replaceChildren(copy, element("pre", {}, code));
}

async function copied(text, panel) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch { // not allowed, or no secure page: select it for the person to copy
    getSelection().selectAllChildren(panel.querySelector("pre"));
    return false;
  }
}
