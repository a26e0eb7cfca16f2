// Class packs on the page: what somebody handed out is shown before anything of it runs, and a learner's work on an
// item becomes a receipt; whoever handed the pack out checks receipts on the same screen. Nothing is sent anywhere.

import { beginItem, checkReceipt, FILE_MAX, makeReceipt, readPack, readPackLink } from "./pack.js";

/**
 * Shows the pack of the address, or asks for a file. Resolves to `{ options, begun }` for `mount`, `begun(sandbox)` to
 * be called then, or to undefined where the reader rather goes on with an own sandbox.
 */
export async function openPack(host, page) {
  look();
  let text;
  let wrong;
  if (location.hash !== "#pack") {
    try {
      text = await readPackLink(location.hash);
    } catch (error) {
      wrong = error;
    }
  }
  for (;;) {
    const chosen = await ask(host, page, text, wrong);
    if (chosen.pack !== undefined) {
      ({ pack: text } = chosen);
      wrong = undefined;
    } else if (chosen.index === undefined) {
      // An address with the pack in it would ask again.
      history.replaceState(null, "", location.pathname + location.search);
      return undefined;
    } else {
      try {
        const item = readPack(text).items[chosen.index];
        const session = beginItem(page, item);
        const options = item.kind === "lesson" ? { session, lesson: item.value } : { session };
        return { options, begun: (sandbox) => accompany(host, page, text, chosen.index, sandbox) };
      } catch (error) {
        wrong = error;
      }
    }
  }
}

/** Its own styles come with it; a single file has all of them in it. */
function look() {
  if (!document.querySelector("link[rel=stylesheet]")) return;
  const link = element("link");
  link.rel = "stylesheet";
  link.href = new URL("pack.css", import.meta.url).href;
  document.head.append(link);
}

/** The screen of a pack; resolves to what was chosen: `{ index }` of an item, the text of another `pack`, or nothing. */
async function ask(host, page, text, wrong) {
  const pack = text === undefined ? undefined : readPack(text);
  const screen = element("main", "ks shared-session class-pack");
  screen.dataset.theme = "auto";
  screen.setAttribute("aria-labelledby", "pack-title");
  const title = element("h1", "", pack ? pack.title : wrong ? "This pack cannot be opened" : "Open a class pack");
  title.id = "pack-title";
  screen.append(title);
  if (wrong) {
    const message = element("p", "", sentence(wrong));
    message.setAttribute("role", "alert");
    screen.append(message);
  }
  if (pack?.instructions) screen.append(element("p", "words", pack.instructions));
  const chosen = await new Promise((done) => {
    if (pack) {
      screen.append(element("p", "", "Nothing of it has run yet, and your own session stays as it is."));
      screen.append(itemList(pack, (index) => done({ index })));
      screen.append(receipts(page, text));
    }
    screen.append(chooser("Open a pack file", false, async ([file]) => done({ pack: await checkedPack(file, screen) })));
    screen.append(button("Go to my own sandbox", () => done({})));
    host.before(screen);
    screen.querySelector("button, input").focus();
  });
  screen.remove();
  return chosen;
}

/** A pack's text, once it is one; until then what is wrong stands on the screen. */
async function checkedPack(file, screen) {
  const text = await textOf(file);
  try {
    readPack(text);
    return text;
  } catch (error) {
    const message = screen.querySelector("[role=alert]") ?? screen.insertBefore(element("p"), screen.children[1]);
    message.setAttribute("role", "alert");
    message.textContent = sentence(error);
    throw error;
  }
}

function itemList(pack, start) {
  const list = element("ol", "items");
  for (const [index, { title, instructions }] of pack.items.entries()) {
    const item = element("li");
    item.append(element("h2", "", title));
    if (instructions) item.append(element("p", "words", instructions));
    const begin = button("Start", () => start(index), "primary");
    begin.setAttribute("aria-label", `Start: ${title}`);
    item.append(begin);
    list.append(item);
  }
  return list;
}

/** For whoever handed the pack out: files of receipts, each played again. */
function receipts(page, packText) {
  const part = element("details");
  part.append(element("summary", "", "Check receipts"));
  const table = element("table");
  const head = table.createTHead().insertRow();
  for (const name of ["Who", "Item", "Goals", "Commands", "Replay"]) {
    const cell = element("th", "", name);
    cell.scope = "col";
    head.append(cell);
  }
  table.hidden = true;
  const rows = table.createTBody();
  const choose = chooser("Receipt files", true, async (files) => {
    for (const file of files) {
      const row = rows.insertRow();
      table.hidden = false;
      for (const text of await judged(page, packText, file)) row.insertCell().textContent = text;
    }
  });
  part.append(choose, table);
  return part;
}

async function judged(page, packText, file) {
  try {
    const { title, learner, goals, commands, isSolved, problems } = await checkReceipt(page, await textOf(file), packText);
    const reached = goals.filter(({ isReached }) => isReached).length;
    const replay = [isSolved ? "Solved" : "Not solved", ...problems].join("; ");
    return [learner || file.name, title, `${reached} of ${goals.length}`, String(commands), replay];
  } catch (error) {
    return [file.name, "", "", "", sentence(error)];
  }
}

/** What stands beside the sandbox while an item is worked on. */
function accompany(host, page, packText, index, sandbox) {
  const item = readPack(packText).items[index];
  const part = element("aside", "ks class-item");
  part.dataset.theme = "auto";
  part.setAttribute("aria-label", item.title);
  part.append(element("h2", "", item.title));
  if (item.instructions) part.append(element("p", "words", item.instructions));
  const name = element("input");
  name.autocomplete = "off";
  name.maxLength = 200;
  const label = element("label", "", "Your name, for the receipt (may stay empty) ");
  label.append(name);
  const said = element("p");
  said.setAttribute("role", "status");
  const make = button("Save a receipt", async () => {
    try {
      const receipt = await makeReceipt(page, packText, index, sandbox.save(), name.value);
      const { goals, solved } = JSON.parse(receipt);
      save(`receipt-${index + 1}.json`, receipt);
      const reached = goals.filter(({ isReached }) => isReached).length;
      said.textContent = `The receipt is saved: ${reached} of ${goals.length} goals${solved ? ", solved" : ""}.`;
    } catch (error) {
      said.textContent = sentence(error);
    }
  });
  part.append(label, make, button("All items", () => location.reload()), said);
  host.before(part);
}

function save(name, text) {
  const address = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  const link = element("a");
  link.href = address;
  link.download = name;
  link.click();
  URL.revokeObjectURL(address);
}

async function textOf(file) {
  if (file.size > FILE_MAX * 4) throw new Error(`a file has at most ${FILE_MAX} characters`);
  return file.text();
}

function chooser(label, isMultiple, take) {
  const input = element("input");
  input.type = "file";
  input.accept = ".json,application/json";
  input.multiple = isMultiple;
  // What is wrong with a file is told where it matters.
  input.addEventListener("change", () => void take([...input.files]).catch(() => {}));
  const made = element("label", "", `${label} `);
  made.append(input);
  return made;
}

function button(label, act, kind = "") {
  const made = element("button", kind, label);
  made.type = "button";
  made.addEventListener("click", act);
  return made;
}

function element(name, kind = "", text = "") {
  const made = document.createElement(name);
  made.className = kind;
  made.textContent = text;
  return made;
}

const sentence = ({ message }) => `${message[0].toUpperCase()}${message.slice(1)}.`;
