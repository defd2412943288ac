// Swagger UI, loaded when somebody asks for it: it is far larger than the rest of the page.

import { byId, element } from "./dom.js";
import { ask } from "./server.js";

/** Let the button open Swagger UI. */
export function startSwagger() {
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const follow = () => document.documentElement.classList.toggle("dark-mode", dark.matches);
  dark.addEventListener("change", follow);
  follow();
  const button = byId("open-swagger");
  button.addEventListener("click", async () => {
    button.disabled = true;
    try {
      await open();
      button.setAttribute("aria-expanded", "true");
      button.hidden = true;
    } catch (wrong) {
      byId("swagger").replaceChildren(element("p", { class: "notice", role: "alert" }, wrong.message));
      button.disabled = false;
    }
  });
}

async function open() {
  await loaded(element("link", { rel: "stylesheet", href: "/_docpact/swagger/swagger-ui.css" }), "swagger-ui.css");
  await loaded(element("script", { src: "/_docpact/swagger/swagger-ui-bundle.js" }), "swagger-ui-bundle.js");
  const spec = await ask("openapi.json");
  delete spec.jsonSchemaDialect; // Swagger UI takes that of OpenAPI only, which contains ours
  globalThis.SwaggerUIBundle({
    spec,
    domNode: byId("swagger"),
    deepLinking: false,
    validatorUrl: null,
    supportedSubmitMethods: ["get"],
    docExpansion: "full",
    defaultModelsExpandDepth: 0,
    requestInterceptor: signed,
  });
}

function loaded(node, name) {
  return new Promise((resolve, reject) => {
    node.addEventListener("load", resolve);
    node.addEventListener("error", () => ask(`swagger/${name}`).then(resolve, reject));
    document.head.append(node);
  });
}

/** The request, signed by the mock, for a browser cannot compute signatures. */
async function signed(request) {
  if (request.loadSpec) return request;
  const url = new URL(request.url, location.href);
  if (url.origin !== location.origin) return request;
  const headers = Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
  const signature = await ask("sign", "POST", {
    method: (request.method ?? "GET").toUpperCase(), target: url.pathname + url.search, headers,
  });
  Object.assign(request.headers, signature.headers);
  return request;
}
