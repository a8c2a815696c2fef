/**
 * Whether a new model should read words or letters, by the beginning of its data.
 *
 * @module
 */
import { recommendUnit, type TokenizerOptions, type UnitAdvice } from "@unroll/core";
import type { DataBatch, TextPiece } from "../files/read_data.ts";
import { percent } from "../output/terminal.ts";
import type { Output } from "../output/train_report.ts";

type Batch = DataBatch | TextPiece;
type Read = (path: string) => AsyncIterable<Batch>;

const LOOKED_AT = 4 * 2 ** 20; // characters: more say no more

/** What was found in the beginning of some files. */
export interface FoundUnit extends UnitAdvice {
  /** Reads the files, in their order: what was read already comes again. */
  read: Read;
}

/** What to read in files, by the first megabytes of their texts. */
export async function findUnit(
  read: Read,
  files: readonly string[],
  tokenizer: TokenizerOptions,
): Promise<FoundUnit> {
  const begun: AsyncIterable<Batch>[] = [], texts: string[] = [];
  let characters = 0;
  for (const file of files) {
    if (characters > LOOKED_AT) break;
    const held: Batch[] = [], rest = read(file)[Symbol.asyncIterator]();
    let end: { error?: unknown } | undefined;
    while (characters <= LOOKED_AT && end === undefined) {
      try {
        const { value, done } = await rest.next();
        if (done) end = {};
        else {
          held.push(value);
          if (!("examples" in value)) continue;
          for (const { text } of value.examples) {
            texts.push(text);
            characters += text.length;
          }
        }
      } catch (error) {
        end = { error }; // thrown where the file is read, after what comes before it
      }
    }
    begun.push(replay(held, rest, end));
  }
  const again = begun.values();
  return {
    ...recommendUnit(texts, tokenizer),
    read: (file) => again.next().value ?? read(file),
  };
}

/** What was read, and then the rest. */
async function* replay(
  held: Batch[],
  rest: AsyncIterator<Batch>,
  end: { error?: unknown } | undefined,
): AsyncGenerator<Batch> {
  yield* held;
  held.length = 0;
  if (end === undefined) yield* { [Symbol.asyncIterator]: () => rest };
  else if ("error" in end) throw end.error;
}

/** What to print of letters that were chosen. */
export function describeUnit({ unit, unknown }: UnitAdvice): Output {
  return {
    lines: [
      `Reads ${unit}: ${percent(unknown)} of the words of a text would be unknown, as the other ` +
      "texts do not have them (--unit words overrules this).",
    ],
    records: [{ type: "unit", unit, unknown }],
  };
}
