/**
 * A kept run next to the current one: their differences, their curves, and the kept picture.
 *
 * @module
 */
import type { AskedText, KeptRun } from "../comparison.ts";
import { atFrame, el, fill, say } from "../dom.ts";
import type { Engine } from "../engine.ts";
import type { Look } from "../picture_protocol.ts";
import type { EpochRow, Ready } from "../run_protocol.ts";
import { matters } from "../run_settings.ts";
import { type FieldName, FIELDS, type Settings, showField } from "../settings.ts";
import { compare as text } from "../words/compare.ts";
import { count, figure, percent } from "../words/numbers.ts";
import { setup as fields } from "../words/setup.ts";
import type { Learning } from "./learning.ts";
import { newest } from "./newest.ts";
import { Unrolled } from "./unrolled.ts";

const PAUSE = 100; // milliseconds between two requests to the kept network
const SETS = ["test", "validation", "train"] as const;

/** The parts of the page that show the comparison, and what it follows. */
export interface ComparisonPlaces {
  engine: Engine;
  learning: Learning;
  /** The picture of the current network. */
  unrolled: Unrolled;
  ready(): Ready | undefined;
  look(): Look | undefined;
  /** The elements above the picture, below it, and next to the curves. */
  now: HTMLElement;
  picture: HTMLElement;
  table: HTMLElement;
  remove(): void;
}

/** The comparison. */
export class Comparison {
  #kept: KeptRun | undefined;
  #asked = "";
  readonly #frame = atFrame();
  readonly #unrolled = new Unrolled({ word() {}, unit() {}, layer() {}, pass() {} });
  readonly #nowName = el("h3", { class: "run-name" });
  readonly #keptName = el("h3", { class: "run-name" });
  readonly #problem = el("p", { class: "note" });
  readonly #body = el("tbody");
  readonly #look: (asked: AskedText) => void;

  constructor(readonly places: ComparisonPlaces) {
    const { engine, unrolled } = places;
    this.#look = newest(async (asked) => {
      this.#show(asked, await engine.ask("lookAtKept", asked));
    }, PAUSE);
    engine.on("ready", () => this.#draw());
    engine.on("epochs", () => this.#frame(() => this.#fillTable()));
    engine.on("look", (look) => this.follow(look));
    unrolled.root.addEventListener("click", () => this.#unrolled.setPass(unrolled.pass));
    scrollTogether(unrolled.root, this.#unrolled.root);
  }

  /** Shows a kept run next to the current one; undefined ends the comparison. */
  show(kept: KeptRun | undefined): void {
    const { now, picture, table } = this.places;
    this.#kept = kept;
    this.#asked = "";
    for (const place of [now, picture, table]) place.hidden = kept === undefined;
    if (!kept) return this.places.learning.compare(undefined);
    fill(now, this.#nowName);
    fill(picture, this.#keptName, this.#problem, this.#unrolled.root);
    fill(table, this.#table());
    this.#draw();
    const look = this.places.look();
    if (look) this.follow(look);
  }

  /** Follows the text in the picture; the kept network does not change, so one look is enough. */
  follow(look: Look): void {
    if (!this.#kept) return;
    if (this.#unrolled.pass !== this.places.unrolled.pass) {
      this.#unrolled.setPass(this.places.unrolled.pass);
    }
    const { text, actual } = look, asked = JSON.stringify([text, actual]);
    if (asked === this.#asked) return;
    this.#asked = asked;
    this.#look({ text, actual });
  }

  #show({ text: sentence }: AskedText, look: Look | undefined): void {
    const isThere = look !== undefined && look.text === sentence;
    this.#unrolled.root.hidden = !isThere;
    say(this.#problem, isThere ? "" : text.unreadable);
    if (isThere) this.#unrolled.show(look);
  }

  #draw(): void {
    const kept = this.#kept, ready = this.places.ready();
    if (!kept || !ready) return;
    const [keptName, nowName] = namesOf(kept.settings, ready.settings);
    say(this.#keptName, `${text.kept}: ${keptName}`);
    say(this.#nowName, `${text.now}: ${nowName}`);
    const isCell = kept.settings.cell !== ready.settings.cell;
    this.places.learning.compare({
      rows: kept.rows,
      name: isCell ? text.cell(kept.settings.cell) : text.line,
      now: isCell ? text.cell(ready.settings.cell) : "",
    });
    this.#fillTable();
  }

  #table(): HTMLElement {
    return el(
      "div",
      { class: "two-runs" },
      el("h3", {}, text.title),
      el(
        "table",
        {},
        el(
          "thead",
          {},
          el(
            "tr",
            {},
            el("td"),
            el("th", { scope: "col" }, text.kept),
            el("th", { scope: "col" }, text.now),
          ),
        ),
        this.#body,
      ),
      el("button", {
        type: "button",
        class: "link",
        "data-act": "drop-kept",
        click: () => this.places.remove(),
      }, text.remove),
    );
  }

  #fillTable(): void {
    const kept = this.#kept, ready = this.places.ready();
    if (!kept || !ready) return;
    const { rows } = this.places.learning, now = ready.settings;
    const lines: [string, string, string][] = [];
    if (kept.settings.set !== now.set) {
      lines.push([text.data, setName(kept.settings), setName(now)]);
    }
    for (const name of differing(kept.settings, now)) {
      lines.push([fields.fields[name][0], shownField(kept.settings, name), shownField(now, name)]);
    }
    if (kept.parameters !== ready.parameters) {
      lines.push([text.parameters, count(kept.parameters), count(ready.parameters)]);
    }
    const epochs = (done: number, { epochs }: Settings) => text.of(done, epochs);
    const nowEpochs = rows.at(-1)?.epoch ?? 0;
    lines.push([text.epochs, epochs(kept.epochs, kept.settings), epochs(nowEpochs, now)]);
    const a = kept.rows.at(-1), b = rows.at(-1);
    const set = SETS.find((set) => (a ?? b)?.[`${set}Loss`] !== undefined);
    if (set) {
      const loss = (row?: EpochRow) => figure(row?.[`${set}Loss`] ?? NaN, 3);
      const accuracy = (row?: EpochRow) => percent(row?.[`${set}Accuracy`] ?? NaN);
      lines.push([text.loss[set], loss(a), loss(b)], [
        text.accuracy[set],
        accuracy(a),
        accuracy(b),
      ]);
    }
    fill(
      this.#body,
      ...lines.map(([name, kept, now]) =>
        el("tr", {}, el("th", { scope: "row" }, name), el("td", {}, kept), el("td", {}, now))
      ),
    );
  }
}

/** Returns the settings that differ, and have an effect on at least one of the two runs. */
function differing(a: Settings, b: Settings): FieldName[] {
  return (Object.keys(FIELDS) as FieldName[]).filter((name) =>
    a[name] !== b[name] && (matters(a, name) || matters(b, name))
  );
}

function shownField(settings: Settings, name: FieldName): string {
  if (!matters(settings, name)) return "–";
  if (name === "cell") return text.cell(settings.cell);
  const value = showField(settings, name);
  return fields.choices[value] ?? value;
}

/** Returns the names of the two runs: the first setting that differs. */
function namesOf(kept: Settings, now: Settings): [kept: string, now: string] {
  if (kept.set !== now.set) return [setName(kept), setName(now)];
  const [name] = differing(kept, now);
  const nameOf = (settings: Settings) =>
    name === undefined || name === "cell"
      ? text.cell(settings.cell)
      : `${fields.fields[name][0].toLowerCase()} ${shownField(settings, name)}`;
  return [nameOf(kept), nameOf(now)];
}

function setName({ set }: Settings): string {
  return fields.sets[set]?.[0] ?? set;
}

/** Scrolls both pictures together, so that the same words stay aligned. */
function scrollTogether(...pictures: HTMLElement[]): void {
  const [a, b] = pictures.map((picture) => picture.querySelector(".unrolled-scroll")!);
  a.addEventListener("scroll", () => b.scrollLeft = a.scrollLeft);
  b.addEventListener("scroll", () => a.scrollLeft = b.scrollLeft);
}
