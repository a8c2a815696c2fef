/**
 * The declarations of an exported module that tokenize texts.
 *
 * @module
 */
import { entitySource } from "../../text/entities.ts";
import { foldSource } from "../../text/fold.ts";
import { htmlSource } from "../../text/html.ts";
import { nfcSource } from "../../text/nfc.ts";
import { spellingSource } from "../../text/spellings.ts";
import {
  glueOf,
  joinSymbols,
  splitSymbols,
  type SymbolForm,
  type SymbolReader,
} from "../../text/symbols.ts";
import {
  NEW_TOKENIZER,
  type TokenizerOptions,
  tokenizerSource,
  writtenTokenizer,
} from "../../text/tokenizer.ts";
import { mostWords } from "../../text/truncate.ts";
import { vocabularySource } from "../../text/vocabulary.ts";
import { indexed } from "./parts/answers.ts";
import * as parts from "./parts/texts.ts";
import { code, type Declarations } from "./source.ts";

const SPLITS: Record<NonNullable<TokenizerOptions["split"]>, typeof parts.wordTokens> = {
  words: parts.wordTokens,
  spaces: parts.spaceTokens,
  characters: parts.letterTokens,
  graphemes: parts.letterTokens,
};

/** Returns the function that normalizes a text before tokenization, with only the steps in use. */
function normalFormOf({ lowerCase, fold, html }: TokenizerOptions): Declarations {
  const steps = [
    html && "if (html) text = stripHtml(text);",
    lowerCase && "if (lowerCase) text = text.toLowerCase();",
    fold && "if (fold) text = foldTypography(text);",
    "return toNfc(text);",
  ].filter(Boolean);
  const options = [html && "html", lowerCase && "lowerCase", fold && "fold"].filter(Boolean);
  const given = options.length > 0 ? `text, { ${options.join(", ")} }` : "text";
  return { normalForm: code(`(${given}) => {\n  ${steps.join("\n  ")}\n}`) };
}

const common = (): Declarations => ({
  ...nfcSource(),
  ...foldSource(),
  hidden: undefined,
  ...htmlSource(),
  ...entitySource(),
  named: undefined,
  ...tokenizerSource(),
  ...vocabularySource(),
  splitSymbols,
  segmenter: undefined,
  indexed,
  words: code("once(indexed)"),
});

/** Leaves out the options that splitting at whitespace does not read. */
function readBy(tokenizer: TokenizerOptions): Partial<TokenizerOptions> {
  const { split, punctuation: _, spelling: __, ...read } = tokenizer;
  return split === "spaces" ? read : tokenizer;
}

/** Returns the declarations that split texts into words. */
export function wordParts(tokenizer: TokenizerOptions): Declarations {
  const { split = "words", spelling, lowerCase } = tokenizer;
  const written = { ...tokenizer, lowerCase: false };
  return {
    ...common(),
    ...normalFormOf(tokenizer),
    tokenize: SPLITS[split],
    MOST: mostWords(tokenizer),
    TOKENIZER: readBy(spelling ? written : tokenizer),
    WRITTEN: spelling ? code("TOKENIZER") : readBy(written),
    ORIGINAL: readBy(writtenTokenizer(tokenizer)),
    ...(tokenizer.maxLength === undefined ? { truncate: code("(words) => words") } : {}),
    wordOf: spelling && lowerCase
      ? code("(token) => toNfc(token.toLowerCase())")
      : code("(token) => token"),
  };
}

/** Returns the declarations that split words into letters. */
export function letterParts(alphabet: readonly string[]): Declarations {
  return {
    ...spellingSource(),
    ALPHABET: alphabet,
    indexedLetters: parts.indexedLetters,
    letterIds: code("once(indexedLetters)"),
  };
}

const FORMS: Record<SymbolForm | "as it is", (text: string) => string> = {
  NFC: (text) => `toNfc(${text})`,
  plain: (text) => `tokenize(${text}).join(" ")`,
  "as it is": (text) => text,
};

/** Returns the declarations that split texts into symbols, and join symbols to texts. */
export function symbolParts({ unit, normalization, html }: SymbolReader): Declarations {
  return {
    ...wordParts(NEW_TOKENIZER),
    UNIT: unit,
    readSymbols: parts.readSymbols,
    plainText: code(
      `(text) => ${FORMS[normalization ?? "as it is"](html ? "stripHtml(text)" : "text")}`,
    ),
    glueOf,
    joinSymbols,
  };
}
