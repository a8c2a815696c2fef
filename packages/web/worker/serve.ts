/**
 * The worker's side of the protocol.
 *
 * @module
 */
import type {
  DataPreview,
  Events,
  FromWorker,
  Look,
  Requests,
  ToWorker,
  WeightMaps,
} from "../protocol.ts";
import { numbersOf, numbersOfMaps } from "../protocol.ts";
import { probeBackends } from "./backends.ts";
import { toCsv } from "./csv.ts";
import { Loop } from "./loop.ts";
import { Session } from "./session.ts";
import { forgetRun } from "./store.ts";
import { type Found, inspectFile, previewOf } from "./data_preview.ts";

interface Port {
  postMessage(message: FromWorker, transfer?: Transferable[]): void;
  onmessage: ((event: MessageEvent<ToWorker>) => void) | null;
}

type Answers = { [K in keyof Requests]: (given: Requests[K][0]) => Promise<Requests[K][1]> };

/** Answers the page, and trains. With the module gpu.js, its backends are there too. */
export function serve(gpujs?: unknown): void {
  const port = globalThis as unknown as Port;
  const report = <K extends keyof Events>(event: K, data: Events[K]) => {
    const transfer = event === "look"
      ? numbersOf(data as Look)
      : event === "weights"
      ? numbersOfMaps(data as WeightMaps)
      : [];
    port.postMessage({ event, data } as FromWorker, transfer);
  };
  const session = new Session(report, gpujs);
  const loop = new Loop(() => session.turn());
  let looked: { name: string; found: Found } | undefined;

  const answers: Answers = {
    backends: ({ hasGpuJs }) => probeBackends(hasGpuJs),
    prepare: async ({ settings, keepsModel }) => {
      await session.prepare(settings, keepsModel);
      await session.refresh();
    },
    async go({ goal }) {
      session.go(goal);
      await session.refresh(false);
    },
    async epochs({ epochs }) {
      session.changeEpochs(epochs);
      await session.refresh(false);
    },
    pause: () => Promise.resolve(session.pause()),
    pace: ({ pace }) => Promise.resolve(session.pace(pace)),
    look: (given) => session.look(given),
    write: (given) => session.write(given),
    drivers: ({ unit }) => session.drivers(unit),
    reach: ({ words }) => session.reach(words),
    async inspectFile(given) {
      const found = await inspectFile(given);
      looked = { name: given.name, found };
      const preview = previewOf(given, found);
      const recommended = session.recommended(preview.task, found.examples);
      return { ...preview, recommended } satisfies DataPreview;
    },
    useData() {
      const { name, found } = looked!;
      const { examples, isWhole, textColumn: text, labelColumn: label } = found;
      const columns = isWhole ? undefined : { text, label };
      session.own = { train: examples, test: [], name, columns };
      return Promise.resolve();
    },
    save: () => Promise.resolve(session.save()),
    async open({ file, name }) {
      const ready = await session.open(file, name);
      await session.refresh();
      return ready;
    },
    dataFile: ({ part }) => Promise.resolve(toCsv(session.examples(part), session.columns)),
    saved: () => session.saved(),
    async restore() {
      await session.restore();
      await session.refresh();
    },
    forget: () => forgetRun(),
    handOver: () => Promise.resolve(session.handOver()),
    takeOver: ({ data }) => Promise.resolve(session.takeOver(data)),
  };

  port.onmessage = ({ data: { id, ask, given } }) => {
    loop.add(async () => {
      try {
        // The table has the same keys as the requests.
        const answer = await (answers[ask] as (given: unknown) => Promise<unknown>)(given);
        port.postMessage({ id, answer });
      } catch (error) {
        port.postMessage({ id, error: error instanceof Error ? error.message : String(error) });
      }
    });
  };
}
