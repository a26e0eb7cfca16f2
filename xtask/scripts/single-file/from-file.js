// What stands in the place of `fetch` and `XMLHttpRequest` in the code of the one file: the page asks for nothing but
// the two parts of its module, and both lie in the file.

const file = globalThis.kinesisSandboxFile;
const isRest = (url) => String(url).includes("/lazy/");

export async function fetchFromFile(url) {
  const bytes = await (isRest(url) ? file.rest() : file.first());
  return new Response(bytes, { headers: { "content-type": "application/wasm" } });
}

/** A request that does not give way, for text whose characters are the bytes: what the page's `rest.js` uses. */
export class RequestFromFile {
  status = 200;
  responseText = "";

  open() {}

  overrideMimeType() {}

  send() {
    const bytes = file.restNow();
    const texts = [];
    const PIECE = 8_192;
    for (let begin = 0; begin < bytes.length; begin += PIECE) texts.push(String.fromCharCode(...bytes.subarray(begin, begin + PIECE)));
    this.responseText = texts.join("");
  }
}
