/**
 * Accuracy and time of `train` with its defaults on labeled texts, next to what people use instead:
 * TF-IDF with logistic regression, fastText, or, for tags, a CRF.
 *
 *     deno task bench:texts --train FILE.csv --test FILE.csv [--seeds 3] [--letters | --tags]
 *
 * Both files have the columns text and label. The others need `pip install scikit-learn
 * python-crfsuite` into `bench/.venv`, and the program `fasttext`; what is missing is skipped.
 *
 * @module
 */
import { parseArgs } from "@std/cli/parse-args";
import { fail } from "./fail.ts";
import { peerPath } from "./peer.ts";
import { pythons } from "./python.ts";
import { machine, markdownTable } from "./report.ts";

/** The score of a trained model on the test file. */
interface Score {
  name: string;
  seconds: number;
  accuracy: number;
  /** F1 of entities, if the tags mark any. */
  f1?: number;
}

const MAIN = new URL("../packages/cli/main.ts", import.meta.url).pathname;

const args = parseArgs(Deno.args, {
  string: ["train", "test", "seeds"],
  boolean: ["letters", "tags"],
  unknown: (name) => name.startsWith("-") ? fail(`there is no option ${name}`) : true,
});
const { train, test } = args;
if (train === undefined || test === undefined) fail("needs --train FILE.csv and --test FILE.csv");
const seeds = Number(args.seeds ?? "3");
if (!(seeds >= 1)) fail(`--seeds: expected a number of at least 1, got ${args.seeds}`);
const all = Array.from({ length: seeds }, (_, i) => `${i + 1}`);

/** Trains with a seed as a user does, and returns the score that the command prints. */
async function unroll(seed: string): Promise<Score> {
  const out = await Deno.makeTempFile({ suffix: ".safetensors" });
  const start = performance.now();
  const { success, stdout, stderr } = await new Deno.Command("deno", {
    args: [
      ...["run", "--no-prompt", "--allow-read", "--allow-write", MAIN, "train", "--json"],
      ...["--data", train!, "--test", test!, "--seed", seed, "--threads", "1", "--out", out],
      ...(args.tags ? ["--head", "token"] : []),
    ],
  }).output();
  const seconds = (performance.now() - start) / 1000;
  await Deno.remove(out);
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes).trim();
  if (!success) fail(text(stderr));
  const review = text(stdout).split("\n").map((line) => JSON.parse(line))
    .find(({ type }) => type === "review");
  return { name: "Unroll", seconds, accuracy: review.accuracy, f1: review.entities?.f1 };
}

/** Trains the others; none without Python. */
async function others(): Promise<Score[]> {
  const [python] = await pythons();
  if (!python) return [];
  const kind = args.tags ? "tags" : args.letters ? "letters" : "words";
  const { stdout, stderr } = await new Deno.Command(python.command, {
    args: [peerPath("texts.py"), train!, test!, kind, ...all],
    env: { OMP_NUM_THREADS: "1" },
  }).output();
  await Deno.stderr.write(stderr);
  const lines = new TextDecoder().decode(stdout).trim().split("\n").filter((line) => line !== "");
  return lines.map((line) => JSON.parse(line));
}

const scores: Score[] = [];
for (const seed of all) scores.push(await unroll(seed));
scores.push(...await others());
const mean = (numbers: number[]) => numbers.reduce((sum, each) => sum + each, 0) / numbers.length;
const percent = (share: number) => (100 * share).toFixed(1);
const rows = [...Map.groupBy(scores, ({ name }) => name)].map(([name, runs]) => {
  const f1s = runs.flatMap(({ f1 }) => f1 === undefined ? [] : [f1]);
  return [
    name,
    `${percent(mean(runs.map(({ accuracy }) => accuracy)))} (${
      runs.map(({ accuracy }) => percent(accuracy)).join(", ")
    })`,
    f1s.length > 0 ? percent(mean(f1s)) : "",
    `${mean(runs.map(({ seconds }) => seconds)).toFixed(1)} s`,
  ];
});
console.log(`${machine()}\n`);
console.log(markdownTable([["model", "accuracy (seeds)", "entity F1", "time"], ...rows]));
