/**
 * The page: what the worker tells is drawn, and what the visitor does is asked of the worker.
 *
 * @module
 */
import { commandOf } from "./command.ts";
import { download } from "./download.ts";
import { el, fill, freshId, say } from "./dom.ts";
import { Engine, hasGpuJs } from "./engine.ts";
import { fromHash, toHash } from "./link.ts";
import { beginning, cut, longest } from "./samples.ts";
import { liveliestUnit, turningWord } from "./telling.ts";
import type { Goal, Look, Phase, Ready } from "./protocol.ts";
import { isWriting, type Settings } from "./settings.ts";
import { presetOf } from "./sets/presets.ts";
import { Backward } from "./views/backward.ts";
import { DataDialog } from "./views/data_dialog.ts";
import { Details } from "./views/details.ts";
import { Files } from "./views/files.ts";
import { Learning } from "./views/learning.ts";
import { Notices } from "./views/notices.ts";
import { ReachView } from "./views/reach.ts";
import { ReviewView } from "./views/review.ts";
import { Setup } from "./views/setup.ts";
import { Tour } from "./views/tour.ts";
import { tourStops } from "./tour_stops.ts";
import { Transport } from "./views/transport.ts";
import { Unrolled } from "./views/unrolled.ts";
import { Writer } from "./views/writer.ts";
import { WeightsView } from "./views/weights.ts";
import { filesOf } from "./data_files.ts";
import { words } from "./words.ts";

const SAMPLES = 8; // sentences to pick from
const DRIVERS_EVERY = 900; // milliseconds, while training

const engine = new Engine();
let ready: Ready | undefined;
let look: Look | undefined;
let phase: Phase = "fresh";
let settings: Settings = fromHash(location.hash);
const pointed = { word: -1, unit: -1 }; // -1: whatever tells most
let truth = "";

const notices = new Notices();
const learning = new Learning();
const weights = new WeightsView();
const sentence = el("input", {
  id: freshId(),
  type: "text",
  maxlength: 2000,
  placeholder: words.unrolled.empty,
  autocomplete: "off",
  spellcheck: "false",
  input: () => {
    pointed.word = -1;
    if (ready?.written.length === 0) truth = "";
    askLook();
  },
});
const samples = el("div", {
  class: "samples",
  role: "group",
  "aria-label": words.unrolled.samples,
});
const ledeOfPicture = el("p", { class: "lede" });

const unrolled = new Unrolled({
  word(t) {
    pointed.word = t;
    drawDetails();
  },
  unit(unit) {
    pointed.unit = unit;
    drawDetails();
  },
});
const details = new Details({
  unit(unit) {
    pointed.unit = Math.max(0, unit);
    drawDetails();
  },
});
const backward = new Backward((chosen) => {
  truth = chosen;
  askLook();
});
const writer = new Writer({
  write: (writing) => engine.tell("write", { ...writing, prompt: sentence.value }),
  label(label) {
    truth = label;
    askLook();
  },
});
const reach = new ReachView((length) => engine.tell("reach", { words: length }));
const review = new ReviewView((text) => {
  show(text);
  unrolled.root.scrollIntoView({ block: "center" });
});
const transport = new Transport({
  go,
  pause: () => engine.tell("pause", {}),
  reset: () => prepare(settings, true),
  pace: (pace) => engine.tell("pace", { pace }),
}, "watch");
const setup = new Setup({
  change(changed, name) {
    settings = changed;
    if (name === "epochs") { // the run goes on with them
      history.replaceState(null, "", toHash(settings));
      return engine.tell("epochs", { epochs: settings.epochs });
    }
    return prepare(changed, name !== "set");
  },
  own: () => dialog.open(),
  download: saveData,
  problem: (message) => notices.problem(message),
});
const dialog = new DataDialog({
  survey: (given) => engine.ask("survey", given),
  async use(preview) {
    await engine.tell("useSurvey", {});
    await prepare({ ...preview.recommended, seed: settings.seed });
  },
});
const files = new Files({
  open: openModel,
  async save() {
    const bytes = await engine.tell("save", {});
    if (!bytes) return;
    const name = words.files.modelName;
    download(new Blob([bytes]), name);
    notices.tell(words.files.saved(name, isWriting(settings)));
  },
  link: () => ({
    text: `${location.href.replace(/#.*/, "")}${toHash(settings)}`,
    note: settings.set === "own" ? words.files.linkOwn : undefined,
  }),
  command: () => {
    const { data, from, note } = filesOf(settings, ready?.source, ready?.opened);
    return { text: commandOf(settings, data, from), note };
  },
});
const tour = new Tour(tourStops({
  settings: () => settings,
  change: (changed) => prepare({ ...settings, ...changed }),
  go,
  show,
  unrolled,
  follow: () => {
    const width = (look?.layers[0].length ?? 1) * (look?.config.hidden ?? 1);
    pointed.unit = (Math.max(0, pointed.unit) + 7) % width;
    drawDetails();
  },
  sentence: () => sentence.value,
}));

/** Makes a fresh network for these settings. */
async function prepare(wanted: Settings, keepsModel = false): Promise<void> {
  settings = wanted;
  notices.clear();
  notices.withdraw();
  await engine.turnTo(settings.backend);
  await engine.tell("prepare", { settings, keepsModel });
}

async function go(goal: Goal): Promise<void> {
  notices.clear();
  notices.withdraw();
  await engine.tell("go", { goal });
  if (goal === "step") unrolled.flowBack();
}

async function openModel(file: File): Promise<void> {
  notices.clear();
  const opened = await engine.tell("open", { file, name: file.name });
  if (opened) notices.tell(words.files.opened(file.name));
}

async function saveData(part: "train" | "test"): Promise<void> {
  const { data } = filesOf(settings, undefined, undefined);
  const names = data ?? { train: "moods.csv", test: "moods-test.csv" };
  const csv = await engine.tell("dataFile", { part });
  const name = names[part]?.replace(/.*\//, "");
  if (csv && name) download(new Blob([csv], { type: "text/csv" }), name);
}

/** Puts a sentence into the picture. */
function show(text: string): void {
  sentence.value = text;
  pointed.word = -1;
  if (ready?.written.length === 0) truth = "";
  askLook();
}

function askLook(): void {
  engine.tell("look", { text: sentence.value, truth: truth || undefined });
  if (ready && isWriting(ready.settings)) writer.write();
}

function ledeOf({ settings, config }: Ready): string {
  const { ledeTags, ledeWrite, ledeTranslate, lede } = words.unrolled;
  if (settings.task === "translate") return ledeTranslate;
  if (isWriting(settings)) return ledeWrite;
  return config.head === "token" ? ledeTags : lede;
}

/** The word and the unit that are pointed at; else those that tell most. */
function drawDetails(): void {
  if (!look) return;
  const { hidden } = look.config;
  const layer = unrolled.layer;
  const width = hidden * look.layers[layer].length;
  if (pointed.unit >= width) pointed.unit = -1;
  if (pointed.word >= look.words.length) pointed.word = -1;
  const word = pointed.word >= 0 ? pointed.word : turningWord(look);
  const unit = pointed.unit >= 0 ? pointed.unit : liveliestUnit(look, layer);
  unrolled.mark(word, unit);
  details.show(look, layer, word, unit);
  askDrivers(unit);
}

let drivenUnit = -1, drivenAt = 0;

async function askDrivers(unit: number): Promise<void> {
  const isNew = unit !== drivenUnit;
  if (!isNew && performance.now() - drivenAt < DRIVERS_EVERY) return;
  drivenUnit = unit;
  drivenAt = performance.now();
  const drivers = await engine.ask("drivers", { unit }).catch(() => undefined);
  if (drivers && drivers.unit === drivenUnit) details.showDrivers(drivers);
}

engine.on("ready", (told) => {
  const isSameData = ready?.settings.set === told.settings.set &&
    ready.samples.map(({ text }) => text).join() === told.samples.map(({ text }) => text).join();
  ready = told;
  settings = told.settings;
  history.replaceState(null, "", toHash(settings));
  setup.show(told);
  weights.setWords(told.vocabulary);
  pointed.unit = -1;
  say(ledeOfPicture, ledeOf(told));
  truth = told.written[0] ?? "";
  writer.setLabels(told.written);
  writer.root.hidden = !isWriting(told.settings);
  fill(
    samples,
    ...told.samples.slice(0, SAMPLES).map(({ text }) =>
      el("button", { type: "button", class: "chip", click: () => show(text) }, cut(text))
    ),
  );
  if (!isSameData || sentence.value === "") {
    const text = longest(told.samples.slice(0, SAMPLES).map(({ text }) => text), told.settings);
    show(isWriting(told.settings) ? beginning(text, told.settings) : text);
  } else askLook();
  if (told.counts.train > 0) reach.refresh();
});
engine.on("status", (status) => {
  phase = status.phase;
  transport.show(status, learning.rows.at(-1));
});
engine.on("epochs", (told) => learning.add(told));
engine.on("look", (told) => {
  look = told;
  unrolled.show(told);
  backward.show(told);
  drawDetails();
});
engine.on("weights", (maps) => weights.show(maps));
engine.on("written", (told) => writer.show(told));
engine.on("review", (told) => review.show(told));
engine.on("problem", ({ message }) => notices.problem(message));

function build(): void {
  const { page } = words;
  const mainId = freshId();
  document.title = page.title;
  fill(
    document.body,
    el("a", { class: "skip", href: `#${mainId}`, click: skipTo(mainId) }, page.skip),
    el(
      "header",
      { class: "masthead" },
      el("h1", {}, page.name, " ", el("span", {}, page.playground)),
      el("p", { class: "lede" }, page.lede),
      el("div", { class: "doors" }, tour.button, files.root),
    ),
    notices.root,
    transport.root,
    el(
      "main",
      { id: mainId, tabindex: -1 },
      el(
        "div",
        { class: "stage" },
        setup.root,
        el(
          "section",
          { class: "unrolled", "aria-labelledby": "unrolled" },
          el("h2", { id: "unrolled" }, words.unrolled.title),
          ledeOfPicture,
          el(
            "div",
            { class: "asking" },
            el("label", { for: sentence.id }, words.unrolled.sentence),
            sentence,
            samples,
          ),
          unrolled.root,
          writer.root,
          details.root,
        ),
        el("div", { class: "results" }, learning.root, review.root),
      ),
      el("div", { class: "below" }, backward.root, reach.root, weights.root),
    ),
    el("footer", {}, el("p", {}, page.foot)),
    tour.root,
    dialog.root,
    files.dialog,
  );
}

/** Without the address's end, which holds the settings. */
function skipTo(id: string): (event: Event) => void {
  return (event) => {
    event.preventDefault();
    document.getElementById(id)!.focus();
  };
}

/** Files may be dropped anywhere: a model opens, anything else is taken for data. */
function listenForDrops(): void {
  addEventListener("dragover", (event) => event.preventDefault());
  addEventListener("drop", (event) => {
    event.preventDefault();
    const [file] = event.dataTransfer?.files ?? [];
    if (!file) return;
    if (/\.safetensors$/i.test(file.name)) openModel(file);
    else dialog.open(file);
  });
}

addEventListener("hashchange", () => {
  const asked = fromHash(location.hash);
  if (JSON.stringify(asked) !== JSON.stringify(settings)) prepare(usable(asked));
});

/** A link cannot bring the visitor's own data along. */
function usable(asked: Settings): Settings {
  return asked.set === "own" && !ready?.source ? presetOf("moods") : asked;
}

build();
listenForDrops();
engine.tell("pace", { pace: "watch" });
const saved = await engine.ask("saved", {}).catch(() => undefined);
await prepare(usable(settings));
if (saved && phase === "fresh") {
  notices.offer(saved, async () => {
    await engine.turnTo(saved.settings.backend);
    await engine.tell("restore", {});
  }, () => engine.tell("forget", {}));
}
const backends = await engine.tell("backends", { hasGpuJs });
if (backends) setup.showBackends(backends);
document.documentElement.dataset.ready = "";
