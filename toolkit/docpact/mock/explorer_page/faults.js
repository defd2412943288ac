// The catalogue of faults: one for a call, or some for the whole server.

import { byId, element } from "./dom.js";
import { ask } from "./server.js";

let catalogue = [];
let active = [];
let chosen = "";

/** The fault of the next call; an empty text for none. */
export const chosenFault = () => chosen;

/** Fill the list, and let its switch work. */
export async function startFaults(complain) {
  byId("fault-search").addEventListener("input", showList);
  byId("fault").addEventListener("change", (event) => {
    chosen = event.target.value;
    explain();
  });
  byId("everywhere").addEventListener("change", (event) => {
    const names = active.filter((each) => each !== chosen);
    set(event.target.checked && chosen ? [...names, chosen] : names).catch(complain);
  });
  byId("rate").addEventListener("change", () => set(active).catch(complain));
  byId("server-faults").addEventListener("click", (event) => {
    const name = event.target.closest("button")?.dataset.name;
    if (name) set(active.filter((each) => each !== name)).catch(complain);
  });
  await refreshFaults();
}

/** Ask the server which faults it has now. */
export async function refreshFaults() {
  take(await ask("faults"));
}

async function set(names) {
  const percent = Math.min(100, Math.max(0, Number(byId("rate").value) || 0));
  try {
    take(await ask("faults", "PUT", { names, rate: percent / 100 }));
  } finally {
    explain();
  }
}

function take(faults) {
  catalogue = faults.catalogue;
  active = faults.names;
  byId("rate").value = String(Math.round(faults.rate * 100));
  byId("server-faults").replaceChildren(...active.map((name) =>
    element("li", {}, name, element("button", { type: "button", "data-name": name, "aria-label": `Remove ${name}` }, "×"))));
  showList();
}

function showList() {
  const text = byId("fault-search").value.trim().toLowerCase();
  const fits = (each) =>
    [each.name, each.summary, each.shows, ...each.breaks, ...each.media].join(" ").toLowerCase().includes(text);
  const options = catalogue.filter((each) => fits(each) || each.name === chosen);
  const list = byId("fault");
  list.replaceChildren(
    element("option", { value: "" }, "none"),
    ...options.map((each) => element("option", { value: each.name, title: each.summary }, `${each.name} – ${each.summary}`)),
  );
  list.value = chosen;
  explain();
}

function explain() {
  const fault = catalogue.find((each) => each.name === chosen);
  const only = fault?.media.length === 1 ? ` in ${fault.media[0].toUpperCase()}` : "";
  byId("fault-hint").textContent = fault
    ? `A server that ${fault.summary}; shows ${fault.shows}${only}; breaks ${fault.breaks.join(", ")}.`
    : `${catalogue.length} faults; a call without one is answered as the page says.`;
  byId("everywhere").disabled = !fault;
  byId("everywhere").checked = active.includes(chosen);
}
