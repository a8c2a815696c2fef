/**
 * fastText's format: `__label__good very happy with it`.
 *
 * @module
 */
import {
  type Columns,
  errorAt,
  quote,
  quoteSome,
  type RecordReader,
  type Report,
  throwIt,
} from "./records.ts";
import { lineReader } from "./lines.ts";
import { lineRecords, sampling } from "./sampling.ts";

/** The prefix of a label. */
export const LABEL_PREFIX = "__label__";

interface Labeled {
  line: number;
  text: string;
  label: string;
}

/**
 * Creates a reader with one record per line: its label, which may be anywhere in the line, and the
 * remaining text. Blank lines are skipped.
 *
 * @param report Called for a line that cannot be read, which is then skipped. Default: throws.
 * @param prefix The prefix of labels. Default: `__label__`.
 * @param separator Joins the labels of a line, which may then have any number of them. Default: a
 *   line has exactly one.
 * @throws {InputError} From `push` and `end`, if a line has a wrong number of labels, or if another
 *   column than `text` and `label` is asked for.
 */
export function fastTextReader(
  name: string,
  columns: Columns,
  report: Report = throwIt,
  prefix: string = LABEL_PREFIX,
  separator?: string,
): RecordReader {
  const valueOf = ({ text, label }: Labeled, role: string) =>
    role === "label" || role === "target" ? label : text;
  const records = sampling<Labeled>(
    columns,
    (items) => ({
      columns: ["text", "label"],
      valuesOf: (column) => items.map((item) => valueOf(item, column)),
    }),
    (item, wanted) => {
      const odd = wanted.find(({ name, role }) => name !== role);
      if (odd) {
        const problem = `no column ${quote(odd.name)}: a line has a text and a label`;
        throw errorAt(name, item.line, `${problem}; leave the ${odd.role} column option out`);
      }
      return { line: item.line, get: (key) => valueOf(item, key) };
    },
  );
  const lines = lineReader((whole, line) => {
    if (whole.trim() === "") return;
    const [labels, text] = takeLabels(whole, prefix);
    if (labels.length === 1 || separator !== undefined) {
      return records.add({ line, text, label: labels.join(separator) });
    }
    const problem = labels.length === 0
      ? `no label; begin the line with one, such as ${prefix}good`
      : `${labels.length} labels, ${quoteSome(labels)}; a text has one label`;
    report(errorAt(name, line, problem), line);
  });
  return lineRecords(lines, records);
}

/** Splits a line into its labels and its remaining text. */
function takeLabels(line: string, prefix: string): [labels: string[], rest: string] {
  const labels: string[] = [], blank = /\s|$/g;
  let rest = "", kept = 0;
  for (let at = line.indexOf(prefix); at >= 0; at = line.indexOf(prefix, at + 1)) {
    if (at > 0 && /\S/.test(line[at - 1])) continue; // inside a word
    blank.lastIndex = at;
    const end = blank.exec(line)!.index;
    labels.push(line.slice(at + prefix.length, end));
    rest += line.slice(kept, at);
    kept = end;
  }
  return [labels, (rest + line.slice(kept)).trim()];
}
