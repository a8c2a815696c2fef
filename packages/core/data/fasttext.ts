/**
 * The format of fastText: `__label__good very happy with it`.
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

/** What a label begins with. */
export const LABEL_PREFIX = "__label__";

interface Labeled {
  line: number;
  text: string;
  label: string;
}

/**
 * Reads a record from each line: its label, which may stand anywhere in it, and the rest, its
 * text. Blank lines are skipped.
 *
 * @param report What to do about a line that cannot be read. Default: throw; else it is left out.
 * @param separator What to put between several labels. Default: a line has one.
 * @throws {InputError} Where a line has no label, or several.
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

/** The words of a line that are labels, and the rest of it. */
function takeLabels(line: string, prefix: string): [labels: string[], rest: string] {
  const labels: string[] = [], blank = /\s|$/g;
  let rest = "", kept = 0;
  for (let at = line.indexOf(prefix); at >= 0; at = line.indexOf(prefix, at + 1)) {
    if (at > 0 && /\S/.test(line[at - 1])) continue; // within a word
    blank.lastIndex = at;
    const end = blank.exec(line)!.index;
    labels.push(line.slice(at + prefix.length, end));
    rest += line.slice(kept, at);
    kept = end;
  }
  return [labels, (rest + line.slice(kept)).trim()];
}
