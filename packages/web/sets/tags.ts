/**
 * Sentences whose words have tags: the examples of the command line.
 *
 * @module
 */
import type { Example } from "@unroll/core/texts";
import testRows from "../../../examples/tagging/test.csv" with { type: "text" };
import trainRows from "../../../examples/tagging/train.csv" with { type: "text" };

/** The set. */
export const tagsSet = { train: plainRows(trainRows), test: plainRows(testRows) };

/** Rows of a table without quotes: what reads any table would be a tenth of the page's bytes. */
function plainRows(csv: string): Example[] {
  return csv.trim().split("\n").slice(1).map((line) => {
    const [text, label] = line.split(",");
    return { text, label };
  });
}
