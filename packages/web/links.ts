/**
 * Links into and out of the page: its address, the link to copy, and opening a link.
 *
 * @module
 */
import { embed, embedCode } from "./embed.ts";
import type { Engine } from "./engine.ts";
import { fromHash, type LinkParts, partsOfHash, toHash, type View } from "./link.ts";
import type { Ready } from "./run_protocol.ts";
import type { RunControl } from "./run_control.ts";
import type { Settings } from "./settings.ts";
import { presetOf } from "./sets/presets.ts";
import { taskNamed, withTask } from "./tasks/tasks.ts";
import type { Copied } from "./views/copy_dialog.ts";
import type { Messages } from "./views/messages.ts";
import { link as words } from "./words/link.ts";

const MOST = 8000; // characters of data: mail programs and chats still accept such a link

/** The parts of the page that links need. */
export interface LinkPlaces {
  engine: Engine;
  run: RunControl;
  notices: Messages;
  network: { view: View };
  ready(): Ready | undefined;
  settings(): Settings;
  sentence(): Pick<View, "text" | "label">;
  /** Shows a text in the picture; undefined leaves the current one. */
  show(text: string | undefined, label: string | undefined): void;
  /** Lets the visitor choose data. */
  chooseData(): void;
}

/** What a link asks for. */
interface Asked {
  /** The settings to start with; those of the first network if the data is missing. */
  settings: Settings;
  view: View;
  /** A message about something that is missing. */
  problem?: string;
  /** Whether the visitor can supply the missing data. */
  isMissing?: boolean;
}

/** The links. */
export class Links {
  #data: string | undefined; // of the link, as long as that data is in use
  #pending: { settings: Settings; hash: string } | undefined; // the link whose data is missing

  constructor(readonly places: LinkPlaces) {}

  /** Returns the hash of the page's own address. */
  address(settings: Settings): string {
    if (this.#pending && isFirst(settings)) return this.#pending.hash;
    const data = settings.set === "own" ? this.#data : undefined;
    return toHash(settings, { data, embed });
  }

  /** Returns the link to copy, with a note. */
  async copy(): Promise<Copied> {
    const { engine, ready, settings } = this.places;
    const isOwn = settings().set === "own", { opened, counts } = ready() ?? {};
    const packed = isOwn && counts?.train ? await engine.send("packData", {}) : undefined;
    const data = packed !== undefined && packed.length <= MOST ? packed : undefined;
    const note = opened !== undefined
      ? words.noModel(opened)
      : data !== undefined
      ? words.hasData(data.length)
      : isOwn
      ? words.tooMuchData(MOST)
      : words.has;
    const address = (parts: LinkParts) => this.#whole({ data, ...parts });
    const code = embedCode((embed) => address({ embed }));
    return {
      text: address({}),
      note,
      more: { name: words.embed.name, back: words.embed.link, text: code },
    };
  }

  /** Returns the address of the full page as it is now. */
  whole(): string {
    return this.#whole({ data: this.#data });
  }

  /** Opens what the address asks for; returns whether all of it was available. */
  async open(): Promise<boolean> {
    const { run, ready } = this.places, asked = await this.#read();
    await run.start(asked.settings);
    if (!ready()) await run.start(presetOf("")); // the link's data cannot be learned
    this.#arrive(asked);
    return asked.problem === undefined;
  }

  /** Switches to what the address asks for now. */
  async follow(): Promise<void> {
    const { run, settings } = this.places, { hash } = location;
    if (hash === this.address(settings())) return;
    const { data, view = {} } = partsOfHash(hash);
    if (data === this.#data && JSON.stringify(fromHash(hash)) === JSON.stringify(settings())) {
      return this.#arrive({ settings: settings(), view });
    }
    if (!await run.mayDiscard()) {
      return history.replaceState(null, "", this.address(settings()));
    }
    const asked = await this.#read();
    if (!asked.isMissing) await run.prepare(asked.settings);
    this.#arrive(asked);
  }

  /** Shows what a link shows, and reports what is missing. */
  #arrive({ view, problem, isMissing }: Asked): void {
    const { show, network, notices, chooseData } = this.places;
    if (Object.values(view).some((part) => part !== undefined)) {
      network.view = view;
      show(view.text, view.label);
    }
    if (problem === undefined) return;
    if (!isMissing) return notices.inform(problem);
    notices.ask(problem, [
      { name: words.choose, act: chooseData, isFirst: true },
      { name: words.leave, act: () => {} },
    ]);
  }

  /** Reads what the address asks for; passes the data of a link to the worker. */
  async #read(): Promise<Asked> {
    const { hash } = location, settings = fromHash(hash);
    const { view = {}, data, unknownSet } = partsOfHash(hash);
    this.#pending = undefined;
    if (unknownSet !== undefined) return { settings, view, problem: words.unknownSet(unknownSet) };
    if (settings.set !== "own") return { settings, view };
    const { source, settings: current } = this.places.ready() ?? {};
    if (data === undefined && source && current) {
      return { settings: withTaskOf(settings, current), view };
    }
    const missing = { settings: presetOf(""), view: {}, isMissing: true };
    this.#pending = { settings, hash };
    if (data === undefined) return { ...missing, problem: words.missing };
    try {
      const { task } = await this.places.engine.ask("takeData", { packed: data });
      this.#data = data;
      this.#pending = undefined;
      return { settings: withTaskOf(settings, { task }), view };
    } catch {
      return { ...missing, problem: words.damaged };
    }
  }

  /** Returns the settings for data that the visitor chose: those of the link that lacked it. */
  take(recommended: Settings): Settings {
    const wanted = this.#pending?.settings;
    this.#pending = this.#data = undefined;
    if (!wanted) return recommended;
    const settings = withTaskOf(wanted, recommended);
    return settings.task === recommended.task ? settings : recommended;
  }

  #whole(parts: LinkParts): string {
    const { settings, sentence, network } = this.places;
    const view = { ...sentence(), ...network.view };
    return location.href.replace(/#.*/, "") + toHash(settings(), { view, ...parts });
  }
}

function isFirst(settings: Settings): boolean {
  return JSON.stringify(settings) === JSON.stringify(presetOf(""));
}

/** Returns settings with the task of their data. */
function withTaskOf(settings: Settings, { task }: Pick<Settings, "task">): Settings {
  return withTask({ ...settings, task: taskNamed(task).name });
}
