/**
 * The constants and functions that an exported module declares for its own model, and that parts
 * refer to. They have no values here, because parts are emitted as source and not called.
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

/** The labels, the vocabulary of words, and the letters. */
export let LABELS!: readonly string[], VOCABULARY!: readonly string[], ALPHABET!: readonly string[];
/** Tokenizer options of the network and of the linear model, and the maximum number of words. */
export let TOKENIZER!: TokenizerOptions, WRITTEN!: TokenizerOptions, MOST!: number;
/** Tokenizer options for words as they are written in a text. */
export let ORIGINAL!: TokenizerOptions;
/** What a symbol is: a character, a grapheme or a word. */
export let UNIT!: SymbolUnit;

/** The network's cell, the cell of the network that reads letters, and their weights' names. */
export let CELL!: JsCell, LETTERS_CELL!: JsCell, CELL_WEIGHTS!: readonly string[];
/** The sizes of the embeddings of words and of letters. */
export let EMBEDDING!: number, LETTER_EMBEDDING!: number;
/** The prefix of the weight names of each network of an ensemble. */
export let PREFIXES!: readonly string[];

/** The trust threshold of a prediction, and the threshold probability of each label. */
export let TRUST!: number, THRESHOLDS!: readonly number[];
/** The mean and the standard deviation of the predicted numbers. */
export let MEAN!: number, DEVIATION!: number;
/** The weights of the network and of the linear model in the mix. */
export let NETWORK!: number, LINEAR!: number;

/** The ids of the end and start tokens, and of each label's start token. */
export let END!: number, START!: number, STARTS!: readonly [label: string, id: number][];
/** The number of the random stream for sampling. */
export let SAMPLE!: number;

/** The configuration of a forecaster, and of a series classifier or regressor. */
export let FORM!: ForecastModel, SERIES!: SeriesInput;

/** Each tensor's name, format, rows and columns, separated by spaces, and tensors by commas. */
export let TENSORS!: string;
/** The functions that unpack a tensor, by format. */
export let FORMATS!: Record<
  string,
  (bytes: Uint8Array<ArrayBuffer>, at: number, rows: number, columns: number) => {
    values: Numbers;
    end: number;
  }
>;
/** The size of all tensors in bytes. */
export let SIZE!: number;
/** The tensors of a separate weights file, once it is loaded. */
export let loaded: Record<string, Numbers> | undefined;
/** Return the tensors, and the networks built from them. */
export let tensors!: () => Record<string, Numbers>, networks!: () => Network[];
/** Returns the encoder and the decoder of a translation model. */
export let halves!: () => Halves;

/** Return the ids of words, and of letters. */
export let words!: () => Map<string, number>, letterIds!: () => Map<string, number>;
/** Normalize a text before it is split into words, and into symbols. */
export let normalForm!: (text: string, options: TokenizerOptions) => string;
export let plainText!: (text: string) => string;
/** Split a text into words, truncate them, and return the word that a token stands for. */
export let tokenize!: (text: string, options?: TokenizerOptions) => string[];
export let truncate!: (words: string[], options: TokenizerOptions) => string[];
export let wordOf!: (token: string) => string;
/** Returns the inputs of the lowest layer. */
export let inputs!: (
  network: Pick<Network, "weights" | "letters">,
  ids: ArrayLike<number>,
  tokens: string[],
) => Input[];
/** Pools the hidden states over time for the head. */
export let pool!: (outputs: Row[], top: State[]) => Row;
/** Returns the input of a decoder's head, and the attention weights over the source. */
export let lookBack!: (s: Row, memory: Row[]) => { read: Row; looked: number[] };

/** Convert the network's outputs to predictions. */
export let logProbabilities!: (y: Row, texts: string[]) => Row;
export let combiner!: () => Combiner;
export let logOdds!: (y: Row, text: string) => Row;
export let crfLogits!: (y: Row, text: string) => Row;
export let crf!: () => CrfScores;
/** Return functions that compute the linear model's logits of texts, and of the words of texts. */
export let linearLogits!: () => (texts: Iterable<string>) => Row;
export let taggerLogits!: () => (texts: Iterable<readonly string[]>) => Row;
/** Returns the id of a generated text's start token. */
export let startOf!: (label: string | undefined) => number;
