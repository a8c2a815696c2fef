/**
 * The sections about a network's memory, whose views are loaded when they are first seen.
 *
 * @module
 */
import { el, say } from "../dom.ts";
import type { Engine } from "../engine.ts";
import { later, whenSeen } from "../later.ts";
import type { Look } from "../picture_protocol.ts";
import { taskOf } from "../tasks/tasks.ts";
import { memory } from "../words/memory.ts";
import type { MemoryView } from "./memory.ts";
import type { FollowedUnit, UnitSentencesView } from "./unit_sentences.ts";

/** The sections. */
export class MemoryPlaces {
  /** How far each word reaches. */
  readonly reach: HTMLElement;
  /** The sentences that light up a unit. */
  readonly sentences = el("section", { class: "unit-sentences" });
  #memory: MemoryView | undefined;
  #sentences: UnitSentencesView | undefined;
  #look: Look | undefined;
  #followed: FollowedUnit | undefined;
  #isOfWords = true; // false for symbols
  #isReachSeen = false;
  #areSentencesSeen = false;

  /** @param show Shows a sentence in the picture. */
  constructor(readonly engine: Engine, readonly show: (text: string) => void) {
    const tables = el("div"), { reach, units } = memory;
    const title = el("h2", { id: "memory" }), lede = el("p", { class: "lede" });
    engine.on("ready", ({ settings }) => {
      const isOfWords = taskOf(settings).unit(settings) === "words";
      const unit = isOfWords ? units.word : units.symbol;
      say(title, reach.title(unit));
      say(lede, reach.lede(unit));
      this.#isOfWords = isOfWords;
      this.#sentences?.setUnit(isOfWords);
    });
    this.reach = el(
      "section",
      { class: "memory", "aria-labelledby": "memory" },
      title,
      lede,
      tables,
    );
    whenSeen(tables, async (isSeen) => {
      this.#isReachSeen = isSeen;
      if (!isSeen) return;
      const { MemoryView } = await later.views();
      if (!this.#memory) {
        this.#memory = new MemoryView((asked) => engine.ask("memory", asked));
        tables.append(this.#memory.root);
      }
      this.update();
    });
    whenSeen(this.sentences, async (isSeen) => {
      this.#areSentencesSeen = isSeen;
      if (!isSeen) return;
      const { UnitSentencesView } = await later.views();
      if (!this.#sentences) {
        const find = (followed: FollowedUnit) => engine.ask("unitSentences", followed);
        this.#sentences = new UnitSentencesView({ find, show });
        this.#sentences.setUnit(this.#isOfWords);
        this.sentences.append(this.#sentences.root);
      }
      this.update();
    });
  }

  /** Follows the text in the picture, and a unit. */
  follow(look: Look, followed: FollowedUnit): void {
    this.#look = look;
    this.#followed = followed;
    this.update();
  }

  /** Updates the sections that are on the screen. */
  update(): void {
    const look = this.#look, followed = this.#followed;
    if (!look || !followed) return;
    const { text, actual } = look;
    if (this.#isReachSeen) this.#memory?.follow({ text, actual, layer: followed.layer });
    if (this.#areSentencesSeen) this.#sentences?.follow(followed);
  }
}
