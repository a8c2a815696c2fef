/**
 * The page: draws what the worker reports, and sends the worker what the visitor does.
 *
 * @module
 */
import { commandOf } from "./command.ts";
import { DataPlace } from "./data_place.ts";
import { download } from "./download.ts";
import { el, say } from "./dom.ts";
import { Engine, hasGpuJs } from "./engine.ts";
import { embed, layEmbedded } from "./embed.ts";
import { Links } from "./links.ts";
import { beginning, longest } from "./samples.ts";
import type { Ready } from "./run_protocol.ts";
import { later } from "./later.ts";
import { layOut } from "./page_layout.ts";
import type { Settings } from "./settings.ts";
import { presetOf } from "./sets/presets.ts";
import { taskOf } from "./tasks/tasks.ts";
import { Backward } from "./views/backward.ts";
import { Files } from "./views/files.ts";
import { FIRST_VIEWS } from "./first_views.ts";
import { Keeping } from "./views/keep.ts";
import { Learning } from "./views/learning.ts";
import { MemoryPlaces } from "./views/memory_places.ts";
import { Notices } from "./views/notices.ts";
import { ReachView } from "./views/reach.ts";
import { QuestionView } from "./views/question.ts";
import { RunControl } from "./run_control.ts";
import { EvaluationView } from "./views/evaluation.ts";
import { SentenceField } from "./views/sentence.ts";
import { Setup } from "./views/setup.ts";
import { Toolbox } from "./toolbox.ts";
import { tourStart } from "./views/tour_start.ts";
import { NetworkView } from "./views/network_view.ts";
import { Writer } from "./views/writer.ts";
import { WeightsView } from "./views/weights.ts";
import { filesOf } from "./data_files.ts";
import { words } from "./words.ts";

const engine = new Engine();
let ready: Ready | undefined;
let settings: Settings = presetOf("");
let actual = ""; // the label that the visitor chose

const notices = new Notices();
const learning = new Learning();
const weights = new WeightsView();
const sentence = new SentenceField({
  notices,
  show,
  typed() {
    network.forgetWord();
    if (ready?.written.length === 0) actual = "";
    question.update();
    askLook();
  },
});
const question = new QuestionView(() => sentence.text, show);
const lede = el("p", { class: "lede" });

const memory = new MemoryPlaces(engine, show);
const network = new NetworkView(
  memory,
  (unit) => engine.ask("drivers", { unit }).catch(() => undefined),
);
const { unrolled } = network;
const backward = new Backward((chosen) => {
  actual = chosen;
  askLook();
});
const writer = new Writer({
  write: (writing) => engine.send("write", { ...writing, prompt: sentence.text }),
  label(label) {
    actual = label;
    askLook();
  },
});
const reach = new ReachView((length) => engine.send("reach", { words: length }));
const tools = new Toolbox(engine, notices);
const evaluation = new EvaluationView((text) => {
  show(text);
  unrolled.root.scrollIntoView({ block: "center" });
}, [tools.baseline.root, tools.use.link]);
const run = new RunControl({
  engine,
  notices,
  unrolled,
  settings: () => settings,
  settle(settled, isThere) {
    settings = settled;
    if (!isThere) return;
    if (ready) setup.show({ ...ready, settings });
    history.replaceState(null, "", links.address(settings));
  },
  rows: () => learning.rows,
  sentence: () => sentence.text,
  write(text, label) {
    sentence.text = text;
    actual = label ?? "";
    network.forgetWord();
    question.update();
  },
}, "watch");
const changed = () => memory.update();
const keeping = new Keeping({ engine, run, learning, unrolled, changed });
const setup = new Setup({
  change: (changed, name) => run.change(changed, name),
  own: () => dialog.open(),
  download: saveData,
  closeModel: () => run.closeModel(),
});
const dialog = new DataPlace({
  ...{ engine, run, notices },
  links: () => links,
  settings: () => settings,
});
const files = new Files({
  open: openModel,
  async save() {
    const bytes = await engine.send("save", {});
    if (!bytes) return;
    const name = words.files.modelName;
    download(new Blob([bytes]), name);
    notices.inform(words.files.saved(name, taskOf(settings).isWriting));
  },
  link: () => links.copy(),
  command: () => {
    const { data, from, note } = filesOf(settings, ready?.source, ready?.opened);
    const notes = [note, run.note].filter(Boolean).join(" ") || undefined;
    return { text: commandOf(settings, data, from), note: notes };
  },
});
const links = new Links({
  engine,
  run,
  notices,
  network,
  ready: () => ready,
  settings: () => settings,
  sentence: () => ({ text: sentence.text, label: actual || undefined }),
  show(text, label) {
    show(text ?? sentence.text);
    if (label === undefined) return;
    actual = label;
    askLook();
  },
  chooseData: () => dialog.open(),
});
const tour = tourStart({
  engine,
  run,
  network,
  notices,
  settings: () => settings,
  ready: () => ready,
  rows: () => learning.rows,
  asked: () => [sentence.text, actual],
  show,
});

async function openModel(file: File): Promise<void> {
  notices.clear();
  if (!await run.mayDiscard()) return;
  run.walk.stop();
  const opened = await engine.send("open", { file, name: file.name });
  if (opened) notices.inform(words.files.opened(file.name));
}

async function saveData(part: "train" | "test"): Promise<void> {
  const { data } = filesOf(settings, ready?.source, undefined);
  const { train: [train], test } = data ?? { train: ["moods.csv"], test: "moods-test.csv" };
  const csv = await engine.send("dataFile", { part });
  const name = (part === "train" ? train : test)?.replace(/.*\//, "");
  if (csv && name) download(new Blob([csv], { type: "text/csv" }), name);
}

/** Shows a sentence in the picture, with the label that its gradient is for. */
async function show(text: string, label?: string): Promise<void> {
  sentence.text = text;
  network.forgetWord();
  if (label !== undefined || ready?.written.length === 0) actual = label ?? "";
  question.update();
  await askLook();
}

async function askLook(): Promise<void> {
  if (ready && taskOf(ready.settings).isWriting) writer.write();
  await engine.send("look", { text: sentence.text, actual: actual || undefined });
}

engine.on("ready", (received) => {
  const isSameData = ready?.settings.set === received.settings.set &&
    ready.samples.map(({ text }) => text).join() ===
      received.samples.map(({ text }) => text).join();
  ready = received;
  const { isWriting } = taskOf(received.settings);
  settings = received.settings;
  history.replaceState(null, "", links.address(settings));
  setup.show(received);
  weights.setWords(received.vocabulary);
  network.forgetUnit();
  const { questions } = words;
  const task = taskOf(received.settings), first = FIRST_VIEWS[received.settings.set];
  question.ask(questions.ofSets[settings.set] ?? task.question(received.labels), first);
  say(lede, task.lede);
  reach.forget();
  actual = received.written[0] ?? "";
  writer.setLabels(received.written);
  writer.root.hidden = !isWriting;
  const samples = sentence.offer(received.samples);
  if (!isSameData || sentence.text === "") {
    const text = first?.sentence ?? longest(samples, received.settings);
    show(isWriting ? beginning(text, received.settings) : text);
  } else askLook();
});
engine.on("status", (status) => {
  if (ready && ready.counts.train > 0) reach.follow(status);
});
engine.on("epochs", (received) => learning.add(received));
engine.on("look", (received) => {
  network.show(received);
  question.answer(received);
  backward.show(received);
});
engine.on("unreadable", () => unrolled.setEmpty(question));
engine.on("weights", (maps) => weights.show(maps));
engine.on("written", (received) => writer.show(received));
engine.on("evaluation", (received) => evaluation.show(received));
engine.on("problem", ({ message }) => notices.problem(message));

/** Accepts dropped files anywhere: a model is opened, anything else is read as data. */
function listenForDrops(): void {
  addEventListener("dragover", (event) => event.preventDefault());
  addEventListener("drop", (event) => {
    event.preventDefault();
    const [file] = event.dataTransfer?.files ?? [];
    if (file && /\.safetensors$/i.test(file.name)) openModel(file);
    else if (event.dataTransfer?.types.includes("Files")) dialog.drop(event.dataTransfer);
  });
}

addEventListener("hashchange", () => links.follow());

layOut({
  tour,
  files,
  dialog: dialog.root,
  notices: notices.root,
  transport: run.transport.root,
  asking: run.dialog.root,
  question: question.root,
  turn: question.turn,
  walk: run.walk.root,
  setup: setup.root,
  lede,
  sentence: sentence.field,
  samples: sentence.samples,
  compared: keeping,
  unrolled: unrolled.root,
  numbers: network.numbers,
  writer: writer.root,
  details: network.details.root,
  learning: learning.root,
  evaluation: evaluation.root,
  use: tools.use.root,
  backward,
  reach: reach.root,
  memory: memory.reach,
  weights: weights.root,
});
layEmbedded(() => links.whole());
listenForDrops();
engine.send("pace", { pace: "watch" });
const isAllThere = await links.open();
const [saved, backends] = await Promise.all([
  engine.ask("saved", {}).catch(() => undefined),
  engine.send("backends", { hasGpuJs }),
]);
const isOwnRun = saved?.settings.set === "own"; // it may be the run that a link lacks
if (saved && run.isUntouched && !embed && (isAllThere || isOwnRun)) {
  notices.offer(saved, async () => {
    await engine.turnTo(saved.settings.backend);
    await engine.send("restore", {});
  }, () => engine.send("forget", {}));
}
if (backends) setup.showBackends(backends);
document.documentElement.dataset.ready = "";
later.views().then(({ inspect }) => inspect({ engine, network, place: network.numbers }));
