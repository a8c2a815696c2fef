/**
 * The texts of the uses of a network: new texts, the baseline, the report.
 *
 * @module
 */
import { count, percent } from "./numbers.ts";

const texts = (n: number) => `${count(n)} ${n === 1 ? "text" : "texts"}`;
const rows = (n: number) => `${count(n)} ${n === 1 ? "row" : "rows"}`;

/** The texts. */
export const tools = {
  use: {
    title: "Use the network",
    lede: "Predict a list or a file of new texts and download the answers, or save a report of " +
      "this run.",
    predict: "Predict new texts…",
    report: "Save a report",
    making: "Creating the report…",
    saved: (name: string) => `Saved as ${name}: one page with the curves, figures and mistakes.`,
    reportName: "report.html",
  },
  baseline: {
    compare: "Compare with a linear baseline",
    fitting: "Fitting the linear baseline…",
    result: (accuracy: number) =>
      `A linear model on n-grams (the baseline) has an accuracy of ${percent(accuracy)}.`,
  },
  batch: {
    title: "Predict new texts",
    lede: "Paste texts, one per line, or choose a file: CSV, TSV, JSON, or plain text with one " +
      "text per line. The network answers as it is now; nothing is sent.",
    paste: "Texts, one per line",
    placeholder: "Arrived broken, and nobody answers.\nBest purchase of the year!",
    file: "Or a file",
    predict: "Predict",
    column: "Text column",
    running: (n: number) => `${texts(n)} predicted…`,
    cancel: "Cancel",
    close: "Close",
    empty: "There is no text yet; paste some, or choose a file.",
    done: (n: number, unknown: number, empty: number) =>
      `${texts(n)} predicted.` +
      (unknown > 0 ? ` ${count(unknown)} without a known word: no answer.` : "") +
      (empty > 0 ? ` ${rows(empty)} without a text.` : ""),
    leftOut: (n: number) => `${rows(n)} cannot be read and ${n === 1 ? "is" : "are"} left out:`,
    labels: "Predicted labels",
    first: (n: number) => `The first ${rows(n)}`,
    names: {
      text: "text",
      label: "label",
      probability: "probability",
      target: "result",
      words: "words",
      labels: "labels",
      unknown: "unknown words",
    } as Record<string, string>,
    noAnswer: "no known word",
    download: "Download as CSV",
    fileName: "predictions.csv",
  },
};
