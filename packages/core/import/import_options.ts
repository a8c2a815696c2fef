/**
 * What is asked beside the weights that are imported.
 *
 * @module
 */
import { requirePositive } from "../checks.ts";
import { InputError } from "../errors.ts";
import type { CellName } from "../network/cells/cells.ts";
import type { Head, NetworkConfig } from "../network/config.ts";
import type { NumberLossName } from "../network/losses/losses.ts";
import { quote } from "../printable.ts";
import type { TaskName } from "../tasks.ts";
import type { SymbolUnit } from "../text/symbols.ts";
import type { TokenizerOptions } from "../text/tokenizer.ts";
import type { ImportForm, OwnOption } from "./forms.ts";
import type { SpecialTokens } from "./ids.ts";
import type { TokenList } from "./token_list.ts";

/** What the weights alone do not say. */
export interface ImportOptions extends SpecialTokens {
  /** What the model is for. Default: the first task that has the head: labels for texts. */
  task?: TaskName;
  /** The words that it reads, by id; of a translation, those of the source. For tasks on texts. */
  vocabulary?: TokenList;
  /** The symbols that a translation writes, by id. */
  targetVocabulary?: TokenList;
  /** The labels, by the row of the head. */
  labels?: readonly string[];
  /** The cell. Default: by the shapes. */
  cell?: CellName;
  /** The activation of a vanilla cell. Default: `"tanh"`. */
  activation?: NetworkConfig["activation"];
  /** The hidden size. Default: by the shapes. */
  hidden?: number;
  /** How states become predictions. Default: the last state, or for twice the width `"mean-max"`. */
  head?: Head;
  /** How texts become words. Default: by the vocabulary. */
  tokenizer?: Partial<TokenizerOptions>;
  /** What the symbols of a language model or a translation are. Default: by the vocabulary. */
  unit?: SymbolUnit;
  /** What separates the labels of a text that may have several. Default: `";"`. */
  separator?: string;
  /** The probability from which on such a label is given. Default: 0.5. */
  threshold?: number;
  /** What a number is scaled by: the answer is mean + deviation * output. Default: 0 and 1. */
  scale?: { mean: number; deviation: number };
  /** The loss that numbers were trained by. Default: `"squared"`. */
  loss?: NumberLossName;
  /** The columns that a model of series reads, in the order of its inputs. */
  columns?: readonly string[];
  /** What each column is scaled by, (value - mean) / deviation. Default: 0 and 1. */
  columnScale?: { means: readonly number[]; deviations: readonly number[] };
  /** Tensors to leave out, by name or by what their names begin with up to a dot. */
  ignore?: readonly string[];
  /** The names of tensors by those in Unroll's files, where shapes do not settle them. */
  tensors?: Readonly<Record<string, string>>;
}

/** What the options are that not all tasks have, and the flags that give them. */
const OWN: Readonly<Record<OwnOption, { what: string; flag: string }>> = {
  vocabulary: { what: "vocabulary", flag: "--vocabulary" },
  targetVocabulary: { what: "second vocabulary", flag: "--target-vocabulary" },
  labels: { what: "labels", flag: "--labels" },
  tokenizer: { what: "tokenizer", flag: "--split, --case and --punctuation" },
  unit: { what: "unit", flag: "--unit" },
  unknown: { what: "unknown word", flag: "--unknown" },
  start: { what: "start of a text", flag: "--start" },
  end: { what: "end of a text", flag: "--end" },
  separator: { what: "separator of labels", flag: "--separator" },
  threshold: { what: "threshold", flag: "--threshold" },
  scale: { what: "scale of its numbers", flag: "--mean and --deviation" },
  loss: { what: "loss to choose", flag: "--loss" },
  columns: { what: "columns", flag: "--columns" },
  columnScale: { what: "columns", flag: "--means and --deviations" },
};

/** Throws for what a task does not have, and for what it needs. */
export function checkOptions(form: ImportForm, task: TaskName, options: ImportOptions): void {
  const { head, labels, vocabulary, targetVocabulary, scale, columns, columnScale } = options;
  for (const [option, { what, flag }] of Object.entries(OWN)) {
    const given = options[option as OwnOption];
    const isGiven = given !== undefined && Object.keys(Object(given)).length > 0;
    if (isGiven && !form.takes.includes(option as OwnOption)) {
      throw new InputError(`a model for ${task} has no ${what}; leave ${flag} out`);
    }
  }
  const needs = (option: OwnOption, given: unknown, what: string) => {
    if (given !== undefined || !form.takes.includes(option)) return;
    throw new InputError(`a model for ${task} needs ${what}`);
  };
  needs("vocabulary", vocabulary, "the words that it reads: give --vocabulary FILE");
  needs(
    "targetVocabulary",
    targetVocabulary,
    "the words that it writes: give --target-vocabulary FILE",
  );
  needs("columns", columns, "the columns that it reads: give --columns x,y");
  needs("labels", labels, "its labels by id: give --labels a,b,c or a file");
  if (head !== undefined && !form.heads.includes(head)) {
    throw new InputError(
      `the head of a model for ${task} is ${form.heads.join(", ")}, got ${quote(head)}`,
    );
  }
  if (columns && (columns.length === 0 || new Set(columns).size < columns.length)) {
    throw new InputError(
      `the columns should be different names, got ${columns.join(",")} (--columns)`,
    );
  }
  if (columnScale) {
    for (const [name, numbers] of Object.entries(columnScale)) {
      if (numbers.length === columns?.length) continue;
      throw new InputError(
        `there are ${numbers.length} ${name} for ${columns?.length ?? 0} columns; ` +
          `give one for each (--${name})`,
      );
    }
    for (const deviation of columnScale.deviations) requirePositive("a deviation", deviation);
  }
  if (scale) requirePositive("the deviation", scale.deviation);
}
