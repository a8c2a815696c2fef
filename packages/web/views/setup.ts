/**
 * The settings form: data, network, training.
 *
 * @module
 */
import { el, fill, freshId, say } from "../dom.ts";
import type { BackendReport, Ready } from "../run_protocol.ts";
import { matters } from "../run_settings.ts";
import {
  defaultInit,
  type FieldName,
  FIELDS,
  readField,
  type Settings,
  showField,
} from "../settings.ts";
import { groupedSets, presetOf } from "../sets/presets.ts";
import { taskOf } from "../tasks/tasks.ts";
import { run } from "../words/run.ts";
import { words } from "../words.ts";

const text = words.setup;

/** What the form asks the page to do. */
export interface SetupActions {
  change(settings: Settings, name: FieldName | "set"): void;
  own(): void;
  download(part: "train" | "test"): void;
  /** Replaces an opened network by an untrained one. */
  closeModel(): void;
}

type Control = HTMLInputElement | HTMLSelectElement;

/** The form. */
export class Setup {
  readonly root: HTMLElement;
  #settings: Settings = presetOf("");
  #backends: BackendReport[] = [];
  readonly #controls = new Map<
    FieldName,
    { control: Control; row: HTMLElement; problem: HTMLElement }
  >();
  readonly #close: HTMLElement;
  readonly #set: HTMLSelectElement;
  readonly #about = el("p", { class: "about" });
  readonly #counts = el("p", { class: "about" });
  readonly #facts = el("p", { class: "about" });
  readonly #downloads: Record<string, HTMLElement> = {};
  readonly #computes = el("p", { class: "about computes" });
  readonly #report = el("ul", { class: "backends" });

  constructor(readonly actions: SetupActions) {
    const setId = freshId();
    this.#close = el("button", {
      type: "button",
      class: "link",
      "data-act": "close-model",
      click: () => actions.closeModel(),
    }, run.opened.close);
    this.#set = el(
      "select",
      { id: setId, change: () => this.#chooseSet(this.#set.value) },
      ...[...groupedSets()].map(([label, sets]) =>
        el(
          "optgroup",
          { label },
          ...sets.map((value) => el("option", { value }, words.sets[value][0])),
        )
      ),
      el("option", { value: "own" }, text.own),
    );
    const group = (name: "network" | "training" | "more") =>
      (Object.keys(FIELDS) as FieldName[]).filter((field) => FIELDS[field].group === name)
        .map((field) => this.#field(field));
    this.root = el(
      "form",
      { class: "setup", "aria-label": text.name, submit: (event) => event.preventDefault() },
      el(
        "fieldset",
        {},
        el("legend", {}, text.data),
        el(
          "div",
          { class: "field wide" },
          el("label", { for: setId, class: "hidden" }, text.data),
          this.#set,
        ),
        this.#about,
        this.#counts,
        el(
          "p",
          { class: "downloads" },
          ...(["train", "test"] as const).map((part) => this.#download(part)),
        ),
      ),
      el(
        "fieldset",
        {},
        el("legend", {}, text.network),
        ...group("network"),
        this.#facts,
        this.#close,
      ),
      el("fieldset", {}, el("legend", {}, text.training), ...group("training"), this.#computes),
      el(
        "details",
        {},
        el("summary", {}, text.more),
        ...group("more"),
        el("h3", {}, text.backendsTitle),
        this.#report,
      ),
    );
    // So that nothing moves when the first network arrives.
    for (const [name, { row }] of this.#controls) row.hidden = !matters(this.#settings, name);
  }

  /** Shows the settings of the current network. */
  show(ready: Ready): void {
    const { settings, counts, opened, source } = ready;
    this.#settings = settings;
    this.#set.value = settings.set;
    say(this.#about, words.sets[settings.set][1]);
    say(this.#counts, text.counts(counts, taskOf(settings).unit(settings) === "words"));
    this.#downloads.test.hidden = counts.test === 0;
    this.#downloads.train.hidden = source !== undefined && !source.isPasted; // the visitor has it
    say(this.#computes, ready.computes);
    const facts = taskOf(settings).facts(ready);
    say(this.#facts, opened ? `${text.opened(opened)} ${facts}` : facts);
    this.#close.hidden = opened === undefined;
    for (const [name, { control, row, problem }] of this.#controls) {
      this.#complain(control, problem, "");
      const value = showField(settings, name);
      if (control instanceof HTMLInputElement && control.type === "checkbox") {
        control.checked = value === "yes";
      } else control.value = value;
      row.hidden = !matters(settings, name) || (name === "head" && settings.head === "token");
      control.disabled = opened !== undefined && isPartOfModel(name);
      control.title = control.disabled ? run.opened.fixed(opened!) : words.fields[name][1];
    }
  }

  /** Shows which backends work here. */
  showBackends(backends: BackendReport[]): void {
    this.#backends = backends;
    const { control } = this.#controls.get("backend")!;
    for (const option of (control as HTMLSelectElement).options) {
      option.disabled = !this.#works(option.value);
    }
    fill(
      this.#report,
      ...backends.map(({ name, works, isSoftware, about }) =>
        el(
          "li",
          { class: isSoftware ? "slow" : works ? "works" : "fails", "data-backend": name },
          el("b", {}, name),
          ` ${isSoftware ? text.worksSlowly : works ? text.works : text.worksNot}: ${about}`,
        )
      ),
    );
  }

  #download(part: "train" | "test"): HTMLElement {
    return this.#downloads[part] = el("button", {
      type: "button",
      class: "link",
      "data-part": part,
      click: () => this.actions.download(part),
    }, text.download[part]);
  }

  #works(backend: string): boolean {
    return this.#backends.find(({ name }) => name === backend)?.works ?? true;
  }

  #chooseSet(set: string): void {
    if (set !== "own") {
      return this.actions.change({ ...presetOf(set), backend: this.#settings.backend }, "set");
    }
    this.#set.value = this.#settings.set; // until there is data
    this.actions.own();
  }

  #field(name: FieldName): HTMLElement {
    const field = FIELDS[name];
    const [label, help] = words.fields[name];
    const id = freshId();
    const change = () => this.#change(name, control);
    const control: Control = field.kind === "choice"
      ? el(
        "select",
        { id, change, title: help, name },
        ...field.choices.filter((value) => value !== "token").map((value) =>
          el("option", { value }, words.choices[value] ?? value)
        ),
        name === "head" && el("option", { value: "token", hidden: true }, words.choices.token),
      )
      : field.kind === "toggle"
      ? el("input", { id, change, title: help, name, type: "checkbox" })
      : el("input", {
        id,
        change,
        title: help,
        name,
        type: "text", // a number field would drop the comma of 0,05 and yield 5
        class: "number",
        autocomplete: "off",
        inputmode: field.kind === "integer" ? "numeric" : "decimal",
        keydown: (event) => this.#count(event as KeyboardEvent, name, control),
      });
    const problem = el("p", { class: "refused", id: freshId(), role: "alert" });
    const row = el(
      "div",
      { class: "field" },
      el("label", { for: id, title: help }, label),
      control,
      problem,
    );
    this.#controls.set(name, { control, row, problem });
    return row;
  }

  /** Steps the value with the arrow keys. */
  #count(event: KeyboardEvent, name: FieldName, control: Control): void {
    const field = FIELDS[name];
    const up = { ArrowUp: 1, ArrowDown: -1 }[event.key];
    if (!up || !("least" in field)) return;
    event.preventDefault();
    const value = Number(showField(this.#settings, name));
    const next = value + up * (field.kind === "integer" ? 1 : field.step);
    const inRange = Math.min(field.most, Math.max(field.least, next));
    control.value = String(Number(inRange.toPrecision(9))); // 0.3 rather than 0.30000000000000004
    this.#change(name, control);
  }

  #complain(control: Control, problem: HTMLElement, message: string): void {
    say(problem, message);
    problem.hidden = message === "";
    if (message === "") control.removeAttribute("aria-invalid");
    else control.setAttribute("aria-invalid", "true");
    if (message === "") control.removeAttribute("aria-describedby");
    else control.setAttribute("aria-describedby", problem.id);
  }

  #change(name: FieldName, control: Control): void {
    const field = FIELDS[name];
    const given = control instanceof HTMLInputElement && control.type === "checkbox"
      ? (control.checked ? "yes" : "no")
      : control.value;
    const { problem } = this.#controls.get(name)!;
    const value = readField(name, given);
    if (value === undefined) {
      if (!("least" in field)) return;
      const expected = field.kind === "integer" ? words.problems.whole : words.problems.number;
      const message = expected(words.fields[name][0], field.least, field.most);
      return this.#complain(control, problem, message);
    }
    this.#complain(control, problem, "");
    if (value === this.#settings[name]) return;
    const settings = { ...this.#settings, [name]: value };
    if (name === "cell" && settings.init === defaultInit(this.#settings.cell)) {
      settings.init = defaultInit(settings.cell);
    }
    this.#settings = settings;
    this.actions.change(settings, name);
  }
}

/** Returns whether an opened model determines a setting. */
function isPartOfModel(name: FieldName): boolean {
  return FIELDS[name].group === "network" ||
    ["head", "activation", "init", "dropout", "stripHtml"].includes(name);
}
