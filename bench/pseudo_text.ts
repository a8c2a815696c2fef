/** Pseudo-random texts of any size, the same for a seed: made-up words that follow Zipf's law. */

/** A fast random generator: returns an integer below 2^32. */
type Draw = () => number;

const WORDS = 50_000;
const TABLE = 2 ** 20; // draws from it follow Zipf's law, to a millionth
const CHUNK = 2 ** 18; // bytes per chunk
const MAX_ROW = 4096; // bytes, more than any row has

/** The labels of rows. */
export const LABELS = ["good", "bad", "mixed", "unsure"];

function xorshift(seed: number): Draw {
  let x = (seed * 2654435761 ^ 0x9e3779b9) >>> 0 || 1;
  return () => {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    return x >>> 0;
  };
}

/** Returns distinct words of one to four syllables; every fortieth has non-ASCII letters. */
export function pseudoWords(count = WORDS, seed = 1): string[] {
  const draw = xorshift(seed);
  const starts = "b c d f g h l m n p r s t v w br ch cl dr fr gr pl pr sh st th tr".split(" ");
  const vowels = "a e i o u ai ea ie oo ou".split(" ");
  const accented = "ä é í ö ü è å ø ñ".split(" "), ends = ["", "", "n", "r", "s", "t", "l", "ck"];
  const pick = (some: readonly string[]) => some[draw() % some.length];
  const words = new Set<string>();
  while (words.size < count) {
    // Common words are short.
    const most = words.size < 100 ? 1 : words.size < 2000 ? 2 : 4;
    const own = words.size % 40 === 39 ? accented : vowels;
    let word = "";
    for (let left = 1 + draw() % most; left > 0; left--) {
      word += pick(starts) + pick(own) + pick(ends);
    }
    words.add(word);
  }
  return [...words];
}

/** Returns indices of words, each with the frequency of its rank by Zipf's law. */
function zipfTable(count: number): Uint16Array {
  let total = 0;
  for (let i = 0; i < count; i++) total += 1 / (i + 1);
  const table = new Uint16Array(TABLE);
  for (let i = 0, sum = 0, at = 0; i < count; i++) {
    sum += 1 / (i + 1);
    for (const end = Math.round(sum / total * TABLE); at < end; at++) table[at] = i;
  }
  return table;
}

/** The kind of file: a table of labeled texts, or running text in paragraphs. */
export type PseudoKind = "csv" | "text";

/**
 * Yields a file in chunks: rows of about 100 bytes, a few of which contain quotes, commas and line
 * breaks; or sentences.
 *
 * @param size The approximate number of bytes.
 * @returns The number of rows or sentences.
 */
export function* pseudoFile(
  kind: PseudoKind,
  size: number,
  seed = 1,
): Generator<Uint8Array, number> {
  const draw = xorshift(seed), table = zipfTable(WORDS), encoder = new TextEncoder();
  const encoded = pseudoWords().map((word) => encoder.encode(word));
  const starts = new Uint32Array(WORDS + 1);
  encoded.forEach((word, i) => starts[i + 1] = starts[i] + word.length);
  const bytes = new Uint8Array(starts[WORDS]);
  encoded.forEach((word, i) => bytes.set(word, starts[i]));
  const buffer = new Uint8Array(CHUNK + MAX_ROW);
  let at = 0;
  const put = (text: string) => {
    for (let i = 0; i < text.length; i++) buffer[at++] = text.charCodeAt(i);
  };
  const putWord = () => {
    const word = table[draw() % TABLE];
    for (let i = starts[word]; i < starts[word + 1]; i++) buffer[at++] = bytes[i];
  };
  const putWords = (count: number, comma: string) => {
    for (let i = 0; i < count; i++) {
      if (i > 0) put(draw() % 12 === 0 ? comma : " ");
      putWord();
    }
  };
  const putRow = () => {
    const label = LABELS[draw() % 3 ? draw() % LABELS.length : 0];
    const isQuoted = draw() % 8 === 0;
    if (isQuoted) put('"');
    putWords(3 + draw() % 9, isQuoted ? ", " : " ");
    // A network can learn the label from this.
    if (draw() % 2) put(` quite ${label}`);
    if (isQuoted && draw() % 4 === 0) {
      const mark = draw() % 2 ? '""' : "";
      put(mark === "" ? "\n" : ` ${mark}`);
      putWord();
      put(mark);
    }
    put(" ");
    putWords(2 + draw() % 5, " ");
    put(isQuoted ? '."' : ".");
    put(`,${label}\n`);
  };
  const putSentence = () => {
    putWords(5 + draw() % 16, ", ");
    put(draw() % 6 ? ". " : ".\n\n");
  };
  if (kind === "csv") put("text,label\n");
  let count = 0;
  for (let written = 0; written + at < size; count++) {
    if (kind === "csv") putRow();
    else putSentence();
    if (at < CHUNK) continue;
    yield buffer.slice(0, at);
    written += at;
    at = 0;
  }
  if (at > 0) yield buffer.slice(0, at);
  return count;
}
