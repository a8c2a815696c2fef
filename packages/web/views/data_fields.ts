/**
 * How data is read: fields in which the visitor can correct what was guessed.
 *
 * @module
 */
import { DATA_FORMATS, type DataFormat, isTableFormat } from "@unroll/core/texts";
import { el, fill, freshId } from "../dom.ts";
import type { DataPreview, Given, Written } from "../data_protocol.ts";
import { taskNamed } from "../tasks/tasks.ts";
import { words } from "../words.ts";

const text = words.data;
const FORMATS = Object.keys(DATA_FORMATS) as DataFormat[];

type Field = keyof Given;

/** The fields; what is left automatic is guessed. */
export class DataFields {
  readonly root = el("div", { class: "columns", hidden: true });
  /** What the visitor has chosen. */
  given: Given = {};
  #found: Written = {};

  constructor(readonly change: () => void) {}

  /** Resets all choices, for other files. */
  reset(): void {
    this.given = {};
    this.root.hidden = true;
  }

  /** Resets the choice of columns. */
  resetColumns(): void {
    const { textColumn: _, labelColumn: __, ...written } = this.given;
    this.given = written;
  }

  /** Shows how the data was read, as far as that is known. */
  show({ task, written, columns, textColumn, labelColumn, isWhole, readings }: DataPreview): void {
    const { given } = this, { format = given.format } = written;
    // Quotes that enclose fields can be chosen explicitly, so that no quote counts as never closed.
    const { separator, header, quotes, encoding } = written;
    const own = quotes === "double" ? undefined : quotes;
    const found = { format, separator, header, quotes: own, encoding };
    const now: Given = { ...found, textColumn, labelColumn, ...given };
    this.#found = readings.length > 1 ? {} : found; // several files may be written differently
    const isTable = !isWhole && (format === undefined || isTableFormat(format));
    const hasColumns = !isWhole && columns.length > 0;
    const names = Object.fromEntries(columns.map((name) => [name, name]));
    this.root.hidden = false;
    fill(
      this.root,
      this.#choice("format", now, titles()),
      this.#choice("encoding", now, text.encodings),
      isTable && this.#choice("separator", now, text.separators),
      isTable && this.#choice("quotes", now, text.quoting),
      isTable && this.#choice("header", now, text.headers),
      hasColumns && this.#choice("textColumn", now, names),
      hasColumns && taskNamed(task).data !== "texts" && this.#choice("labelColumn", now, names),
    );
  }

  #choice(field: Field, now: Given, names: Record<string, string>): HTMLElement {
    const id = freshId(), value = String(now[field] ?? "");
    const known = value === "" || Object.hasOwn(names, value)
      ? names
      : { ...names, [value]: value };
    const select = el(
      "select",
      { id, "data-field": field, change: () => this.#take(field, select.value) },
      el("option", { value: "", selected: value === "" }, text.automatic),
      ...Object.entries(known).map(([each, name]) =>
        el("option", { value: each, selected: each === value }, name)
      ),
    );
    return el("label", { for: id }, `${text.fields[field]} `, select);
  }

  #take(field: Field, value: string): void {
    if (field === "format") this.given = { encoding: this.given.encoding };
    else if (!field.endsWith("Column")) this.resetColumns();
    else this.given = { ...this.#found, ...this.given }; // a chosen column is one of those shown
    const { [field]: _, ...others } = this.given;
    const said = field === "header" ? value === "true" : value;
    this.given = value === "" ? others : { ...others, [field]: said };
    this.change();
  }
}

function titles(): Record<string, string> {
  return Object.fromEntries(FORMATS.map((format) => [format, DATA_FORMATS[format].title]));
}
