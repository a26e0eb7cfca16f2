// A still picture of a world: one row per shard from its range to its records. SVG with its own words, no script, no
// style sheet, readable on light and dark ground.

const WIDTH = 640;
const ROW = 56;
const ROWS_MAX = 8;
const LANE = { from: 190, to: 560 };
const SECONDS = 60;
const colours = ["#2b36e0", "#b8790f", "#0f7f7a", "#a0317e", "#4d7c0f", "#7048c6", "#a1482b", "#40577a"];

/** The picture of the first stream of `view`, a `WorldView`; `title` and `link` go into it where given. */
export function picture(view, { title, link } = {}) {
  const stream = view.streams[0];
  const shards = stream?.shards.slice(0, ROWS_MAX) ?? [];
  const hidden = (stream?.shardCount ?? 0) - shards.length;
  const height = 64 + Math.max(1, shards.length) * ROW + (hidden > 0 ? 18 : 0) + (link ? 20 : 0);
  const name = title ?? (stream ? `Stream ${stream.name}` : "No stream yet");
  // One scale for all rows: the busiest second of the last minute is full height.
  const peak = Math.max(1, ...shards.flatMap((shard) => shard.seconds.map(({ records }) => records)));
  const rows = shards.map((shard, row) => shardRow(shard, row, view.nowMs, peak)).join("");
  const scale = stream ? text(LANE.to, 44, `full height ${peak}/s, one bar a second`, 11, 400, "#40577a", "end") : "";
  const below = 54 + Math.max(1, shards.length) * ROW;
  const rest = hidden > 0 ? text(16, below + 12, `and ${hidden} more shards`, 12) : "";
  // The address is enough to read; who clicks gets all of the link.
  const from = link ? `<a href="${escaped(link)}">${text(16, height - 10, link.split("#")[0], 11, 400, "#1f4fb0")}</a>` : "";
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-labelledby="picture-title picture-words" font-family="system-ui, sans-serif">
<title id="picture-title">${escaped(name)}</title>
<desc id="picture-words">${escaped(words(view))}</desc>
<rect width="${WIDTH}" height="${height}" rx="10" fill="#f5f7fb" stroke="#d5dbe8"/>
${text(16, 26, name, 16, 700)}${text(16, 44, stream ? summary(stream) : "Nothing was created.", 12)}${scale}
${rows}${rest}${from}</svg>`;
}

/** The same in words, for whoever does not see it. */
export function words(view) {
  const stream = view.streams[0];
  if (!stream) return "The account has no stream yet.";
  const shards = stream.shards.map((shard) => {
    const refused = shard.total.refusedByRecords + shard.total.refusedByBytes;
    const state = shard.isOpen ? "" : ", closed";
    const hash = `${percent(shard.rangeStart)} to ${percent(shard.rangeEnd)} of the hash keys`;
    return `${shard.id} (${hash}${state}): ${plural(shard.recordCount, "record")}${refused > 0 ? `, ${refused} refused` : ""}`;
  });
  return `${stream.name} is ${stream.status} with ${plural(stream.openShards, "open shard")}. ${shards.join("; ")}.`;
}

function summary(stream) {
  return `${stream.status} · ${plural(stream.openShards, "shard")} · ${stream.retentionHours} h · ${plural(stream.recordCount, "record")}`;
}

function shardRow(shard, row, nowMs, peak) {
  const top = 56 + row * ROW;
  const colour = colours[shard.number % colours.length];
  const letter = shard.number < 26 ? String.fromCharCode(65 + shard.number) : String(shard.number);
  const refused = shard.total.refusedByRecords + shard.total.refusedByBytes;
  const now = Math.floor(nowMs / 1_000);
  const bars = shard.seconds
    .filter(({ second }) => now - second < SECONDS)
    .map(({ second, records, refusedByRecords, refusedByBytes }) => {
      const step = (LANE.to - LANE.from) / SECONDS;
      const x = (LANE.to - (now - second + 1) * step).toFixed(1);
      const tall = (records / peak) * 28;
      const lost = Math.min(1, (refusedByRecords + refusedByBytes) / peak) * 14;
      const stored = `<rect x="${x}" y="${(top + 34 - tall).toFixed(1)}" width="${(step - 1).toFixed(1)}" height="${tall.toFixed(1)}" fill="${colour}"/>`;
      const lack = lost > 0 ? `<rect x="${x}" y="${top + 36}" width="${(step - 1).toFixed(1)}" height="${lost.toFixed(1)}" fill="#9b1c43"/>` : "";
      return stored + lack;
    })
    .join("");
  return `<g><rect x="16" y="${top}" width="22" height="22" rx="5" fill="${colour}"/>${text(27, top + 16, letter, 13, 700, "#fff", "middle")}
${text(46, top + 12, `shard ${shard.number}${shard.isOpen ? "" : ", closed"}`, 12, 600)}${text(46, top + 28, `${percent(shard.rangeStart)} – ${percent(shard.rangeEnd)}`, 11)}
<rect x="${LANE.from}" y="${top + 4}" width="${LANE.to - LANE.from}" height="31" rx="3" fill="#e6eaf2"/>${bars}
${text(572, top + 16, String(shard.recordCount), 12, 600)}${refused > 0 ? text(572, top + 32, `⊘ ${refused}`, 12, 600, "#9b1c43") : ""}</g>`;
}

function text(x, y, content, size, weight = 400, fill = "#1a2433", anchor = "start") {
  return `<text x="${x}" y="${y}" font-size="${size}" font-weight="${weight}" fill="${fill}" text-anchor="${anchor}">${escaped(content)}</text>`;
}

/** A place on the key space, given in parts of 2^32. */
function percent(place) {
  return `${Math.round((place / 2 ** 32) * 1_000) / 10} %`;
}

function plural(count, noun) {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

function escaped(content) {
  return String(content).replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}
