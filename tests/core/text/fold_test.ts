import { createModel, createPredictor, readModel, tokenize, train, writeModel } from "@unroll/core";
import { createCpuBackend } from "@unroll/backend-cpu";
import { foldTypography } from "#core/text/fold.ts";
import { assertEquals, assertThrows } from "@std/assert";

const folding = { lowerCase: true, punctuation: "drop", fold: "typography" } as const;
const plain = { lowerCase: true, punctuation: "drop" } as const;

const FOLDED: Record<string, [text: string, folded: string]> = {
  "quotes and apostrophes": ["‘a’ ‚b‛ “c” „d‟ donʼt don’t", "'a' 'b' \"c\" \"d\" don't don't"],
  "full-width and half-width forms": ["ＡＢＣ１２３！ｶﾞｷﾞ￥", "ABC123!ガギ¥"],
  "soft hyphens": ["co\u00adoperate", "cooperate"],
  "zero-width characters": [
    "\ufeffgo\u200bod\u2060 \u200ebad\u200f \u202aso\u202c",
    "good bad so",
  ],
  "no-break and thin spaces": ["10\u00a0000\u202f€\u2009a\u3000b", "10 000 € a b"],
  "joiners between Latin letters": ["auf\u200clage a\u200db", "auflage ab"],
  "only typography": ["naïve – … « » ½ ﬁ ² ￣", "naïve – … « » ½ ﬁ ² ￣"],
};
for (const [what, [text, folded]] of Object.entries(FOLDED)) {
  Deno.test(`foldTypography() normalizes ${what}`, () => {
    assertEquals(foldTypography(text), folded);
    assertEquals(foldTypography(folded), folded);
  });
}

const KEPT: Record<string, string> = {
  Persian: "می\u200cخواهم",
  "Devanagari's forms of ksha": "क्\u200dष क्\u200cष",
  "Malayalam's older chillu": "അവന്\u200d",
  Sinhala: "ශ්\u200dරී",
  "a family, a rainbow flag and an astronaut": "👩\u200d👩\u200d👧 🏳\ufe0f\u200d🌈 👨🏽\u200d🚀",
  "Khmer with zero-width spaces": "ខ្ញុំ\u200bស្រឡាញ់",
};
for (const [what, text] of Object.entries(KEPT)) {
  Deno.test(`foldTypography() keeps the invisible characters of ${what}`, () => {
    assertEquals(foldTypography(text), text);
  });
}

Deno.test("tokenize() with folding reads both typographies of a word alike", () => {
  for (const text of ["I don't", "I don’t", "Ｉ\u00a0don’\u00adt", "I do\u200bn't"]) {
    assertEquals(tokenize(text, folding), ["i", "don't"]);
  }
  assertEquals(tokenize("I don’t", plain), ["i", "don’t"]);
  assertEquals(tokenize("か\uff9e", folding), ["が"]);
});

Deno.test("tokenize() with folding keeps the number of words, even of invisible ones", () => {
  const cut = { ...folding, split: "spaces", punctuation: "keep" } as const;
  assertEquals(tokenize("don’t\u00a0go \u200b ‘no’", cut), ["don't", "go", "\u200b", "'no'"]);
});

Deno.test("tokenize() folds a megabyte of any kind of character", () => {
  for (const some of ["’", "\u00ad", "\uff9e", "\uff9e\u0323", "\u200d", "👩\u200d", "क्\u200d"]) {
    tokenize("a" + some.repeat(300_000), folding);
  }
});

const EXAMPLES = [{ text: "I don't like it", label: "bad" }, {
  text: "I do like it",
  label: "good",
}];

Deno.test("new models fold typography; a given tokenizer is used unchanged", () => {
  assertEquals(createModel(EXAMPLES).tokenizer.fold, "typography");
  const tags = EXAMPLES.map(({ text }) => ({ text, label: text.replaceAll(/\S+/g, "X") + " Y" }));
  const tagged = tags.map(({ text, label }) => ({ text: `${text} .`, label }));
  assertEquals(createModel(tagged, { head: "token" }).tokenizer.fold, "typography");
  assertEquals(createModel(EXAMPLES, { tokenizer: plain }).tokenizer.fold, undefined);
  assertThrows(
    // deno-lint-ignore no-explicit-any
    () => createModel(EXAMPLES, { tokenizer: { ...plain, fold: "all" as any } }),
    Error,
    "the tokenizer's fold must be typography",
  );
});

Deno.test("a model file keeps its folding rule; without one, curly quotes stay", async () => {
  const backend = createCpuBackend();
  for (const tokenizer of [folding, plain]) {
    const model = createModel(EXAMPLES, { tokenizer });
    for await (const _ of train(backend, model, EXAMPLES, { epochs: 20 }));
    const bytes = writeModel(model);
    assertEquals(new TextDecoder().decode(bytes).includes("typography"), tokenizer === folding);
    const read = await readModel(new Blob([bytes]));
    assertEquals(read, model);
    const predictor = createPredictor(backend, read as typeof model);
    const [straight, curly] = await predictor.predict(["I don't like it", "I don’t like it"]);
    if (tokenizer === folding) {
      assertEquals(curly.probabilities, straight.probabilities);
      assertEquals(curly.unknownWords, []);
    } else assertEquals(curly.unknownWords, ["don’t"]);
    predictor.close();
  }
  backend.dispose();
});
