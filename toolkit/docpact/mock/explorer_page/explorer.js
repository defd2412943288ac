// The page itself: the operation, the form, and what happens when somebody sends it.

import { showAnswer, startAnswer } from "./answer.js";
import { byId, counted, element } from "./dom.js";
import { chosenFault, refreshFaults, startFaults } from "./faults.js";
import { showFields } from "./fields.js";
import { ask, startTabs } from "./server.js";
import { startSwagger } from "./swagger.js";

const METHODS = ["HEAD", "POST", "PUT", "DELETE", "OPTIONS"];
const SIGN_HINTS = {
  off: "This server does not check signatures; it does when it is started with --auth required.",
  optional: "This server accepts unsigned calls, and checks the signatures of others.",
  required: "This server refuses unsigned calls.",
};
let contract;
let pathNames = [];
let instances = [];

const complain = (wrong) => { byId("notice").textContent = wrong.message; };

async function start() {
  startTabs();
  startAnswer();
  startSwagger();
  contract = await ask("contract");
  showOperation();
  showParameters();
  showFields(contract);
  await Promise.all([showWorld(), startFaults(complain)]);
  byId("instance").addEventListener("change", fillIn);
  byId("call").addEventListener("submit", send);
  byId("reset").addEventListener("click", reset);
  document.body.dataset.ready = "yes";
}

function showOperation() {
  const { operation } = contract;
  document.title = `${operation.name} – docpact mock`;
  byId("name").textContent = operation.name;
  byId("method").textContent = operation.method;
  byId("path").replaceChildren(...operation.path.split("/").flatMap((each, index) =>
    index ? ["/", document.createElement("wbr"), each] : [each]));
  byId("summary").textContent = operation.summary;
  byId("sign-hint").textContent = SIGN_HINTS[contract.auth];
  byId("verb").replaceChildren(...[operation.method, ...METHODS.filter((each) => each !== operation.method)]
    .map((each) => element("option", {}, each)));
}

function showParameters() {
  const placed = (place) => contract.parameters.filter((each) => each.place === place);
  const { path } = contract.operation;
  const inPath = placed("path").sort((a, b) => path.indexOf(`{${a.name}}`) - path.indexOf(`{${b.name}}`));
  pathNames = inPath.map((each) => each.name);
  byId("parameters").replaceChildren(
    ...[...inPath, ...placed("query"), ...placed("header")].map(parameterField));
}

function parameterField(parameter) {
  const id = `parameter-${parameter.name}`;
  const options = ["", ...parameter.values].map((each) =>
    element("option", { value: each }, each || `not sent${parameter.default ? `, so ${parameter.default}` : ""}`));
  const control = parameter.values.length
    ? element("select", { id }, ...options)
    : element("input", { id, autocomplete: "off", spellcheck: "false", placeholder: parameter.example,
        required: parameter.required });
  control.setAttribute("aria-describedby", `${id}-hint`);
  const decided = parameter.origin.ruling ? `, ${parameter.origin.ruling}` : "";
  const hint = `${parameter.place}, ${parameter.type}, e.g. ${parameter.example}, `
    + `${parameter.origin.page}:${parameter.origin.line}${decided}`;
  return element("div", { class: "field", title: parameter.description },
    element("label", { for: id }, parameter.name, parameter.required ? element("span", { class: "must" }, " required") : null),
    control, element("p", { class: "hint", id: `${id}-hint` }, hint));
}

async function showWorld() {
  const world = await ask("world");
  instances = world.instances;
  const list = byId("instance");
  const before = list.value;
  const state = (each) => each.Instance?.ActualState ?? "";
  list.replaceChildren(
    ...instances.map((each, index) => element("option", { value: String(index) },
      `${each.names.join(" / ")} (${state(each)}${each.runs ? "" : ", job not running"})`)),
    element("option", { value: "" }, world.everything ? "any: every instance exists" : "another, by its names"),
  );
  list.value = instances[Number(before)] && before !== "" ? before : instances.length ? "0" : "";
  fillIn();
}

function fillIn() {
  const chosen = byId("instance").value;
  const examples = pathNames.map((name) => contract.parameters.find((each) => each.name === name).example);
  const names = chosen === "" ? examples : instances[Number(chosen)].names;
  for (const [index, name] of pathNames.entries()) byId(`parameter-${name}`).value = names[index];
}

async function send(event) {
  event.preventDefault();
  const value = (id) => byId(id)?.value ?? "";
  byId("send").disabled = true;
  byId("notice").textContent = "";
  try {
    const call = await ask("call", "POST", {
      names: pathNames.map((name) => value(`parameter-${name}`)),
      method: value("verb"),
      format: value("parameter-Format"),
      accept: value("accept"),
      region: value("parameter-RegionId"),
      fault: chosenFault(),
      sign: value("sign"),
    });
    showAnswer(call, contract.rulings);
    byId("outcome").textContent = `Status ${call.status}, ${counted(call.findings.length, "finding")}`;
    if (matchMedia("(max-width: 62rem)").matches) byId("answer-title").scrollIntoView();
  } catch (wrong) {
    byId("outcome").textContent = wrong.message;
  } finally {
    byId("send").disabled = false;
  }
}

async function reset() {
  try {
    await ask("reset", "POST", {});
    await Promise.all([showWorld(), refreshFaults()]);
    byId("notice").textContent = "The world is as it was at the start; faults are off, and calls are forgotten.";
  } catch (wrong) {
    complain(wrong);
  }
}

start().catch(complain);
