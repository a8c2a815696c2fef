/**
 * What an exported module declares for its own model: constants and functions that parts name. Here they
 * have no values, as parts are written out and not called.
 *
 * @module
 */
import type { Combiner } from "../../../classification/combine.ts";
import type { CrfScores } from "../../../network/crf_sequences.ts";
import type { ForecastModel } from "../../../forecast/form.ts";
import type { SeriesInput } from "../../../series_classification/features.ts";
import type { SymbolUnit } from "../../../text/symbols.ts";
import type { TokenizerOptions } from "../../../text/tokenizer.ts";
import type { Halves, Input, JsCell, Network, Numbers, Row, State } from "./types.ts";

/** The labels, the words and the letters. */
export let LABELS!: readonly string[], VOCABULARY!: readonly string[], ALPHABET!: readonly string[];
/** How texts become words: as the network reads them, and as a linear model does; how many at most. */
export let TOKENIZER!: TokenizerOptions, WRITTEN!: TokenizerOptions, MOST!: number;
/** What symbols are. */
export let UNIT!: SymbolUnit;

/** The cell, that of the network which reads letters, and the names of their weights. */
export let CELL!: JsCell, LETTERS_CELL!: JsCell, CELL_WEIGHTS!: readonly string[];
/** The sizes of the embeddings of words and of letters. */
export let EMBEDDING!: number, LETTER_EMBEDDING!: number;
/** What stands before the names of the weights of each network of an ensemble. */
export let PREFIXES!: readonly string[];

/** The probability from which on an answer is trusted, and those of labels that are given. */
export let TRUST!: number, THRESHOLDS!: readonly number[];
/** The scale of the numbers that are predicted. */
export let MEAN!: number, DEVIATION!: number;
/** What the network and the linear model count. */
export let NETWORK!: number, LINEAR!: number;

/** The ids of a text's end and its start, and of the mark of each label. */
export let END!: number, START!: number, STARTS!: readonly [label: string, id: number][];
/** The stream of random numbers that symbols are drawn by. */
export let SAMPLE!: number;

/** What decides how a forecaster reads and answers, and a model of whole series. */
export let FORM!: ForecastModel, SERIES!: SeriesInput;

/** Name, format, rows and columns of each tensor, with blanks between them, and commas between tensors. */
export let TENSORS!: string;
/** Unpacks a tensor, by its format. */
export let FORMATS!: Record<
  string,
  (bytes: Uint8Array<ArrayBuffer>, at: number, rows: number, columns: number) => {
    values: Numbers;
    end: number;
  }
>;
/** How many bytes all tensors have. */
export let SIZE!: number;
/** The tensors of a file beside the module, once they are there. */
export let loaded: Record<string, Numbers> | undefined;
/** The tensors, and the networks made of them. */
export let tensors!: () => Record<string, Numbers>, networks!: () => Network[];
/** The encoder and the decoder made of them. */
export let halves!: () => Halves;

/** The ids of words, and of letters. */
export let words!: () => Map<string, number>, letterIds!: () => Map<string, number>;
/** A text before it is cut into words, and into symbols. */
export let normalForm!: (text: string, options: TokenizerOptions) => string;
export let plainText!: (text: string) => string;
/** The words of a text, cut off where there are too many, and the word that a token is. */
export let tokenize!: (text: string, options?: TokenizerOptions) => string[];
export let truncate!: (words: string[], options: TokenizerOptions) => string[];
export let wordOf!: (token: string) => string;
/** The inputs of the lowest layer. */
export let inputs!: (
  network: Pick<Network, "weights" | "letters">,
  ids: ArrayLike<number>,
  tokens: string[],
) => Input[];
/** What the head reads of the states over time. */
export let pool!: (outputs: Row[], top: State[]) => Row;
/** What the head of a decoder reads, and how much it looked at each symbol of the source. */
export let lookBack!: (s: Row, memory: Row[]) => { read: Row; looked: number[] };

/** Makes answers of the network's outputs. */
export let logProbabilities!: (y: Row, texts: string[]) => Row;
export let combiner!: () => Combiner;
export let logOdds!: (y: Row, text: string) => Row;
export let crfLogits!: (y: Row, text: string) => Row;
export let crf!: () => CrfScores;
/** The logits of the linear model: of texts, and of the words of texts. */
export let linearLogits!: () => (texts: Iterable<string>) => Row;
export let taggerLogits!: () => (texts: Iterable<readonly string[]>) => Row;
/** What a text of a language model begins with. */
export let startOf!: (label: string | undefined) => number;
