// The shipped module in Node: no browser, no DOM.

import assert from "node:assert/strict";
import { test } from "node:test";

import { loadModule } from "./support.mjs";

test("the module starts where there is no page", async () => {
  const { mount } = await loadModule();
  assert.equal(typeof mount, "function");
  assert.equal(typeof globalThis.document, "undefined");
});
