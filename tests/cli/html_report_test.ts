import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { htmlReport } from "#cli/output/html_report.ts";
import type { ReportData } from "#cli/output/report_data.ts";

const EVIL = `<script>alert("x")</script> & 'more' \x1b[31m \u202e`;

const plain = {
  title: "reviews.csv",
  facts: [["Network", "1 × gru"]],
  epochs: [1, 2, 3].map((epoch) => ({
    epoch,
    train: 1 / epoch,
    validation: 1.2 / epoch,
    trainAccuracy: 0.5,
    validationAccuracy: 0.4,
  })),
  bestEpoch: 2,
  labels: ["down", "up"],
  confusion: [[31, 2], [5, 47]],
  confused: [{ actual: "up", predicted: "down", count: 5 }],
  mistakes: [{ text: "so so", actual: "up", predicted: "down", probability: 0.75 }],
  traces: [{
    text: "so so",
    label: "up",
    words: ["so", "so"],
    states: [[0.5, -1], [0, 0.25]],
    predictions: [{ label: "up", probability: 0.5 }, { label: "down", probability: 0.75 }],
  }],
} satisfies ReportData;

/** Throws unless every element that is opened is closed, in order. */
function assertBalanced(page: string): void {
  const open: string[] = [];
  for (
    const [, slash, name, attributes] of page.matchAll(/<(\/?)([a-z0-9]+)((?:"[^"]*"|[^>"])*)>/g)
  ) {
    if (["meta"].includes(name) || attributes.endsWith("/")) continue;
    if (slash) assertEquals(open.pop(), name);
    else open.push(name);
  }
  assertEquals(open, []);
}

Deno.test("htmlReport() shows all values of its data", () => {
  const page = htmlReport(plain);
  assertBalanced(page);
  for (const part of ["reviews.csv", "1 × gru", ">31<", ">2<", ">5<", ">47<", "75.0%", "epoch 2"]) {
    assertStringIncludes(page, part);
  }
  assertEquals(page.match(/<polyline/g)?.length, 4);
  assertEquals(page.match(/<rect/g)?.length, 4 + 5); // states and legend
  assertStringIncludes(page, "rgb(0,0,255)"); // -1, the largest
});

Deno.test("htmlReport() escapes texts and labels, and shows invisible characters", () => {
  const page = htmlReport({
    ...plain,
    title: EVIL,
    facts: [[EVIL, EVIL]],
    labels: [EVIL, "up"],
    confused: [{ actual: EVIL, predicted: "up", count: 1 }],
    mistakes: [{ text: EVIL, word: EVIL, actual: EVIL, predicted: "up", probability: 0.9 }],
    traces: [{
      ...plain.traces[0],
      text: EVIL,
      words: [EVIL, EVIL],
      predictions: [{ label: EVIL, probability: 1 }, { label: EVIL, probability: 1 }],
    }],
  });
  assertBalanced(page);
  for (const hidden of ["<script", "\x1b", "\u202e"]) assert(!page.includes(hidden));
  assertStringIncludes(page, "&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt; &amp;");
});

Deno.test("htmlReport() loads nothing and runs no script", () => {
  const page = htmlReport(plain);
  assert(!/https?:|\bsrc=|<link|<script|@import|url\(/.test(page));
  assertStringIncludes(page, `content="default-src 'none'; style-src 'unsafe-inline'"`);
});

Deno.test("htmlReport() draws one epoch, no epoch, no validation, and states of zeros", () => {
  const cases: Partial<ReportData>[] = [
    { epochs: plain.epochs.slice(0, 1), bestEpoch: 1 },
    { epochs: [], bestEpoch: undefined },
    { epochs: [{ epoch: 7, train: 0, trainAccuracy: 0 }], bestEpoch: undefined },
    { confusion: [[0, 0], [0, 0]], confused: [], mistakes: [], traces: [] },
    { traces: [{ ...plain.traces[0], states: [[0, 0], [0, 0]] }] },
    { traces: [{ ...plain.traces[0], words: [], states: [], predictions: [] }] },
    { labels: ["only"], confusion: [[0]] },
    { epochs: [{ epoch: 1, train: NaN, validation: Infinity, trainAccuracy: 0 }], bestEpoch: 1 },
    { traces: [{ ...plain.traces[0], states: [[NaN, 0], [Infinity, 1]] }] },
  ];
  for (const part of cases) {
    const page = htmlReport({ ...plain, ...part });
    assertBalanced(page);
    assert(!/NaN|undefined|Infinity/.test(page));
  }
});

Deno.test("htmlReport() reports how many labels and units it leaves out", () => {
  const labels = Array.from({ length: 40 }, (_, i) => `label${i}`);
  const confusion = labels.map((_, i) => labels.map((_, j) => i === j ? i : 0));
  const states = [0, 1].map((t) => Array.from({ length: 100 }, (_, unit) => t * unit / 100));
  const page = htmlReport({
    ...plain,
    labels,
    confusion,
    traces: [{ ...plain.traces[0], states }],
  });
  assertStringIncludes(page, "The 30 most frequent of 40 labels are shown.");
  assert(page.includes("label39") && !page.includes("label5<"));
  assertStringIncludes(page, "The 64 of 100 units that vary most.");
  assertMatch(page, /aria-label="States of 64 units over 2 words"/);
});

Deno.test("htmlReport() shows the first 60 words of a text, and reports that", () => {
  const words = Array.from({ length: 61 }, (_, t) => `word${t}`);
  const states = words.map(() => [0.5]);
  const predictions = words.map(() => ({ label: "up", probability: 0.5 }));
  const page = htmlReport({
    ...plain,
    traces: [{ text: "", label: "up", words, states, predictions }],
  });
  assertStringIncludes(page, "The first 60 of 61 words.");
  assert(page.includes("word59<") && !page.includes("word60<"));
});

Deno.test("htmlReport() shortens a label but not its probability, and splits no emoji", () => {
  const label = "\u{1f600}".repeat(20);
  const page = htmlReport({
    ...plain,
    traces: [{ ...plain.traces[0], predictions: Array(2).fill({ label, probability: 0.75 }) }],
  });
  assertMatch(page, />75\.0% (\u{1f600})+…</u);
  assert(page.isWellFormed());
});

Deno.test("htmlReport() also shows each state as a number, on one scale for all units", () => {
  const states = [0, 1].map((t) => [-2, ...Array.from({ length: 64 }, () => t)]);
  const page = htmlReport({ ...plain, traces: [{ ...plain.traces[0], states }] });
  assertStringIncludes(page, "<title>unit 64: 1</title>");
  assert(!page.includes("<title>unit 0:"));
  assertStringIncludes(page, ">−2</text>");
});

Deno.test("htmlReport() shortens long texts and labels, and shows a text's length", () => {
  const text = "so ".repeat(30_000), name = "l".repeat(5000);
  const page = htmlReport({
    ...plain,
    labels: [name, "up"],
    confused: [{ actual: name, predicted: "up", count: 1 }],
    mistakes: [{ text, word: name, actual: name, predicted: "up", probability: 0.9 }],
    traces: [{ ...plain.traces[0], text, label: name, words: [name, "so"] }],
    alignments: [{
      text,
      expected: text,
      predicted: name,
      source: [name],
      target: ["a"],
      weights: [[1]],
    }],
    samples: [{ title: name, text: "so" }],
  });
  assertBalanced(page);
  assertStringIncludes(page, "… (90,000 characters)");
  assert(page.length < 30_000, `${page.length}`);
});

Deno.test("htmlReport() draws only the first symbols, and fewer units for many words, and reports that", () => {
  const words = Array.from({ length: 50 }, () => "so");
  const states = words.map((_, t) => Array.from({ length: 64 }, (_, unit) => t * unit));
  const source = Array.from({ length: 90 }, () => "s"), target = [...source];
  const page = htmlReport({
    ...plain,
    traces: [{
      ...plain.traces[0],
      words,
      states,
      predictions: words.map(() => plain.traces[0].predictions[0]),
    }],
    alignments: [{
      text: "s",
      expected: "s",
      predicted: "s",
      source,
      target,
      weights: target.map(() => source.map(() => 1 / 90)),
    }],
  });
  assertBalanced(page);
  assertStringIncludes(page, "The 16 of 64 units that vary most.");
  assertStringIncludes(page, "The first 40 of 90 columns. The first 25 of 90 rows.");
  assertEquals(page.match(/<rect/g)?.length, 50 * 16 + 5 + 40 * 25);
});

Deno.test("htmlReport() thins out the curves of a long run, but keeps the best and last epoch", () => {
  const epochs = Array.from({ length: 100_000 }, (_, i) => ({
    epoch: i + 1,
    train: i === 50_001 || i === 99_999 ? 2 : 1,
    trainAccuracy: 0.5,
  }));
  const page = htmlReport({ ...plain, epochs, bestEpoch: 50_002 });
  assert(page.length < 40_000, `${page.length}`);
  const points = /points="([^"]*)"/.exec(page)![1].split(" ").map((point) => point.split(",")[1]);
  assertEquals(points.filter((y) => y !== points[0]).length, 2);
});

Deno.test("htmlReport() leaves out a confusion matrix that was not counted", () => {
  const page = htmlReport({ ...plain, confusion: undefined });
  assertBalanced(page);
  assert(!page.includes("Confusion matrix"));
  assertStringIncludes(page, "Most frequent confusions");
});
