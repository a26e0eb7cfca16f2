// The style sheet's tokens: every colour, size and space has one name, contrasts are what WCAG 2.2 AA asks for, and
// the colours that tell things apart do so for people who see colours differently too.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

const sheet = readFileSync(new URL("../../web/style.css", import.meta.url), "utf8");
const block = sheet.match(/^\.ks \{\n[^}]*?--ks-page[^}]*\}/m)[0];
const rest = sheet.replace(block, "");
// What a document may set itself is looked at as it is where the document sets nothing.
const tokenBlock = block.replace(/var\(--kinesis-sandbox-[\w-]+, (.*)\);$/gm, "$1;");

/** The theme's colours by name. */
function palette(place) {
  const colours = {};
  for (const [, name, value] of tokenBlock.matchAll(/--ks-([\w-]+): (#\w+|light-dark\(#\w+, #\w+\));/g)) {
    const given = value.match(/#\w+/g);
    colours[name] = given[place] ?? given[0];
  }
  return colours;
}
const themes = { light: palette(0), dark: palette(1) };

const channels = (hex) => [1, 3, 5].map((i) => Number.parseInt(hex.slice(i, i + 2), 16) / 255);
const linear = (hex) => channels(hex).map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));

/** Contrast of two colours as WCAG 2 defines it. */
function contrast(one, other) {
  const light = (hex) => linear(hex).reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
  const [high, low] = [light(one), light(other)].sort((a, b) => b - a);
  return (high + 0.05) / (low + 0.05);
}

// Machado, Oliveira and Fernandes 2009, full severity.
const sights = {
  usual: [1, 0, 0, 0, 1, 0, 0, 0, 1],
  protan: [0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998],
  deutan: [0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.01182, 0.04294, 0.968881],
  tritan: [1.255528, -0.076749, -0.178779, -0.078411, 0.930809, 0.147602, 0.004733, 0.691367, 0.3039],
};

/** CIE L*a*b* of a colour as somebody sees it. */
function lab(hex, sight) {
  const [r, g, b] = linear(hex);
  const seen = [0, 3, 6].map((row) =>
    Math.min(1, Math.max(0, sight[row] * r + sight[row + 1] * g + sight[row + 2] * b)),
  );
  const mix = (weights) => weights.reduce((sum, weight, i) => sum + weight * seen[i], 0);
  const f = (t) => (t > 216 / 24389 ? Math.cbrt(t) : ((24389 / 27) * t + 16) / 116);
  const x = f(mix([0.4124564, 0.3575761, 0.1804375]) / 0.95047);
  const y = f(mix([0.2126729, 0.7151522, 0.072175]));
  const z = f(mix([0.0193339, 0.119192, 0.9503041]) / 1.08883);
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

/** CIEDE2000. */
function difference([l1, a1, b1], [l2, a2, b2]) {
  const rad = (degrees) => (degrees * Math.PI) / 180;
  const seventh = (c) => Math.sqrt(c ** 7 / (c ** 7 + 25 ** 7));
  const stretch = 1 + 0.5 * (1 - seventh((Math.hypot(a1, b1) + Math.hypot(a2, b2)) / 2));
  const [x1, x2] = [a1 * stretch, a2 * stretch];
  const [c1, c2] = [Math.hypot(x1, b1), Math.hypot(x2, b2)];
  const angle = (x, b) => (x || b ? ((Math.atan2(b, x) * 180) / Math.PI + 360) % 360 : 0);
  const [h1, h2] = [angle(x1, b1), angle(x2, b2)];
  const turn = c1 * c2 === 0 ? 0 : ((h2 - h1 + 540) % 360) - 180;
  const dh = 2 * Math.sqrt(c1 * c2) * Math.sin(rad(turn) / 2);
  const l = (l1 + l2) / 2;
  const c = (c1 + c2) / 2;
  const h = c1 * c2 === 0 ? h1 + h2 : (h1 + turn / 2 + 360) % 360;
  const t =
    1 - 0.17 * Math.cos(rad(h - 30)) + 0.24 * Math.cos(rad(2 * h)) + 0.32 * Math.cos(rad(3 * h + 6)) - 0.2 * Math.cos(rad(4 * h - 63));
  const sl = 1 + (0.015 * (l - 50) ** 2) / Math.sqrt(20 + (l - 50) ** 2);
  const sc = 1 + 0.045 * c;
  const sh = 1 + 0.015 * c * t;
  const r = -2 * seventh(c) * Math.sin(rad(60 * Math.exp(-(((h - 275) / 25) ** 2))));
  const [dl, dc] = [l2 - l1, c2 - c1];
  return Math.sqrt((dl / sl) ** 2 + (dc / sc) ** 2 + (dh / sh) ** 2 + (r * dc * dh) / (sc * sh));
}

test("the measures are right: contrast and difference of published pairs", () => {
  assert.equal(contrast("#000000", "#ffffff").toFixed(1), "21.0");
  assert.equal(contrast("#777777", "#ffffff").toFixed(2), "4.48");
  // Sharma, Wu and Dalal 2005, pairs 1 and 17.
  assert.equal(difference([50, 2.6772, -79.7751], [50, 0, -82.7485]).toFixed(4), "2.0425");
  assert.equal(difference([50, 2.5, 0], [73, 25, -18]).toFixed(4), "27.1492");
});

for (const [theme, colours] of Object.entries(themes)) {
  const grounds = ["page", "panel", "raised"];
  const atLeast = (name, ground, least) => {
    const found = contrast(colours[name], colours[ground]);
    return found >= least ? [] : [`${name} on ${ground}: ${found.toFixed(2)}, not ${least}`];
  };

  test(`texts can be read in the ${theme} theme`, () => {
    const texts = ["text", "muted", "link", "ok", "warn", "throttle", "replay"];
    const problems = texts.flatMap((name) => grounds.flatMap((ground) => atLeast(name, ground, 4.5)));
    problems.push(...atLeast("text", "lane", 4.5), ...atLeast("muted", "lane", 4.5), ...atLeast("on-link", "link", 4.5));
    for (let i = 0; i < 6; i += 1) problems.push(...atLeast(`l${i}`, `s${i}`, 4.5));
    assert.deepEqual(problems, []);
  });

  test(`what is drawn stands out from its ground in the ${theme} theme`, () => {
    const shapes = ["line", "closed", "focus", "s0", "s1", "s2", "s3", "s4", "s5"];
    assert.deepEqual(shapes.flatMap((name) => grounds.flatMap((ground) => atLeast(name, ground, 3))), []);
  });

  test(`colours of a set are told apart in the ${theme} theme, however one sees colours`, () => {
    const sets = { shards: ["s0", "s1", "s2", "s3", "s4", "s5"], states: ["ok", "warn", "throttle", "replay"] };
    const problems = [];
    for (const [set, names] of Object.entries(sets)) {
      for (const [sight, matrix] of Object.entries(sights)) {
        for (const [i, one] of names.entries()) {
          for (const other of names.slice(i + 1)) {
            const found = difference(lab(colours[one], matrix), lab(colours[other], matrix));
            if (found < 15) problems.push(`${set}, ${sight}: ${one} and ${other} differ by ${found.toFixed(1)}`);
          }
        }
      }
    }
    assert.deepEqual(problems, []);
  });
}

test("colours, sizes of type, spaces and corners come from tokens alone", () => {
  const lines = rest.split("\n");
  const wrong = (pattern) => lines.filter((line) => pattern.test(line)).map((line) => line.trim());
  assert.deepEqual(wrong(/#[0-9a-f]{3,8}\b(?!.*\{)|\brgba?\(|\bhsla?\(/i), [], "a colour");
  assert.deepEqual(wrong(/(?<!--ks-)\bfont-size:(?!\s*(var\(--ks-|inherit))/), [], "a size of type");
  assert.deepEqual(wrong(/^\s*(padding|margin|gap|row-gap|column-gap)(-\w+)?:.*[1-9]\d*(px|em|rem)/), [], "a space");
  assert.deepEqual(wrong(/border-radius:.*\dpx/), [], "a corner");
});

test("each colour is written once, and both themes have every one", () => {
  const names = [...tokenBlock.matchAll(/--ks-([\w-]+): (?:#|light-dark)/g)].map(([, name]) => name);
  assert.deepEqual([...new Set(names)], names);
  assert.deepEqual(Object.keys(themes.light), Object.keys(themes.dark));
});
