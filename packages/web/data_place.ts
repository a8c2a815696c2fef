/**
 * The entry for the visitor's own data, whose dialog is loaded when it is first opened.
 *
 * @module
 */
import { el } from "./dom.ts";
import { droppedFiles } from "./dropped_files.ts";
import type { Engine } from "./engine.ts";
import { later } from "./later.ts";
import type { Links } from "./links.ts";
import type { RunControl } from "./run_control.ts";
import type { Settings } from "./settings.ts";
import type { DataDialog } from "./views/data_dialog.ts";
import type { Notices } from "./views/notices.ts";
import { words } from "./words.ts";

const NOTICEABLE = 400; // milliseconds: a shorter wait needs no notice, which moves the page

/** The parts of the page that use the data. */
export interface DataPlaces {
  engine: Engine;
  run: RunControl;
  notices: Notices;
  links(): Links;
  settings(): Settings;
}

/** The entry for the visitor's own data. */
export class DataPlace {
  readonly root = el("div");
  #dialog: Promise<DataDialog> | undefined;

  constructor(readonly places: DataPlaces) {
    places.engine.on("reading", async (received) => (await this.#dialog)?.showProgress(received));
  }

  /** Opens the dialog. */
  async open(): Promise<void> {
    (await this.#load()).open();
  }

  /** Opens the dialog with dropped files. */
  async drop(dropped: DataTransfer): Promise<void> {
    const files = droppedFiles(dropped); // read at once: after this event the list is empty
    await (await this.#load()).take(files);
  }

  #load(): Promise<DataDialog> {
    return this.#dialog ??= this.#create();
  }

  async #create(): Promise<DataDialog> {
    const { DataDialog } = await later.pressed();
    const { engine, run, notices, links, settings } = this.places;
    const dialog = new DataDialog({
      inspect: (request) => engine.ask("inspectFiles", request),
      stop: () => engine.send("stopReading", {}),
      async use(recommended) {
        if (!await run.mayDiscard()) return;
        await engine.send("useData", {});
        const preparing = run.prepare(links().take({ ...recommended, seed: settings().seed }));
        const inform = () => notices.inform(words.files.preparing);
        const waiting = setTimeout(inform, NOTICEABLE); // many texts take a while
        await preparing.finally(() => clearTimeout(waiting));
        notices.inform();
      },
      async openNumbers(file) {
        await engine.send("handOverFile", file);
        location.href = "numbers.html";
      },
    });
    this.root.append(dialog.root);
    return dialog;
  }
}
