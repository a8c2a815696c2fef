/**
 * The words that people read: one spelling, and the field's terms instead of paraphrases.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import type { Command } from "#cli/flags/flags.ts";
import { helpText } from "#cli/flags/help.ts";
import { evaluateCommand } from "#cli/commands/evaluate.ts";
import { generateCommand } from "#cli/commands/generate.ts";
import { predictCommand } from "#cli/commands/predict.ts";
import { trainCommand } from "#cli/commands/train.ts";
import { TASK_NAMES } from "#cli/tasks/tasks.ts";
import { filesBelow, ROOT } from "#tests/support/guides.ts";

const PLACES = ["packages/", "docs/", "examples/", "bench/", ".ci/"];
const FILES = ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md"];

// The spelling is American, as in the APIs that people know: color, optimizer.
const BRITISH = new RegExp(
  "colour|behaviour|favour|neighbour|\\bcentre|licence|optimis(?!tic)|normalis|tokenis|recognis|" +
    "organis(?!m)|initialis|summaris|generalis|labelled(?!by)|modelling|cancelled|learnt\\b|" +
    "\\bgrey\\b|catalogue|judgement|travelled",
  "i",
);

// What stood for the field's terms.
const PARAPHRASES = new RegExp(
  "foretel|foretold|\\btold\\b|verdict|commonest|\\bsurest\\b|one's own|takes for what|" +
    "\\bby itself goes|goes on writing|as .{1,12} as can be|how many beginnings|" +
    // Clipped and inverted sentences.
    "@throws \\{\\w+\\} (where|with|for|that)\\b|\\bthrows where|\\bnone where|cut anywhere|" +
    "settled by|\\bask it with|comes again|on the line between|turned around|let it write|" +
    "overrules|answers alone|are as many as|put up with|\\bupon\\b|gone on with|goes on from|" +
    "stands? beside|so many (steps|epochs)|as it stands|layers upon|to measure with|" +
    "\\bsaid to be\\b|\\bare said\\b|judging by|told apart",
  "i",
);

/** The terms that the help must have. */
const TERMS = [
  ...["beam width", "learning rate", "hidden size", "batch size", "random seed", "optimizer"],
  ...["dropout rate", "embedding size", "weight decay", "momentum", "early-stopping patience"],
  ...["validation split", "truncated BPTT", "teacher-forcing ratio", "sampling temperature"],
  ...["top-k sampling", "nucleus", "stacked layers", "clip the norm", "attention weights"],
  ...["forecast horizon", "conditional random field", "maximum number of epochs"],
];

/** Returns what a pattern matches in the files, also across the lines of a paragraph. */
async function found(pattern: RegExp, except: string[] = []): Promise<string[]> {
  const files = FILES.filter((file) => !except.includes(file));
  for (const place of PLACES) {
    for await (const file of filesBelow(place)) {
      if (/\.(md|ts|css|html|json)$/.test(file)) files.push(file);
    }
  }
  const matches = await Promise.all(files.map(async (file) => {
    const text = joined(await Deno.readTextFile(new URL(file, ROOT)));
    return Array.from(
      text.matchAll(new RegExp(pattern, "gi")),
      ({ index }) => `${file}: ${text.slice(Math.max(0, index - 40), index + 60)}`,
    );
  }));
  return matches.flat();
}

/** Joins the lines of a text, without the marks of comments. */
function joined(text: string): string {
  return text.replaceAll(/\s*\n\s*(?:\*(?!\/)|\/\/)?\s*/g, " ");
}

Deno.test("the spelling is American throughout", async () => {
  assertEquals(await found(BRITISH), []);
});

Deno.test("no paraphrase replaces a term of the field", async () => {
  assertEquals(await found(PARAPHRASES, ["CONTRIBUTING.md"]), []); // which quotes some
});

Deno.test("the help has the field's terms", () => {
  const commands = [predictCommand, generateCommand, evaluateCommand] as unknown as Command[];
  const train = trainCommand as unknown as Command;
  const all = [
    ...commands.map((command) => helpText(command, undefined, true)),
    ...TASK_NAMES.map((task) => helpText(train, new Map([["task", task]]), true)),
  ].join("\n").replaceAll(/\s+/g, " ");
  for (const term of TERMS) assert(all.includes(term), term);
});

Deno.test("the patterns match what they are for", () => {
  for (const word of ["Colour", "labelled", "optimiser", "licence"]) {
    assert(BRITISH.test(word), word);
  }
  for (const word of ["aria-labelledby", "license", "optimistic"]) {
    assert(!BRITISH.test(word), word);
  }
  const paragraph = "/**\n * Says how many\n * beginnings to go on with.\n */";
  assert(PARAPHRASES.test(joined(paragraph)), paragraph);
  for (const phrase of ["It is told", "the commonest", "@throws {InputError} Where"]) {
    assert(PARAPHRASES.test(phrase), phrase);
  }
});
