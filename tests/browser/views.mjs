// Every view of the page, and how a learner comes to it: for the tests that look at each of them.

import { button, field, openSession, savedWorld, shard, showPart, showTab, typeAnywhere } from "./steps.mjs";

// Busy worlds let minutes of traffic pass, and a page that was built quickly runs slowly.
export const long = { timeout: 120_000 };

const arn = "arn:aws:kinesis:us-east-1:123456789012:stream/clicks";

/** Everything is going on: traffic, refusals, a reader, an application that fails over, a split. */
export const busyWorld = [
  "sandbox producer start web --stream clicks --rate 1400 --keys hot:80:celebrity --retry backoff",
  "sandbox producer start mobile --stream clicks --rate 200",
  "sandbox reader start audit --stream clicks --from TRIM_HORIZON",
  "sandbox kcl start billing --stream clicks --workers 2",
  "sleep 12",
  "aws kinesis split-shard --stream-name clicks --shard-to-split shardId-000000000001 --new-starting-hash-key 255211775190703847597530955573826158592",
  "sleep 38",
  "sandbox kcl crash billing w1",
  "sleep 12",
];

/** Every program and every service around the stream, in small, and more consumers than there is room for. */
const fullWorld = [
  "sandbox producer start web --stream clicks --rate 6 --keys fixed:us,eu,order-77",
  "sandbox kpl start packed --stream clicks --rate 20 --size 40",
  "sandbox agent start web-1 --stream clicks --format common-apache-log --rate 5",
  "sandbox bucket create archive",
  "sandbox function create agg --count-by partition-key",
  `sandbox mapping create agg --event-source-arn ${arn} --from LATEST --batch-size 10`,
  `sandbox firehose create to-s3 --kinesis-stream-arn ${arn} --bucket archive --interval-in-seconds 15`,
  "sandbox flink create totals --stream clicks --window 10s",
  `aws kinesis register-stream-consumer --stream-arn ${arn} --consumer-name fraud`,
  "sandbox kcl start billing --stream clicks --workers 2",
  "sleep 15",
  "sandbox reader start fraud --stream clicks --consumer fraud",
  "sandbox reader start audit --stream clicks",
  "sandbox reader start search --stream clicks",
  "sandbox reader start a-reader-with-a-rather-long-name --stream clicks",
  "sandbox kcl crash billing w1",
  "sleep 15",
  "aws kinesis put-record --stream-name clicks --partition-key us --data aGk=",
];

/** As many readers as a row names, some of whom have an application's lease lines, or enhanced fan-out's. */
const polledWorld = [
  "sandbox producer start web --stream clicks --rate 40",
  "sandbox kcl start billing --stream clicks --workers 2",
  "sandbox reader start audit --stream clicks",
  "sandbox reader start search --stream clicks --from TRIM_HORIZON",
  "sandbox reader start archive --stream clicks",
  "sleep 30",
  "sandbox kcl pause billing w1",
  "sleep 14",
];

const pushedWorld = [
  "sandbox producer start web --stream clicks --rate 40",
  `aws kinesis register-stream-consumer --stream-arn ${arn} --consumer-name fraud`,
  `aws kinesis register-stream-consumer --stream-arn ${arn} --consumer-name search`,
  "sandbox kcl start billing --stream clicks --workers 2",
  "sandbox kcl start a-rather-long-name --stream clicks --retrieval-mode fanout",
  "sleep 40",
  "sandbox reader start fraud --stream clicks --consumer fraud",
  "sandbox reader start search --stream clicks --consumer search",
  "sleep 10",
];

export const typed = (lines) => (page) => typeAnywhere(page, lines.join("\n"), long);
const row = (page) => page.getByRole("list", { name: "Shards", exact: true }).locator("li").first();
const card = (page, name) => page.locator(".nodes").getByRole("button", { name: new RegExp(`^${name}`) }).first();
const summary = (page, text) => page.locator("summary", { hasText: text }).filter({ visible: true }).first();
const solved = (page) => page.getByRole("heading", { name: "Solved", exact: true });

async function closeDialog(page) {
  if (await page.getByRole("dialog").isVisible()) await page.keyboard.press("Escape");
}

async function course(page, part) {
  await closeDialog(page);
  await button(page, "Course").click();
  await page.getByRole("dialog", { name: "Course" }).getByRole("button", { name: part, exact: true }).click();
}

async function answer(page) {
  await page.getByRole("radio").first().check();
  await button(page, "Sure, 95 %").click();
  await button(page, "Answer").click();
}

async function lesson(page, label) {
  await closeDialog(page);
  await showPart(page, "Task");
  await field(page, "Exercise").selectOption({ label });
  await page.getByRole("heading", { level: 2, name: label.slice(label.indexOf(" ") + 1) }).waitFor(long);
}

/** Opens the whole solution of the exercise, and runs each of its lines. */
async function solve(page) {
  await summary(page, "Solution, line by line").click();
  const next = page.getByRole("button", { name: /^Show the (first|next) line/ });
  for (let line = 1; await next.isVisible(); line += 1) {
    await next.click();
    await button(page, `Run line ${line}`).click();
    await showPart(page, "Task");
  }
  await solved(page).waitFor(long);
}

const tabs = ["Log", "Requests", "Ledger", "Metrics", "Cost", "Leases", "Services", "Build", "Limits", "Glossary"].map(
  (name) => [name.toLowerCase(), "#log", (page) => showTab(page, name)],
);

/**
 * The views of each world: the name of each, the part of the page that it changes, and how to come there from the one
 * before. Where no part is named the whole page is looked at.
 */
export const worldsOf = (site) => ({
  start: {
    views: [
      ["start", null, async () => {}],
      ["session-menu", ".bar", (page) => page.getByText("Session", { exact: true }).click()],
      [
        "view-menu",
        ".bar",
        async (page) => {
          // One menu closes the other.
          await page.getByText("View", { exact: true }).click();
          await button(page, "Save as file").waitFor({ state: "hidden" });
        },
      ],
      [
        "log",
        "#log",
        async (page) => {
          await page.getByText("View", { exact: true }).click();
          await showTab(page, "Log");
        },
      ],
      ...tabs.slice(1),
      ["producer", "#inspector", (page) => button(page, "Producer").click()],
      ["reader", "#inspector", (page) => button(page, "Reader").click()],
      ["application", "#inspector", (page) => button(page, "KCL app").click()],
      ["stream", "#stage", (page) => button(page, "New stream").first().click()],
      [
        "stream-refused",
        "#stage",
        async (page) => {
          await field(page, "Stream name").fill("clicks");
          await button(page, "Create stream").click();
          await page.getByRole("alert").getByText("ResourceInUseException").waitFor();
        },
      ],
      [
        "own-keys",
        "#inspector",
        async (page) => {
          await button(page, "Cancel").click();
          await showPart(page, "Do");
          await page.getByText("Try your own keys").click();
          await field(page, "Paste a column of keys").fill("us\nus\nus\neu\nap\n");
          await page.getByText("5 records, 3 keys", { exact: false }).waitFor();
        },
      ],
      [
        "line-refused",
        "#terminal",
        (page) => typeAnywhere(page, "aws kinesis create-steam --stream-name x"),
      ],
      [
        "call-refused",
        "#terminal",
        async (page) => {
          await typeAnywhere(page, "aws kinesis describe-stream --stream-name nothing");
          await page.locator(".block").last().getByText("Why, and what to try").click();
        },
      ],
      ["help", ".dialog[open]", (page) => button(page, "Help").click()],
    ],
  },
  empty: {
    set: typed(["aws kinesis delete-stream --stream-name clicks", "sleep 60"]),
    views: [
      ["no-stream", null, async () => {}],
      ...tabs.map(([name, part, show]) => [`no-stream-${name}`, part, show]),
      ["no-stream-inspector", "#inspector", (page) => showPart(page, "Do")],
    ],
  },
  one: {
    set: async (page) => {
      await typeAnywhere(page, "aws kinesis create-stream --stream-name solo --shard-count 1");
      await page.locator(".stream-select").selectOption("solo");
    },
    views: [
      ["creating", "#stage", async () => {}],
      ["one-shard", "#stage", (page) => button(page, "Run until ACTIVE").click()],
      [
        "one-shard-records",
        null,
        async (page) => {
          await typeAnywhere(page, "sandbox producer start web --stream solo --rate 3\nsleep 30");
          await shard(page, 0).getByRole("button").click();
        },
      ],
      [
        "record",
        "#inspector",
        async (page) => {
          await shard(page, 0).getByRole("button").press("End");
          await page.getByRole("heading", { name: "Record #" }).waitFor();
        },
      ],
    ],
  },
  busy: {
    set: typed(busyWorld),
    views: [
      ["busy", null, async () => {}],
      ["busy-producer", "#inspector", (page) => card(page, "web").click()],
      ["busy-shard", "#inspector", (page) => row(page).getByRole("button").click()],
      ["busy-reader", "#inspector", (page) => card(page, "audit").click()],
      ["busy-application", "#inspector", (page) => card(page, "billing").click()],
      [
        "busy-why",
        "#log",
        async (page) => {
          await showTab(page, "Log");
          await field(page, "Show").selectOption("Refusals");
          await page.locator(".log-lines > li").first().getByRole("button", { name: /^Why\?/ }).click();
        },
      ],
      [
        "busy-faults",
        "#log",
        async (page) => {
          await showTab(page, "Build");
          await page.getByRole("button", { name: /^Late messages/ }).click();
          await showTab(page, "Build");
          await page.getByRole("region", { name: "Fault console" }).getByText(/left$/).first().waitFor();
        },
      ],
      ["busy-leases", "#log", (page) => showTab(page, "Leases")],
      ["busy-table", "#stage", (page) => button(page, "Table").click()],
      ["busy-words", "#stage", (page) => button(page, "Words").click()],
      [
        "busy-past",
        null,
        async (page) => {
          await button(page, "Picture").click();
          await button(page, "One event back").click();
        },
      ],
      [
        "fork",
        null,
        async (page) => {
          await button(page, "Back to the present").click();
          await unfoldTime(page);
          await button(page, "Fork: a second world from here").click();
          await typeAnywhere(page, "sandbox producer change web --rate 100\nsleep 5");
          await page.getByText("Same seed: what differs follows from what you changed.").waitFor();
        },
      ],
    ],
  },
  full: {
    set: typed(fullWorld),
    views: [
      ["full", null, async () => {}],
      ...tabs.map(([name, part, show]) => [`full-${name}`, part, show]),
      [
        "full-cloudwatch",
        "#log",
        async (page) => {
          await showTab(page, "Metrics");
          await button(page, "As CloudWatch shows it").click();
        },
      ],
      ["full-kpl", "#inspector", (page) => card(page, "packed").click()],
      ["full-agent", "#inspector", (page) => card(page, "web-1").click()],
      ["full-application", "#inspector", (page) => card(page, "billing").click()],
    ],
  },
  polled: {
    set: typed(polledWorld),
    views: [
      ["polled", "#stage", async () => {}],
      ["polled-words", "#stage", (page) => button(page, "Words").click()],
    ],
  },
  pushed: {
    set: typed(pushedWorld),
    views: [
      ["pushed", "#stage", async () => {}],
      [
        "pushed-split",
        "#stage",
        async (page) => {
          const clicks = "aws kinesis update-shard-count --stream-name clicks --target-shard-count 4 --scaling-type UNIFORM_SCALING";
          await typeAnywhere(page, `${clicks}\nsleep 60`, long);
          await shard(page, 5).waitFor();
        },
      ],
    ],
  },
  wide: {
    set: async (page) => {
      const lines = [
        "aws kinesis create-stream --stream-name wide --shard-count 16",
        "aws kinesis create-stream --stream-name wider --shard-count 64",
        "sleep 60",
        "sandbox producer start web --stream wide --rate 5000 --call batch",
        "sandbox producer start web2 --stream wider --rate 5000 --call batch",
        "sandbox kcl start billing --stream wider --workers 3",
        "sleep 20",
      ];
      await typeAnywhere(page, lines.join("\n"), long);
    },
    views: [
      [
        "sixteen",
        "#stage",
        async (page) => {
          await page.locator(".stream-select").selectOption("wide");
          await shard(page, 15).waitFor();
        },
      ],
      [
        "sixty-four",
        "#stage",
        async (page) => {
          await page.locator(".stream-select").selectOption("wider");
          await shard(page, 63).waitFor();
        },
      ],
    ],
  },
  huge: {
    before: async (page) => openSession(page, await savedWorld(site, "aws-today", [
      "aws kinesis create-stream --stream-name huge --shard-count 10000",
      "sleep 60",
      "sandbox producer start web --stream huge --rate 5000 --keys hot:60:celebrity --call batch",
      "sleep 3",
    ])),
    views: [
      ["ten-thousand", null, (page) => page.getByRole("img", { name: /^10,000 open shards/ }).waitFor(long)],
      ["ten-thousand-hottest", "#stage", (page) => page.getByRole("button", { name: /^Hottest/ }).click()],
    ],
  },
  lessons: {
    views: [
      [
        "lesson",
        "#task",
        async (page) => {
          await lesson(page, "E3.3 The region trap");
          await summary(page, "Hint 1 of 3: direction").click();
          await summary(page, "Solution, line by line").click();
          await page.getByRole("button", { name: /^Show the first line/ }).click();
        },
      ],
      [
        "lesson-near-miss",
        "#task",
        async (page) => {
          await typeAnywhere(page, "sandbox producer change tracker --keys random");
          await showPart(page, "Task");
          await page.getByRole("group", { name: "Worth a look" }).locator(".chip").first().waitFor();
        },
      ],
      [
        "lesson-solved",
        "#task",
        async (page) => {
          await lesson(page, "E1.1 Your first stream");
          await solve(page);
          await summary(page, "Compare with the reference").click();
        },
      ],
      ["chapters", ".dialog[open]", (page) => course(page, "Chapters")],
      [
        "predict",
        ".dialog[open]",
        async (page) => {
          await course(page, "Predict");
          await answer(page);
        },
      ],
      [
        "quiz",
        ".dialog[open]",
        async (page) => {
          await course(page, "Quiz");
          await answer(page);
        },
      ],
      [
        "exam-choice",
        ".dialog[open]",
        (page) => course(page, "Exam"),
      ],
      [
        "exam",
        ".dialog[open]",
        async (page) => {
          await button(page, "All topics").click();
          await button(page, "Flag").click();
          await page.getByRole("radio").first().check();
        },
      ],
      ["exam-review", ".dialog[open]", (page) => button(page, "Review").click()],
      [
        "exam-result",
        ".dialog[open]",
        async (page) => {
          await button(page, "Hand in").click();
          await page.getByRole("heading", { name: /of 30 right/ }).waitFor();
        },
      ],
      ["notes", ".dialog[open]", (page) => course(page, "Notes")],
    ],
  },
  incident: {
    views: [
      [
        "incident",
        "#task",
        async (page) => {
          await lesson(page, "C1 Hot shard at 3 a.m.");
          await summary(page, "Runbook").click();
        },
      ],
      [
        "debrief",
        "#task",
        async (page) => {
          await solve(page);
          await page.getByRole("region", { name: "Debrief" }).waitFor();
        },
      ],
      [
        "incident-comparison",
        "#task",
        async (page) => {
          await summary(page, "Compare with the reference").click();
          await page.getByRole("columnheader", { name: "Reference" }).waitFor(long);
        },
      ],
    ],
  },
  damaged: {
    before: (page) => openSession(page, '{"format":1,"damaged'),
    views: [["damaged", null, (page) => page.getByText("Your last session cannot be read").waitFor()]],
  },
  resumed: {
    before: async (page) =>
      openSession(page, await savedWorld(site, "exam", ["aws kinesis create-stream --stream-name clicks --shard-count 2", "sleep 30"])),
    views: [["resumed", null, (page) => page.getByText(/This is the world of your last visit/).waitFor()]],
  },
  damagedLink: {
    path: "#lesson=AAAA",
    isOtherPage: true,
    views: [["damaged-link", null, (page) => page.getByText("The link is damaged").waitFor()]],
  },
  broken: {
    expected: [/insert node|panicked|unreachable|RuntimeError/],
    views: [
      [
        "our-fault",
        null,
        async (page) => {
          await showTab(page, "Log");
          await field(page, "Show").selectOption("Everything");
          await page.locator(".log-lines").getByText("CreateStream: OK").waitFor();
          await page.evaluate(() => document.querySelectorAll(".log-lines > li").forEach((line) => line.remove()));
          await showPart(page, "Task");
          await button(page, "Put a record").click();
          await page.getByRole("heading", { name: "The sandbox broke: our fault" }).waitFor();
        },
      ],
    ],
  },
});

/** What a narrow page folds of the time bar. */
async function unfoldTime(page) {
  const more = button(page, "More of time");
  if ((await more.isVisible()) && (await more.getAttribute("aria-expanded")) === "false") await more.click();
}
