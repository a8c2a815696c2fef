/**
 * The worker's side of the protocol.
 *
 * @module
 */
import type { Answers } from "../messages.ts";
import type { AllRequests } from "../comparison.ts";
import type { Look, WeightMaps } from "../picture_protocol.ts";
import type { Events } from "../protocol.ts";
import { numbersOf, numbersOfMaps } from "../picture_protocol.ts";
import type { ShippedFile } from "../shipped_file.ts";
import { type CreateGpu, probeBackends } from "./backends.ts";
import { Loop } from "./loop.ts";
import type { Kept, KeptRuns } from "./kept_runs.ts";
import { openPort } from "./port.ts";
import { Session } from "./session.ts";
import { findRun, forgetRun, handOverFile } from "./store.ts";
import type { Found } from "./data_preview.ts";
import type { UnitSearch } from "./unit_sentences.ts";

const LARGE = 2 ** 23; // bytes: for files from this size on, the page shows the reading progress

/** The parts that differ between workers. */
export interface Served {
  /** Creates gpu.js backends. */
  createGpu?: CreateGpu;
  /** The trained network shipped with the page. */
  shipped?: ShippedFile;
  /** Loads the reader of the user's data, a separate script, so that the page opens without it. */
  ownData(): Promise<typeof import("./data_preview.ts")>;
}

/** Answers the page's requests, and trains. */
export function serve({ createGpu, shipped, ownData }: Served): void {
  const port = openPort<AllRequests, Events>();
  const report = <K extends keyof Events>(event: K, data: Events[K]) => {
    const transfer = event === "look"
      ? numbersOf(data as Look)
      : event === "weights"
      ? numbersOfMaps(data as WeightMaps)
      : [];
    port.report(event, data, transfer);
  };
  const session = new Session(report, createGpu, shipped);
  let kept: KeptRuns | undefined;
  const keptRuns = async () => {
    const { KeptRuns } = await import("./later.ts");
    return kept ??= new KeptRuns(() => session.training);
  };
  let units: UnitSearch | undefined;
  const loop = new Loop(() => session.turn());
  let looked: Found | undefined, stop = new AbortController();

  const answers: Answers<AllRequests> = {
    backends: ({ hasGpuJs }) => probeBackends(hasGpuJs),
    prepare: async ({ settings, keepsModel }) => {
      await session.prepare(settings, keepsModel);
      await session.refresh();
    },
    async go({ goal }) {
      session.go(goal);
      await session.refresh(false);
    },
    async change({ settings }) {
      session.change(settings);
      await session.refresh(false);
    },
    async openShipped({ settings }) {
      const isShipped = await session.openShipped(settings);
      if (isShipped) await session.refresh();
      return isShipped;
    },
    async undo() {
      await session.undo();
      await session.refresh();
    },
    setAside: () => session.setAside(),
    async bringBack() {
      await session.bringBack();
      await session.refresh();
    },
    nextStep: () => Promise.resolve(session.nextStep()),
    step: () => session.step(),
    pause: () => Promise.resolve(session.pause()),
    pace: ({ pace }) => Promise.resolve(session.pace(pace)),
    look: (given) => session.look(given),
    keep: async () => (await keptRuns()).keep(),
    dropKept: () => Promise.resolve(kept?.drop()),
    lookAtKept: async (given) => await kept?.look(given),
    memory: async (given) => await (await keptRuns()).memory(given),
    async unitSentences(given) {
      const { UnitSearch } = await import("./later.ts");
      return await (units ??= new UnitSearch(() => session.training)).find(given);
    },
    write: (given) => session.write(given),
    drivers: ({ unit }) => session.reporter.drivers(unit),
    unit: (given) => session.reporter.unit(given),
    why: ({ text }) => session.reporter.why(text),
    reach: ({ words }) => session.reporter.reach(words),
    async inspectFiles(given) {
      const { signal } = stop = new AbortController();
      const size = given.files.reduce((sum, { source }) => sum + source.size, 0);
      looked = undefined;
      const { inspectFiles, recommendedFor } = await ownData();
      const found = looked = await inspectFiles(given, (progress) => {
        signal.throwIfAborted();
        if (size >= LARGE) report("reading", progress);
      });
      const { preview, examples } = found;
      if (preview.error !== undefined || examples.length === 0) return preview;
      const { backend } = session.settings;
      return { ...preview, recommended: { ...recommendedFor(preview.task, examples), backend } };
    },
    stopReading: () => Promise.resolve(stop.abort()),
    useData() {
      const { examples, source } = looked!;
      session.own = { train: examples, test: [], ...source };
      return Promise.resolve();
    },
    async packData() {
      const { own, settings: { task } } = session;
      const { packData } = await import("./later.ts");
      return own && await packData({ task, own });
    },
    async takeData({ packed }) {
      const { unpackData } = await import("./later.ts");
      const { own, task } = await unpackData(packed);
      session.own = own;
      return { task };
    },
    exportRun: () => session.exported(),
    save: () => Promise.resolve(session.save()),
    async open({ file, name }) {
      const ready = await session.open(file, name);
      await session.refresh();
      return ready;
    },
    dataFile: ({ part }) => session.dataFile(part),
    saved: () => session.saved(),
    async restore() {
      await session.restore();
      await session.refresh();
    },
    handOverFile,
    async forget() {
      const found = await findRun();
      if (found) await forgetRun(found.key);
    },
    handOver: async () => ({ session: await session.handOver(), kept: kept?.kept }),
    async takeOver({ data }) {
      const handed = data as { session: unknown; kept?: Kept };
      if (handed.kept) (await keptRuns()).kept = handed.kept;
      session.takeOver(handed.session);
    },
  };

  port.listen(answers, (job, ask) => {
    if (ask === "stopReading" || ask === "saved") job(); // does not wait for other jobs
    else loop.add(job);
  });
}
