/**
 * The form: the data, the roles of its columns, and the settings, with the guesses filled in.
 *
 * @module
 */
import { el, fileInput, fill, say } from "../dom.ts";
import { forecast as words } from "../words/forecast.ts";
import type {
  BuiltInName,
  ColumnRole,
  ForecastFacts,
  ForecastSettings,
  FoundSeries,
  SeriesReadSettings,
} from "./forecast_protocol.ts";

const data = words.data, text = words.settings;
const ROLES: ColumnRole[] = ["target", "feature", "knownAhead", "none"];
const BUILT_IN: BuiltInName[] = ["airline", "visitors"];
const HORIZON = 12; // steps, as on the command line
const HELD_OUT = 0.15; // of the rows, by default
const FEW = 8; // the least number of horizons in a series

/** What the form asks the page to do. */
export interface SetupActions {
  choose(name: BuiltInName): void;
  file(file: File): void;
  /** Reads the file again with other columns. */
  read(settings: SeriesReadSettings): void;
  change(): void;
  download(): void;
}

const NUMBERS = { horizon: 1, holdOut: 0, season: 1, hidden: 1, epochs: 1, seed: 0 } as const;
type NumberName = keyof typeof NUMBERS;

/** The form. */
export class ForecastSetup {
  readonly root: HTMLElement;
  #roles: Record<string, ColumnRole> = {};
  #found: FoundSeries | undefined;
  readonly #sets: HTMLSelectElement;
  readonly #about = el("div", { class: "note read-as", role: "status" });
  readonly #reading = el("div", { class: "fields" });
  readonly #columns = el("div", { class: "fields columns-of" });
  readonly #facts = el("p", { class: "note facts-of" });
  readonly #download: HTMLButtonElement;
  readonly #fields: Record<NumberName, HTMLInputElement>;
  readonly #calendar: HTMLInputElement;
  readonly #actions: SetupActions;

  constructor(actions: SetupActions) {
    this.#actions = actions;
    const file = fileInput(".csv,.tsv,.txt,.json,.jsonl,.ndjson", data.file, actions.file);
    this.#sets = el(
      "select",
      { name: "set", change: () => this.#choose(file) },
      ...[...BUILT_IN, "own" as const].map((name) =>
        el("option", { value: name }, data.sets[name])
      ),
    );
    const change = () => actions.change();
    const number = (name: NumberName) =>
      el("input", { type: "number", name, min: NUMBERS[name], step: 1, change });
    const names = Object.keys(NUMBERS) as NumberName[];
    this.#fields = Object.fromEntries(names.map((name) => [name, number(name)])) as never;
    this.#calendar = el("input", { type: "checkbox", name: "calendar", change });
    this.#download = el(
      "button",
      { type: "button", class: "link", "data-file": "data", click: () => actions.download() },
      data.download,
    );
    const field = (name: NumberName) => labeled(text[name], this.#fields[name]);
    this.root = el(
      "form",
      { class: "setup", submit: (event) => event.preventDefault() },
      el(
        "fieldset",
        {},
        el("legend", {}, data.title),
        labeled(data.choose, this.#sets, true),
        el(
          "p",
          { class: "downloads" },
          el(
            "button",
            { type: "button", class: "link", click: () => file.click() },
            data.file,
          ),
          this.#download,
        ),
        file,
        el("p", { class: "note" }, data.drop),
        this.#about,
        this.#reading,
      ),
      el("fieldset", {}, el("legend", {}, data.columns), this.#columns),
      el(
        "fieldset",
        {},
        el("legend", {}, text.title),
        field("horizon"),
        field("holdOut"),
        field("season"),
        this.#facts,
        el(
          "details",
          { class: "more" },
          el("summary", {}, text.more),
          field("epochs"),
          field("hidden"),
          field("seed"),
          labeled(text.calendar, this.#calendar),
        ),
      ),
    );
  }

  #choose(file: HTMLInputElement): void {
    const chosen = this.#sets.value;
    const name = BUILT_IN.find((each) => each === chosen);
    if (name) return this.#actions.choose(name);
    this.#sets.value = this.#found?.builtIn ?? "own"; // until a file has been read
    file.click();
  }

  /**
   * Shows what was read, with suitable guesses.
   *
   * @param isSame Whether it is the same file, read in another way; its choices then stay.
   */
  show(found: FoundSeries, isSame = false): void {
    const { builtIn, about, notes, leftOut, roles, rows } = found;
    this.#found = found;
    this.#sets.value = builtIn ?? "own";
    this.#download.hidden = builtIn === undefined;
    fill(
      this.#about,
      el("p", {}, about),
      ...notes.map((note) => el("p", {}, note)),
      leftOut && el("p", {}, data.leftOut(leftOut.count, leftOut.rows)),
      ...(leftOut?.first ?? []).map((line) => el("p", { class: "error" }, line)),
    );
    this.#showReading(found);
    const chosen = isSame ? this.#roles : {};
    this.#roles = Object.fromEntries(
      Object.entries(roles).map(([name, role]) => [name, chosen[name] ?? role]),
    );
    this.#showRoles();
    if (isSame) return;
    const horizon = Math.max(1, Math.min(HORIZON, Math.floor(rows / FEW)));
    this.setNumbers({
      horizon,
      holdOut: horizon * Math.max(1, Math.ceil(HELD_OUT * rows / horizon)),
      seed: 1,
    });
    this.#calendar.checked = false;
  }

  /** Shows the settings that a model was created with. */
  showSettings({ roles, calendar, ...numbers }: ForecastSettings): void {
    this.#roles = { ...roles };
    this.#calendar.checked = calendar;
    this.setNumbers(numbers);
    this.#showRoles();
  }

  /** Sets the numeric fields; those that are not given are guessed. */
  setNumbers(values: Partial<Record<NumberName, number>>): void {
    for (const name of Object.keys(NUMBERS) as NumberName[]) {
      this.#fields[name].value = values[name] === undefined ? "" : String(values[name]);
    }
  }

  /** Restores the fields for the current file, because another one was not accepted. */
  showReadingOf(found: FoundSeries): void {
    this.#sets.value = found.builtIn ?? "own";
    this.#showReading(found);
  }

  #showReading({ builtIn, fields, time, series }: FoundSeries): void {
    const choice = (name: string, chosen: string | undefined, key: keyof SeriesReadSettings) => {
      const select = el(
        "select",
        {
          name: key,
          change: () => this.#actions.read({ time, series, [key]: select.value || null }),
        },
        el("option", { value: "" }, data.none),
        ...fields.map((field) => el("option", { value: field, selected: field === chosen }, field)),
      );
      return labeled(name, select);
    };
    fill(
      this.#reading,
      builtIn === undefined && choice(data.time, time, "time"),
      builtIn === undefined && choice(data.series, series, "series"),
    );
  }

  #showRoles(): void {
    const rows = Object.entries(this.#roles).map(([name, role]) => {
      const select = el(
        "select",
        {
          "data-column": name,
          change: () => {
            this.#roles[name] = select.value as ColumnRole;
            this.#actions.change();
          },
        },
        ...ROLES.map((each) =>
          el("option", { value: each, selected: each === role }, data.roles[each])
        ),
      );
      return labeled(name, select);
    });
    fill(this.#columns, ...rows);
  }

  /** Shows the facts about a network with these settings, and what was found in the data. */
  showFacts(facts: ForecastFacts): void {
    const { parameters, window, segment, season, hidden, epochs, log, notes } = facts;
    this.#fields.season.placeholder = text.found(season);
    this.#fields.hidden.placeholder = text.usual(hidden);
    this.#fields.epochs.placeholder = text.usual(epochs);
    const about = [text.facts(parameters, window, segment), ...(log ? [text.log] : []), ...notes];
    say(this.#facts, about.join(" "));
  }

  /**
   * The current settings.
   *
   * @throws {Error} If a field is not a whole number, or too small.
   */
  get settings(): ForecastSettings {
    const numbers: Partial<Record<NumberName, number>> = {};
    for (const [name, field] of Object.entries(this.#fields) as [NumberName, HTMLInputElement][]) {
      const isNeeded = name === "horizon" || name === "holdOut" || name === "seed";
      if (field.value === "" && !isNeeded && !field.validity.badInput) continue;
      const value = Number(field.value), least = NUMBERS[name];
      const isFit = field.value !== "" && Number.isSafeInteger(value) && value >= least;
      if (!isFit) throw new Error(text.whole(text[name], least));
      numbers[name] = value;
    }
    const { horizon, holdOut, seed, ...others } = numbers;
    return {
      ...{ roles: { ...this.#roles }, calendar: this.#calendar.checked },
      ...{ horizon: horizon!, holdOut: holdOut!, seed: seed! },
      ...others,
    };
  }
}

function labeled(name: string, control: HTMLElement, isWide = false): HTMLElement {
  return el("label", { class: isWide ? "field wide" : "field" }, el("span", {}, name), control);
}
