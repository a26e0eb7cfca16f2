// An element for a document with what stands in for it: a picture of its world and a transcript of its commands.

import { readOptions } from "../embed/options.js";
import { picture } from "../picture.js";

/** The text of an element with the attributes of `values`; throws an Error with a sentence where one is not possible. */
export async function snippet({ Sandbox, commands }, values) {
  const from = { getAttribute: (name) => values[name] ?? null };
  const options = readOptions(from);
  // Checked like in a browser, before anything runs.
  void options.looks;
  const { options: world, script } = await options.world();
  const sandbox = new Sandbox(world);
  let transcript = "";
  for (const command of commands(script)) {
    const { stdout, stderr, exitCode } = sandbox.run(command);
    transcript += `$ ${command}\n${stdout}${stderr}`;
    if (exitCode !== 0) throw new Error(`${command}: ${stderr.trim()}`);
  }
  const attributes = Object.entries(values).map(([name, value]) => ` ${name}="${escaped(value)}"`);
  return `<kinesis-sandbox${attributes.join("")}>
${picture(sandbox.view({ shards: 8, seconds: 60 }))}
<details><summary>What was run</summary>
<pre>${escaped(transcript)}</pre>
</details>
</kinesis-sandbox>
`;
}

function escaped(text) {
  return String(text).replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}
