/** Reads a damaged data file, and checks the result. */
import {
  decodeText,
  type Example,
  InputError,
  inspectData,
  parseExamples,
  readWordVectors,
  splitSymbols,
  tokenize,
} from "@unroll/core";
import { countNewlines } from "#core/data/csv.ts";
import { requireSameInChunks } from "./chunked.ts";
import type { DataMutant } from "./data_mutants.ts";
import type { Dice } from "./dice.ts";
import { type Outcome, require, requireFinite } from "./oracle.ts";

const NAME = "mutant";

/** Reads a mutant; throws unless it ends in a result or an InputError. */
export async function useDataMutant(mutant: DataMutant, dice: Dice): Promise<Outcome> {
  const error = mutant.type === "vectors"
    ? await useVectors(mutant, dice)
    : useExamples(mutant, dice);
  require(!mutant.isWhole || error === undefined, `a whole file is refused: ${error?.message}`);
  const ending = error ? "refused" : "read";
  return `${mutant.type === "vectors" ? "word vectors" : mutant.format}: ${ending}`;
}

/** Returns the InputError that a call throws; undefined if it throws none. */
function errorOf(call: () => unknown): InputError | undefined {
  try {
    call();
  } catch (error) {
    if (error instanceof InputError) return error;
    throw error;
  }
}

/** Returns the text of a file, with replacement characters for invalid UTF-8. */
function decode({ bytes }: DataMutant): { text: string; error?: InputError } {
  const error = errorOf(() => decodeText(bytes, NAME));
  if (!error) return { text: decodeText(bytes, NAME) };
  requireLine(error, bytes);
  const offset = /not UTF-8: .* at byte offset (\d+)/.exec(error.message);
  if (offset) {
    const before = errorOf(() => decodeText(bytes.subarray(0, Number(offset[1])), NAME));
    require(!before, `the error at byte offset ${offset[1]} is not the first`);
  }
  return { text: new TextDecoder().decode(bytes), error };
}

/** Throws unless the line in an error exists in the file. */
function requireLine({ message }: Error, bytes: Uint8Array): void {
  const line = Number(new RegExp(`^${NAME}:(\\d+): `).exec(message)?.[1]);
  const lines = 1 + countNewlines(new TextDecoder().decode(bytes));
  require(line >= 1 && line <= lines, `of ${lines} lines, an error names ${message}`);
}

function useExamples(
  mutant: DataMutant & { type: "examples" },
  dice: Dice,
): InputError | undefined {
  const { format, kind, columns, bytes, written, isWhole } = mutant;
  const { text, error: undecoded } = decode(mutant);
  const [textColumn, labelColumn] = columns;
  const options = { format, kind, textColumn, labelColumn, name: NAME };
  let examples: Example[] | undefined;
  requireSameInChunks(
    bytes,
    { format, columns, name: NAME, isDecodable: undecoded === undefined },
    dice,
  );
  const error = errorOf(() => examples = parseExamples(text, options));
  if (error) requireLine(error, bytes);
  const mayShareLines = format === "json"; // objects may
  if (examples) requireExamples(examples, kind, bytes, mayShareLines);
  if (isWhole && examples) {
    const found = examples.map(({ text, label }) => ({ text, label }));
    require(JSON.stringify(found) === JSON.stringify(written), "other examples than were written");
  }
  let report: ReturnType<typeof inspectData> | undefined;
  const reportError = errorOf(() => report = inspectData(text, options));
  if (examples) {
    require(report?.problems.length === 0, "the report finds what parsing does not");
    const isSame = JSON.stringify(report.examples) === JSON.stringify(examples);
    require(isSame, "the report finds other examples");
  } else {
    require(!report || report.problems.length > 0, `the report does not find ${error?.message}`);
    if (reportError) requireLine(reportError, bytes);
  }
  const guessing = dice.pick([{}, { format }, { kind }, { textColumn }, { labelColumn }]);
  const unguessed = errorOf(() => {
    const { examples, problems } = inspectData(text, { ...guessing, name: NAME });
    const guessedKind = "kind" in guessing ? kind : "labels";
    requireExamples(examples, guessedKind, bytes, mayShareLines || !("format" in guessing));
    const lines = problems.map(({ line }) => line);
    require(lines.every((line, i) => line >= (lines[i - 1] ?? 1)), "problems are not in order");
  });
  if (unguessed) requireLine(unguessed, bytes);
  for (const example of examples?.slice(0, MAX_SPLIT) ?? []) requireSplits(example);
  // A given string may have characters that a file may not.
  return isWhole ? error : undecoded ?? error;
}

const MAX_SPLIT = 20;

function requireExamples(
  examples: readonly Example[],
  kind: "labels" | "pairs" | "texts",
  bytes: Uint8Array,
  mayShareLines: boolean,
): void {
  const lines = 1 + countNewlines(new TextDecoder().decode(bytes));
  let last = 0;
  for (const { text, label, where } of examples) {
    require(typeof text === "string" && typeof label === "string", `a text is ${text}`);
    require((label !== "") === (kind !== "texts"), `a label is ${JSON.stringify(label)}`);
    require(label === label.trim(), "a label with blanks around it");
    const line = Number(where?.slice(NAME.length + 1));
    const isNext = line > last || (mayShareLines && line === last);
    require(isNext && line <= lines, `line ${line} after ${last}, of ${lines}`);
    last = line;
  }
}

/** Throws unless the chunks of a text join to the text. */
function requireSplits({ text }: Example): void {
  const lines = text.replaceAll(/\r\n?/g, "\n");
  for (const unit of ["characters", "graphemes"] as const) {
    require(splitSymbols(text, unit).join("") === lines, `${unit} get lost`);
  }
  const words = splitSymbols(text, "words");
  require(words.every((word) => word === "\n" || !/\s/.test(word)), "a word with a blank in it");
  const isBlank = (word: string) => word.trim() === "";
  for (const punctuation of ["drop", "keep"] as const) {
    const split = punctuation === "keep" ? "spaces" : "words";
    require(!tokenize(text, { lowerCase: true, punctuation, split }).some(isBlank), "a blank word");
  }
}

async function useVectors(
  { bytes, words, dimensions, isWhole }: DataMutant & { type: "vectors" },
  dice: Dice,
): Promise<InputError | undefined> {
  const wanted = words.map((word) => dice.pick([word, word.toLowerCase(), `${word}?`]));
  const most = dice.pick([1, 7, 64, 5000]);
  const read = async (chunks: AsyncIterable<Uint8Array>) => {
    try {
      return await readWordVectors(chunks, wanted, { name: NAME });
    } catch (error) {
      if (error instanceof InputError) return error;
      throw error;
    }
  };
  const whole = await read(chunksOf(bytes, () => bytes.length));
  const cut = await read(chunksOf(bytes, () => dice.between(bytes.length > 1e5 ? most : 0, most)));
  if (whole instanceof InputError || cut instanceof InputError) {
    const [a, b] = [whole, cut].map((read) => read instanceof InputError ? read.message : "read");
    require(a === b, `in one piece: ${a}; in more: ${b}`);
    requireLine(whole as InputError, bytes);
    return whole as InputError;
  }
  require(!isWhole || whole.dimensions === dimensions, `${whole.dimensions} dimensions`);
  require(whole.dimensions === cut.dimensions, "other dimensions in other pieces");
  require(whole.vectors.size === cut.vectors.size, "other words in other pieces");
  for (const [word, vector] of whole.vectors) {
    require(wanted.includes(word), "a word that was not asked for");
    require(vector.length === whole.dimensions, `a vector of ${vector.length}`);
    requireFinite(vector, "a vector");
    require(String(vector) === String(cut.vectors.get(word)), "other numbers in other pieces");
  }
  const isFound = (word: string) => !words.includes(word) || whole.vectors.has(word);
  require(!isWhole || wanted.every(isFound), "a word is not found");
}

async function* chunksOf(bytes: Uint8Array, size: () => number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length;) {
    const chunk = bytes.slice(at, at + size());
    at += chunk.length;
    yield chunk;
    chunk.fill(0x21); // a reader may reuse its buffer
  }
}
