/**
 * The report of a training run as one HTML page, without scripts or external resources.
 *
 * @module
 */
import { alignmentMap, escape, heatMap, largest, lineChart, mostVaried } from "./html_charts.ts";
import { seriesSvg } from "./html_series.ts";
import { STYLE } from "./html_style.ts";
import type { AlignmentRow, EpochRow, ReportData, TraceRow } from "./report_data.ts";
import { percent, printable } from "./terminal.ts";
import { LEAST, type MarkedPiece, withWord } from "./why_view.ts";

const MAX_LABELS = 30; // in a readable confusion matrix
const FEW_LABELS = 8; // up to this many, label names are horizontal above their columns
const MAX_UNITS = 64; // rows of a heat map
const MAX_WORDS = 60; // columns of a heat map
const MAX_PAIRS = 10;
const MAX_TEXT = 300; // columns of a text
const MAX_NAME = 60; // columns of a label or a word
const MAX_CELLS = 800; // in a heat map, about 90 bytes each
const MAX_SOURCE = 40, MAX_TARGET = 25; // columns and rows of an alignment

/** Returns the HTML page. */
export function htmlReport(data: ReportData): string {
  const { title, facts, epochs, bestEpoch } = data;
  const { labels = [], confused = [], mistakes = [], traces = [] } = data;
  const name = labels.length === 0 ? long : label; // without labels, predictions are texts
  const numbers = epochs.map(({ epoch }) => epoch);
  const curves = (pick: (row: EpochRow) => (number | undefined)[]) =>
    ["training", "validation", "test"].map((name, i) => ({
      name,
      values: epochs.map((row) => pick(row)[i]).filter((value) => value !== undefined),
    })).filter(({ values }) => values.length === epochs.length);
  const sections = [
    section("Summary", factTable(facts)),
    section(
      "Learning curves",
      epochs.length === 0 ? "<p>No epoch was completed.</p>" : lineChart(
        data.lossName ?? "Loss (nats)",
        numbers,
        curves((row) => [row.train, row.validation, row.test]),
        bestEpoch,
      ) + lineChart(
        data.accuracyName ?? "Accuracy",
        numbers,
        curves((row) => [row.trainAccuracy, row.validationAccuracy, row.testAccuracy]),
        bestEpoch,
        data.figure === undefined ? 1 : undefined,
      ),
    ),
    !data.series?.length ? "" : section(
      "Forecasts",
      data.series.map((each) => scrolling("Series and forecast", seriesSvg(each))).join("\n"),
    ),
    ...(data.tables ?? []).map(({ title, about, head, rows }) =>
      section(
        escape(title),
        (about === undefined ? "" : `<p>${escape(about)}</p>`) +
          (rows.some((row) => row.some(Array.isArray)) ? `<p>${MARKED}</p>` : "") +
          table(escape(title), head, rows),
      )
    ),
    labels.length === 0 || !data.confusion
      ? ""
      : section("Confusion matrix", confusionTable(labels, data.confusion)),
    confused.length === 0 ? "" : section(
      "Most frequent confusions",
      (confused.length > MAX_PAIRS
        ? `<p>The ${MAX_PAIRS} most frequent of ${confused.length} pairs.</p>`
        : "") + table(
          "Most frequent confusions",
          ["actual", "predicted", "count"],
          confused.slice(0, MAX_PAIRS).map(({ actual, predicted, count }) => [
            label(actual),
            label(predicted),
            String(count),
          ]),
        ),
    ),
    mistakes.length === 0 ? "" : section(
      "Most confident mistakes",
      (mistakes.some(({ marked }) => marked) ? `<p>${MARKED}</p>` : "") + table(
        "Most confident mistakes",
        ["predicted", "probability", "actual", "text"],
        mistakes.map(({ text, word, actual, predicted, probability, marked }) => [
          name(predicted),
          percent(probability),
          name(actual),
          withWord(word === undefined ? word : label(word), marked ?? long(text)),
        ]),
      ),
    ),
    !data.alignments?.length ? "" : section(
      "Attention weights",
      "<p>Each row is a unit of the prediction, each column a unit of the source: the darker, the " +
        "larger the attention weight.</p>" + data.alignments.map(alignment).join(""),
    ),
    !data.samples?.length ? "" : section(
      "Generated texts",
      data.samples.map(({ title, text }) =>
        `<h3><bdi>${shown(label(title))}</bdi></h3>\n<pre><bdi>${shownLines(text)}</bdi></pre>`
      ).join("\n"),
    ),
    traces.length === 0 ? "" : section(
      "Hidden state, word by word",
      "<p>Each column is a word, each row a unit of the top layer's hidden state after it; below, " +
        "the prediction if the text ended there. Blue is negative, red positive.</p>" +
        traces.map(trace).join(""),
    ),
  ];
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${shown(title)}: training report</title>
<style>${STYLE}</style>
</head>
<body>
<h1><bdi>${shown(title)}</bdi></h1>
${sections.join("\n")}
</body>
</html>
`;
}

/** Shortens a label or a word for a table. */
function label(text: string): string {
  return printable(text, MAX_NAME);
}

/** Returns a text; for a long one its start and its length. */
function long(text: string): string {
  const beginning = printable(text, MAX_TEXT);
  if (!beginning.endsWith("…") || text.length <= MAX_TEXT / 2) return beginning;
  return `${beginning} (${text.length.toLocaleString("en")} characters)`;
}

/** Escapes a text for the page, and makes invisible characters visible. */
function shown(text: string): string {
  return escape(printable(text));
}

/** Escapes a text of several lines, and makes invisible characters visible. */
function shownLines(text: string): string {
  return text.split("\n").map(shown).join("\n");
}

function alignment({ text, expected, predicted, source, target, weights }: AlignmentRow): string {
  const about = predicted === expected ? "" : ` Expected: <bdi>${shown(long(expected))}</bdi>.`;
  const cuts = [
    source.length > MAX_SOURCE ? ` The first ${MAX_SOURCE} of ${source.length} columns.` : "",
    target.length > MAX_TARGET ? ` The first ${MAX_TARGET} of ${target.length} rows.` : "",
  ];
  const map = alignmentMap(
    source.slice(0, MAX_SOURCE).map(label),
    target.slice(0, MAX_TARGET).map(label),
    weights.slice(0, MAX_TARGET).map((row) => row.slice(0, MAX_SOURCE)),
  );
  return `<h3><bdi>${shown(long(text))}</bdi></h3>
<p>Predicted: <bdi>${shown(long(predicted))}</bdi>.${about}${cuts.join("")}</p>
${scrolling("Attention weights", map)}`;
}

function section(title: string, content: string): string {
  return `<section>\n<h2>${title}</h2>\n${content}\n</section>`;
}

/** Wraps content that may be wider than the page, so that a keyboard can scroll it too. */
function scrolling(label: string, content: string): string {
  return `<div class="scroll" role="region" tabindex="0" aria-label="${label}">${content}</div>`;
}

function factTable(facts: ReportData["facts"]): string {
  const rows = facts.map(([name, value]) =>
    `<tr><th scope="row"><bdi>${shown(name)}</bdi></th><td><bdi>${shown(value)}</bdi></td></tr>`
  );
  return scrolling("Settings and results", `<table><tbody>\n${rows.join("\n")}\n</tbody></table>`);
}

const MARKED = "Red words support the prediction; blue, underlined words oppose it. " +
  "Hover over a word for its contribution (integrated gradients).";

/** Marks the words of a text by shade, and underlines those that oppose the prediction. */
function markedHtml(pieces: readonly MarkedPiece[]): string {
  const parts: string[] = [];
  let length = 0;
  for (const { text, share, shown: title } of pieces) {
    if ((length += text.length) > MAX_TEXT) return [...parts, "…"].join("");
    if (share === undefined) parts.push(shown(text));
    else {
      const shade = `${share < 0 ? "60 110 230" : "220 60 40"} / ${
        (0.6 * Math.abs(share)).toFixed(2)
      }`;
      const line = share < -LEAST ? "; text-decoration: underline" : "";
      parts.push(
        `<mark title="${title}" style="background: rgb(${shade})${line}">${shown(text)}</mark>`,
      );
    }
  }
  return parts.join("");
}

function table(label: string, head: string[], rows: (string | MarkedPiece[])[][]): string {
  const names = head.map((name) => `<th scope="col">${escape(name)}</th>`).join("");
  const cell = (content: string | MarkedPiece[]) =>
    `<td><bdi>${typeof content === "string" ? shown(content) : markedHtml(content)}</bdi></td>`;
  const body = rows.map((row) => `<tr>${row.map(cell).join("")}</tr>`).join("\n");
  return scrolling(
    label,
    `<table><thead><tr>${names}</tr></thead><tbody>\n${body}\n</tbody></table>`,
  );
}

function confusionTable(labels: readonly string[], confusion: readonly number[][]): string {
  const support = confusion.map((row) => row.reduce((sum, count) => sum + count, 0));
  const order = labels.map((_, i) => i).sort((i, j) => support[j] - support[i]);
  const kept = new Set(order.slice(0, MAX_LABELS));
  const ids = labels.map((_, i) => i).filter((i) => kept.has(i));
  const name = (i: number, scope: string) =>
    `<th scope="${scope}" title="${shown(long(labels[i]))}">` +
    `<bdi>${shown(label(labels[i]))}</bdi></th>`;
  const head = ids.map((j) => name(j, "col")).join("");
  const body = ids.map((i) => {
    const cells = ids.map((j) => {
      const fraction = support[i] > 0 ? confusion[i][j] / support[i] : 0;
      const shade = `background: rgb(var(--shade) / ${(0.6 * fraction).toFixed(2)})`;
      return `<td class="count" style="${shade}">${confusion[i][j]}</td>`;
    });
    return `<tr>${name(i, "row")}${cells.join("")}</tr>`;
  });
  const cut = labels.length > MAX_LABELS
    ? ` The ${MAX_LABELS} most frequent of ${labels.length} labels are shown.`
    : "";
  const kind = ids.length > FEW_LABELS ? ' class="many"' : "";
  return `<p>Rows: actual label. Columns: predicted label.${cut}</p>\n` + scrolling(
    "Confusion matrix",
    `<table${kind}><thead><tr><td></td>${head}</tr></thead><tbody>
${body.join("\n")}
</tbody></table>`,
  );
}

function trace({ text, label: actual, ...all }: TraceRow): string {
  const words = all.words.slice(0, MAX_WORDS), states = all.states.slice(0, MAX_WORDS);
  const width = states[0]?.length ?? 0;
  const most = Math.min(MAX_UNITS, Math.floor(MAX_CELLS / Math.max(1, words.length)));
  const kept = mostVaried(states, most);
  const cuts = [
    width > most ? ` The ${most} of ${width} units that vary most.` : "",
    all.words.length > MAX_WORDS ? ` The first ${MAX_WORDS} of ${all.words.length} words.` : "",
  ];
  const map = heatMap(
    words.map(label),
    states.map((state) => kept.map((unit) => state[unit])),
    kept,
    largest(states),
    // The probability comes first, because a long label is shortened.
    all.predictions.slice(0, MAX_WORDS).map(({ label: name, probability }) =>
      `${percent(probability)} ${label(name)}`
    ),
  );
  return `<h3><bdi>${shown(long(text))}</bdi></h3>
<p>Actual label: <bdi>${shown(long(actual))}</bdi>.${cuts.join("")}</p>
${words.length > 0 ? scrolling("Hidden states word by word", map) : ""}`;
}
