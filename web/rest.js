// Loads the rest of the module: what the first picture does not need. The build puts this text into the glue of a
// split module, where `wasm` is the first part's exports. The rest comes in the background as soon as the first part
// runs; what is wanted before it is there waits for it.

const restUrl = new URL("lazy/kinesis_sandbox_rest.wasm", import.meta.url);

let restPromise;

/** Resolves when the whole module is there. Nobody has to wait for it, but who wants no pause later can. */
export function loadRest() {
  restPromise ??= fetchRest();
  // What failed once is tried again when somebody asks again.
  restPromise.catch(() => {
    restPromise = undefined;
  });
  return restPromise;
}

/** Starts the rest from its bytes or its compiled module, where it cannot be fetched. */
export function loadRestSync({ module }) {
  startRest(module instanceof WebAssembly.Module ? module : new WebAssembly.Module(module));
}

/** The imports of the first part, with the function that it calls when it needs the rest at once. */
function withRest(imports) {
  imports.rest = { load: loadRestNow };
  return imports;
}

function loadRestSoon() {
  // In Node the file is as near later as now. A failure here shows when the rest is asked for.
  if (!isNode()) setTimeout(loadRest);
}

async function fetchRest() {
  if (isRestLoaded()) return;
  if (isNode()) return loadRestNow();
  const response = await fetch(restUrl);
  if (!response.ok) throw new Error(`cannot load ${restUrl}: ${response.status} ${response.statusText}`);
  startRest(await WebAssembly.compile(await response.arrayBuffer()));
}

function loadRestNow() {
  startRest(new WebAssembly.Module(isNode() ? readFile(restUrl) : download(restUrl)));
}

function startRest(module) {
  if (isRestLoaded()) return;
  new WebAssembly.Instance(module, { rest: wasm });
  wasm["rest:loaded"].value = 1;
  wasm.restHasCome();
}

function isRestLoaded() {
  return wasm["rest:loaded"].value === 1;
}

function isNode() {
  return typeof process === "object" && typeof process.getBuiltinModule === "function" && restUrl.protocol === "file:";
}

function readFile(url) {
  return process.getBuiltinModule("node:fs").readFileSync(url);
}

/** The bytes at `url`, without giving way to anything else until they are there. */
function download(url) {
  const request = new XMLHttpRequest();
  request.open("GET", url, false);
  // A request that does not give way cannot ask for bytes, but for text whose characters are the bytes.
  request.overrideMimeType("text/plain; charset=x-user-defined");
  request.send();
  if (request.status !== 200) throw new Error(`cannot load ${url}: ${request.status} ${request.statusText}`);
  return Uint8Array.from(request.responseText, (character) => character.charCodeAt(0));
}
