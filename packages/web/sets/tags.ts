/**
 * Sentences with a tag for each word: the command line's example data.
 *
 * @module
 */
import type { Example } from "@unroll/core/texts";
import testRows from "../../../examples/tagging/test.csv" with { type: "text" };
import trainRows from "../../../examples/tagging/train.csv" with { type: "text" };

/** The training and the test sentences. */
export const tagsSet = { train: plainRows(trainRows), test: plainRows(testRows) };

/** Parses a table without quotes: a full CSV reader would be a tenth of the page's bytes. */
function plainRows(csv: string): Example[] {
  return csv.trim().split("\n").slice(1).map((line) => {
    const [text, label] = line.split(",");
    return { text, label };
  });
}
