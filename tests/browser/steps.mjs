// What a learner does on the page, in the words of the page.

/** Control by its role and its exact name. */
export const button = (page, name) => page.getByRole("button", { name, exact: true });
export const field = (page, name) => page.getByLabel(name, { exact: true }).filter({ visible: true });

/** The row of a shard, by its number. */
export const shard = (page, number) =>
  page.getByRole("list", { name: "Shards" }).locator("li", {
    has: page.getByText(`shardId-${String(number).padStart(12, "0")}`),
  });

/** The terminal's newest command line and what it printed. */
export const lastBlock = (page) => page.locator(".block").last();

/** Types a line at the prompt; options are those of waiting for it. */
export async function type(page, line, options) {
  await page.locator('textarea[aria-label="Command line"]').fill(line);
  await page.keyboard.press("Enter");
  await lastBlock(page).getByText(line.split("\n").at(-1), { exact: true }).waitFor(options);
}

/** Goes to a part of the page that a phone shows one at a time: Task, Do, Terminal or Views. */
export async function showPart(page, name) {
  const parts = page.getByRole("navigation", { name: "Parts of the page" });
  if (await parts.isVisible()) await parts.getByRole("button", { name, exact: true }).click();
}

/** Opens a view beside the terminal: a tab, or an entry of the list that takes the tabs' place where they find no room. */
export async function showTab(page, name) {
  await showPart(page, "Views");
  const list = page.getByLabel("Show a view", { exact: true });
  if (await list.isVisible()) await list.selectOption({ label: name });
  else await page.getByRole("tab", { name, exact: true }).click();
}

/** Types a line at the prompt, where a phone shows it too. */
export async function typeAnywhere(page, line, options) {
  await showPart(page, "Terminal");
  await type(page, line, options);
}

/** Lets virtual time run at a speed until something is seen. */
export async function playUntil(page, speed, locator) {
  await field(page, "Speed").selectOption({ label: speed });
  await button(page, "Play").click();
  await locator.waitFor();
  await button(page, "Pause").click();
}

/** Moves with Tab until the control has the focus; fails where Tab never comes to it. */
export async function tabTo(page, locator, key = "Tab") {
  for (let presses = 0; presses < 120; presses += 1) {
    if (await locator.evaluate((element) => element === document.activeElement).catch(() => false)) return;
    await page.keyboard.press(key);
  }
  throw new Error(`Tab does not come to ${locator}`);
}

/** The session of a world that lines were typed into, made by the module's face for scripts. */
export async function savedWorld(site, limits, lines) {
  const key = JSON.stringify([limits, lines]);
  savedWorlds[key] ??= site.evaluate(
    async ([limits, lines]) => {
      const { Sandbox, loadRest } = await import(new URL("pkg/kinesis_sandbox.js", document.baseURI));
      await loadRest?.();
      const sandbox = new Sandbox({ limits });
      for (const line of lines) {
        const { exitCode, stderr } = sandbox.run(line);
        if (exitCode !== 0) throw new Error(`${line}: ${stderr}`);
      }
      return sandbox.save();
    },
    [limits, lines],
  );
  return savedWorlds[key];
}
const savedWorlds = {};

/** Lets the page that comes next find a session of the last visit. */
export const openSession = (page, text) =>
  page.addInitScript((text) => {
    if (!localStorage.getItem("seen")) localStorage.setItem("kinesis-sandbox.session", text);
    localStorage.setItem("seen", "1");
  }, text);
