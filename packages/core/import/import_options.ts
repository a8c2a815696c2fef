/**
 * The options of an import.
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

/** The options of an import: facts that the weights do not contain. */
export interface ImportOptions extends SpecialTokens {
  /** The task. Default: the first task that has `head`, by default `"classification"`. */
  task?: TaskName;
  /** The vocabulary by id, for tasks on texts; for translation, that of the source. */
  vocabulary?: TokenList;
  /** The target vocabulary of a translation model, by id. */
  targetVocabulary?: TokenList;
  /** The labels, by row of the head. */
  labels?: readonly string[];
  /** The cell. Default: detected from the shapes. */
  cell?: CellName;
  /** The activation function of a vanilla RNN. Default: `"tanh"`. */
  activation?: NetworkConfig["activation"];
  /** The hidden size. Default: detected from the shapes. */
  hidden?: number;
  /** The pooling. Default: the last state, or `"mean-max"` if the head has twice the width. */
  head?: Head;
  /** How texts are split into words. Default: detected from the vocabulary. */
  tokenizer?: Partial<TokenizerOptions>;
  /** The unit of a language or translation model's tokens. Default: found from the vocabulary. */
  unit?: SymbolUnit;
  /** The separator of a text's labels in multi-label classification. Default: `";"`. */
  separator?: string;
  /** The lowest probability with which a text gets a label. Default: 0.5. */
  threshold?: number;
  /** A regressor's scale: the prediction is mean + deviation * output. Default: 0 and 1. */
  scale?: { mean: number; deviation: number };
  /** The loss that a regressor was trained with. Default: `"squared"`. */
  loss?: NumberLossName;
  /** The columns that a series model reads, in the order of its inputs. */
  columns?: readonly string[];
  /** The scale of each column, (value - mean) / deviation. Default: 0 and 1. */
  columnScale?: { means: readonly number[]; deviations: readonly number[] };
  /** Tensors to ignore, by name or by a prefix that a dot follows. Default: none. */
  ignore?: readonly string[];
  /** The names of tensors by their names in Unroll's files, if the shapes are ambiguous. */
  tensors?: Readonly<Record<string, string>>;
}

/** The name in messages and the flags of each task-specific option. */
const OWN: Readonly<Record<OwnOption, { what: string; flag: string }>> = {
  vocabulary: { what: "vocabulary", flag: "--vocabulary" },
  targetVocabulary: { what: "second vocabulary", flag: "--target-vocabulary" },
  labels: { what: "labels", flag: "--labels" },
  tokenizer: { what: "tokenizer", flag: "--split, --case and --punctuation" },
  unit: { what: "unit", flag: "--unit" },
  unknown: { what: "unknown word", flag: "--unknown" },
  start: { what: "start token", flag: "--start" },
  end: { what: "end token", flag: "--end" },
  separator: { what: "separator of labels", flag: "--separator" },
  threshold: { what: "threshold", flag: "--threshold" },
  scale: { what: "scale of its numbers", flag: "--mean and --deviation" },
  loss: { what: "choice of loss", flag: "--loss" },
  columns: { what: "columns", flag: "--columns" },
  columnScale: { what: "columns", flag: "--means and --deviations" },
};

/** Throws an `InputError` if an option is missing, invalid, or does not apply to the task. */
export function checkOptions(form: ImportForm, task: TaskName, options: ImportOptions): void {
  const { head, labels, vocabulary, targetVocabulary, scale, columns, columnScale } = options;
  for (const [option, { what, flag }] of Object.entries(OWN)) {
    const given = options[option as OwnOption];
    const isGiven = given !== undefined && Object.keys(Object(given)).length > 0;
    if (isGiven && !form.takes.includes(option as OwnOption)) {
      throw new InputError(`a model for ${task} has no ${what}; omit ${flag}`);
    }
  }
  const needs = (option: OwnOption, given: unknown, what: string) => {
    if (given !== undefined || !form.takes.includes(option)) return;
    throw new InputError(`a model for ${task} needs ${what}`);
  };
  needs("vocabulary", vocabulary, "a vocabulary: give --vocabulary FILE");
  needs(
    "targetVocabulary",
    targetVocabulary,
    "a target vocabulary: give --target-vocabulary FILE",
  );
  needs("columns", columns, "the names of its columns: give --columns x,y");
  needs("labels", labels, "its labels by id: give --labels a,b,c or a file");
  if (head !== undefined && !form.heads.includes(head)) {
    throw new InputError(
      `the head of a model for ${task} must be ${form.heads.join(" or ")}, got ${quote(head)}`,
    );
  }
  if (columns && (columns.length === 0 || new Set(columns).size < columns.length)) {
    throw new InputError(
      `the columns must have distinct names, got ${columns.join(",")} (--columns)`,
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
