/**
 * Pretrained word vectors for an embedding, and their coverage of the training texts.
 *
 * @module
 */
import {
  type Example,
  InputError,
  type ModelOptions,
  recommendVectors,
  type Sequence,
  wordCounts,
  type WordVectorsFile,
} from "@unroll/core";
import { loadVectors } from "../files/files.ts";
import type { RunSettings } from "../flags/run_flags.ts";
import { few, percent, printable, warn } from "../output/terminal.ts";
import type { Output } from "../output/train_report.ts";

const KEEP = 50_000; // words: 60 MB in a model file with 300 dimensions
const FEW = 0.5; // fraction of all words; vectors that fit the texts cover about 90%

/** Returns the options of a model with the vectors of `--vectors`, if given, and what to print. */
export async function vectorsFor(
  settings: RunSettings,
  examples: Sequence<Example>,
  options: ModelOptions,
): Promise<{ options: ModelOptions; notes: Output } | undefined> {
  const { vectors: path, "keep-vectors": keep, "thaw-vectors": thaw, frozen, data } = settings;
  const { tokenizer } = options;
  if (path === undefined) {
    const flag = Object.entries({ keep, thaw }).find(([, value]) => value !== undefined)?.[0];
    if (flag === undefined) return undefined;
    throw new InputError(`--${flag}-vectors: needs word vectors; give --vectors FILE`);
  }
  if (settings.embedding === 0) {
    throw new InputError("--vectors: one-hot input (--embedding 0) has none; leave one out");
  }
  if (frozen && thaw !== undefined) {
    throw new InputError("--thaw-vectors: --frozen vectors are never trained; leave one out");
  }
  const counts = wordCounts(examples, tokenizer);
  const vectors = await loadVectors(path, counts.keys(), { keep: keep ?? KEEP, tokenizer });
  const coverage = coverageOf(vectors, counts);
  if (coverage.types.found === 0) {
    throw new InputError(
      `${path}: has none of the words of the examples${data === undefined ? "" : ` in ${data}`}, ` +
        `such as ${few([...counts.keys()].slice(0, 5))}; give vectors of the same language and ` +
        "case",
    );
  }
  warnOfLines(path, vectors);
  const { dimensions, kept, leftOut, problems } = vectors;
  const { types, tokens } = coverage;
  const number = (value: number) => value.toLocaleString("en");
  const lines = [
    `${printable(path)}: vectors of ${number(dimensions)} numbers for ${number(types.found)} of ` +
    `the ${number(types.all)} different words of the training texts ` +
    `(${percent(types.found / types.all)}), which make up ${
      percent(tokens.found / tokens.all)
    } of ` +
    `all their words.` +
    (kept.length > 0
      ? ` Also includes ${number(kept.length)} ${
        kept.length === 1 ? "word" : "words"
      } that they lack.`
      : ""),
  ];
  const missing = [...counts.keys()].filter((word) => !vectors.vectors.has(word));
  if (tokens.found < FEW * tokens.all) {
    lines.push(
      `That is few; it lacks ${few(missing, 5)}. Check that its language and case are the same.`,
    );
  }
  const model = withVectors(settings, options, vectors, tokens.found / tokens.all);
  lines.push(
    (model.frozen
      ? "They stay frozen (--thaw-vectors 0 trains them)"
      : thaw
      ? `They are trained from epoch ${thaw + 1} on`
      : "They are trained") +
      (model.projection
        ? `, and a linear layer projects them to ${model.projection} numbers (--embedding ${dimensions}: none).`
        : "."),
  );
  const record = { type: "vectors", file: path, dimensions, types, tokens, kept: kept.length };
  return { options: model, notes: { lines, records: [{ ...record, leftOut, problems }] } };
}

/** Returns the options of a model with word vectors: as recommended, unless flags differ. */
function withVectors(
  { embedding, frozen, "thaw-vectors": thaw }: RunSettings,
  options: ModelOptions,
  vectors: WordVectorsFile,
  coverage: number,
): ModelOptions {
  const advised = recommendVectors(options, vectors, coverage);
  const model = { ...advised, frozen: frozen || thaw === undefined && advised.frozen };
  if (embedding === undefined || embedding === vectors.dimensions) return model;
  return { ...model, projection: embedding };
}

/** Counts the different words, and all words, that have a vector. */
function coverageOf({ vectors }: WordVectorsFile, counts: ReadonlyMap<string, number>) {
  const types = { found: 0, all: counts.size }, tokens = { found: 0, all: 0 };
  for (const [word, count] of counts) {
    tokens.all += count;
    if (!vectors.has(word)) continue;
    types.found++;
    tokens.found += count;
  }
  return { types, tokens };
}

/** Reports which lines were left out, on standard error. */
function warnOfLines(path: string, { leftOut, problems }: WordVectorsFile): void {
  if (leftOut === 0) return;
  const some = problems.map(({ line, problem }) => `line ${line}: ${printable(problem)}`);
  const more = leftOut > some.length ? [`and ${leftOut - some.length} more`] : [];
  const count = leftOut === 1 ? "1 line" : `${leftOut.toLocaleString("en")} lines`;
  warn(`warning: ${printable(path)}: ${count} left out; ${[...some, ...more].join("; ")}`);
}
