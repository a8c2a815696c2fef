/**
 * The preview of the visitor's own data.
 *
 * @module
 */
import { el } from "../dom.ts";
import type { DataPreview, LeftOut } from "../data_protocol.ts";
import { taskNamed } from "../tasks/tasks.ts";
import type { Settings } from "../settings.ts";
import { count, percent, words } from "../words.ts";

const text = words.data;

/** Returns whether there are too few labels to train on. */
export function hasTooFewLabels({ task, isTagging, labels, count }: DataPreview): boolean {
  return count > 0 && taskNamed(task).data === "labels" && !isTagging && labels.length < 2;
}

/** Returns the preview: examples that can be used, warnings, and rows left out. */
export function foundIn(preview: DataPreview): (HTMLElement | false)[] {
  const { examples, isTagging, labels, leftOut, isWhole } = preview;
  const title = text.preview(preview.count);
  const missing = leftOut.reduce((sum, { count }) => sum + count, 0);
  return [
    el("h3", {}, title),
    missing > 0 && el("p", { class: "note" }, text.leftOut(missing)),
    isTagging && el("p", { class: "note" }, text.tagging),
    ...preview.warnings.map(({ kind, message }) => {
      const cure = kind === "html" ? text.stripHtml : "";
      return el("p", { class: "warning" }, text.warning(message + cure));
    }),
    preview.recommended !== undefined &&
    el("p", { class: "note" }, recommendedIn(preview.recommended)),
    hasTooFewLabels(preview) && el("p", { class: "error" }, text.tooFew),
    el(
      "div",
      { class: "scroll", tabindex: 0, role: "region", "aria-label": title },
      el(
        "table",
        {},
        el(
          "thead",
          {},
          el(
            "tr",
            {},
            el("th", { scope: "col" }, text.headText),
            el("th", { scope: "col" }, text.headLabel),
          ),
        ),
        el(
          "tbody",
          {},
          ...examples.map(({ text, label = "" }) =>
            el("tr", {}, el("td", {}, text), el("td", {}, label))
          ),
        ),
      ),
    ),
    !isTagging && !isWhole && el(
      "p",
      { class: "labels" },
      el("b", {}, text.labels),
      ...labels.map(({ label, count: n }) => el("span", { class: "chip" }, label, ` ${count(n)}`)),
    ),
    ...leftOut.map(problemsIn),
  ];
}

/** Describes the network and the training recommended for the data. */
function recommendedIn(settings: Settings): string {
  const { cell, optimizer, validation } = settings, { choices } = words;
  const names = { cell: choices[cell], optimizer: choices[optimizer] };
  return text.recommended({ ...settings, ...names, validation: percent(validation) });
}

function problemsIn({ name, rows, count: n, problems }: LeftOut): HTMLElement {
  return el(
    "section",
    { class: "problems" },
    el("h3", {}, text.problems(name, n, rows)),
    el(
      "ul",
      {},
      ...problems.map(({ line, problem }) =>
        el("li", {}, el("b", {}, text.line(line)), `: ${problem}`)
      ),
      n > problems.length && el("li", {}, text.more(n - problems.length)),
    ),
  );
}
