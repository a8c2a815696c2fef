import { createCpuBackend } from "@unroll/backend-cpu";
import {
  createLanguageModel,
  createModel,
  createPredictor,
  createTranslationModel,
  evaluate,
  readModel,
  splitDocuments,
  splitUsable,
  stripHtml,
  tokenize,
  writeModel,
} from "@unroll/core";
import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { htmlStripper } from "../../../packages/core/text/html.ts";

const CASES: [html: string, text: string][] = [
  ["no markup at all", "no markup at all"],
  ["Great!<br /><br />So <b>good</b>, <i>really</i>.", "Great!\nSo good, really."],
  ['<p>one</p><p class="a > b">two</p>', "one\ntwo"],
  ["<div>\n<p>one</p>\n</div>", "\none\n"],
  ["<li>one<li>two <td>a</td><td>b</td>", "one\ntwo a b"],
  ["good<b>bad</b>", "good bad"],
  ["<b>日本</b>語", "日本語"],
  ["a<img src=x>b", "a b"],
  [
    "fish &amp; chips &lt;br&gt; &quot;x&quot; it&#39;s &#x27;so&#X27; &apos;",
    "fish & chips <br> \"x\" it's 'so' '",
  ],
  ["a&nbsp;b&#160;c &eacute;&Eacute;&szlig; &#146; &hellip;", "a b c éÉß ’ …"],
  [
    "&amp;lt; &unknown; &constructor; AT&T &; &#0; &#xd800; &#9999999; &amp",
    "&lt; &unknown; &constructor; AT&T &; &#0; &#xd800; &#9999999; &amp",
  ],
  ["a <!-- b <b>c</b> --> d", "a  d"],
  ["a<script type='x'>if (a < b) { '<p>' }</script>b<STYLE>p {}</Style>c", "a b c"],
  [
    "3 < 4 > 2 <3 <user> <http://a.b> <bob@c.d> <unk>",
    "3 < 4 > 2 <3 <user> <http://a.b> <bob@c.d> <unk>",
  ],
  ["a <br", "a <br"],
  ["a <b and <i>c</i>", "a <b and c"],
  ["use the <script> tag", "use the  tag"],
  ["a <!-- never closed", "a <!-- never closed"],
  ["<!DOCTYPE html><html><body>x</body></html><o:p>y</o:p><![endif]>", "x\ny"],
  ['<a href="never closed>x</a>', "x"],
  ["<p it's>x</p>", "x"],
];

Deno.test("stripHtml() removes tags, comments and scripts, and decodes entities", () => {
  for (const [html, text] of CASES) assertEquals(stripHtml(html), text);
});

Deno.test("htmlStripper() returns the same text at any chunk boundary", () => {
  const all = CASES.map(([html]) => html).join(" ");
  for (const html of [...CASES.map(([html]) => html), all]) {
    const whole = stripHtml(html);
    for (let cut = 0; cut <= html.length; cut++) {
      const { push, end } = htmlStripper();
      assertEquals(push(html.slice(0, cut)) + push(html.slice(cut)) + end(), whole, html);
    }
    const { push, end } = htmlStripper();
    assertEquals(Array.from(html, push).join("") + end(), whole);
  }
});

Deno.test("stripHtml() takes linear time on hostile texts", () => {
  const some = [
    "<br",
    "<br ",
    "<",
    "</",
    "<!--",
    "<!",
    "<script>",
    '<a ="',
    "<a ='\">",
    "&",
    "&#1",
    "&amp",
  ];
  for (const each of [...some, "<a =\"'", "<style>-->", "<b x= ", "<p>", '= "<a ']) {
    const start = performance.now();
    stripHtml(each.repeat(1_000_000));
    stripHtml('<a title="' + each.repeat(100_000) + "-->");
    const milliseconds = performance.now() - start;
    assertEquals(milliseconds < 5000, true, `${each}: ${milliseconds} ms`);
  }
});

const plain = { lowerCase: true, punctuation: "drop" } as const;
const stripping = { ...plain, html: "strip" } as const;

Deno.test("tokenize() strips HTML with the option, and keeps the number of words", () => {
  const html = "So <B>good</B>!<br />Caf&Eacute; &amp; more";
  assertEquals(tokenize(html, stripping), ["so", "good", "café", "more"]);
  assertEquals(tokenize(html, plain).includes("br"), true);
  const cut = { ...stripping, split: "spaces", punctuation: "keep" } as const;
  assertEquals(tokenize("R&amp;D <br> <b>Caf&Eacute;</b> a&nbsp;b", cut), [
    "r&d",
    "<br>",
    "café",
    "a_b",
  ]);
});

const EXAMPLES = [
  { text: "<p>so <b>good</b></p>", label: "up<br>!" },
  { text: "bad &amp; sad", label: "down" },
];

Deno.test("a model file keeps whether it strips HTML; without the rule, HTML stays", async () => {
  const backend = createCpuBackend();
  const made = {
    labels: createModel(EXAMPLES, { tokenizer: stripping }),
    tags: createModel(EXAMPLES.map((each) => ({ ...each, label: "A B C" })), {
      tokenizer: { ...stripping, split: "spaces" },
      head: "token",
    }),
    texts: createLanguageModel(EXAMPLES, { html: "strip" }),
    pairs: createTranslationModel(EXAMPLES, { html: "strip" }),
  };
  for (const model of Object.values(made)) {
    const bytes = writeModel(model);
    assertEquals(await readModel(new Blob([bytes])), model);
    const other = new TextDecoder("latin1").decode(bytes).replace("strip", "other");
    const damaged = Uint8Array.from(other, (c) => c.charCodeAt(0));
    await assertRejects(() => readModel(new Blob([damaged])), Error);
  }
  assertEquals(made.texts.vocabulary.join("").includes("<p"), false);
  assertEquals(made.pairs.labels.slice(1, -1).join(""), "\n!dnopuw");
  assertEquals("html" in createLanguageModel(EXAMPLES), false);
  assertEquals(new TextDecoder().decode(writeModel(createModel(EXAMPLES))).includes("html"), false);
  using predictor = createPredictor(backend, made.labels);
  const [one, other] = await predictor.predict(["so good", "<i>so</i>&nbsp;good"]);
  assertEquals(one.probabilities, other.probabilities);
  const { unknown } = await evaluate(backend, made.texts, [{ text: "<p>so <i>sad</i></p>" }]);
  assertEquals(unknown, 0);
  backend.dispose();
});

Deno.test("texts of only HTML are unusable for models that strip it", () => {
  const examples = [...EXAMPLES, { text: "<br>", label: "up" }];
  const readings = [
    { task: "classification", tokenizer: stripping },
    { task: "language-model", unit: "characters", html: "strip" },
    { task: "translate", unit: "characters", html: "strip" },
  ] as const;
  for (const reading of readings) assertEquals(splitUsable(reading, examples).unusable.length, 1);
});

Deno.test("splitDocuments() splits HTML after its tags, and escaped text stays text", () => {
  const text = "<p>" + "a&lt;br&gt;b ".repeat(10) + "</p>";
  const { train, validation } = splitDocuments([{ text }], 0.16, { html: "strip" });
  assertEquals(stripHtml(train[0].text) + stripHtml(validation[0].text), stripHtml(text));
  assertEquals(stripHtml(validation[0].text), "r>b a<br>b ");
  assertThrows(
    () => splitDocuments([{ text: "<br>" }], 0.5, { html: "strip" }),
    Error,
    "0 characters",
  );
});
