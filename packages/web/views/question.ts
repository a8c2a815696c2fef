/**
 * The question that the network answers, its answer, and the button for the turning word.
 *
 * @module
 */
import { labelClass } from "../colors.ts";
import { el, fill, say } from "../dom.ts";
import type { FirstView } from "../first_views.ts";
import type { Look } from "../picture_protocol.ts";
import { taskOf } from "../tasks/tasks.ts";
import { percent } from "../words/numbers.ts";
import { run } from "../words/run.ts";
import { argmax, knowsSome } from "./prediction_view.ts";

const text = run.question;

/** The question and its answer. */
export class QuestionView {
  readonly root: HTMLElement;
  /** The button that removes the word, or restores it. */
  readonly turn: HTMLButtonElement;
  #view: FirstView | undefined;
  #removed: { without: string; whole: string } | undefined;
  readonly #question = el("h2");
  readonly #answer = el("output", { class: "answered", "aria-label": text.answer });

  /**
   * @param sentence Returns the current sentence.
   * @param show Shows another sentence in the picture.
   */
  constructor(readonly sentence: () => string, readonly show: (sentence: string) => void) {
    this.root = el("div", { class: "question" }, this.#question, this.#answer);
    this.turn = el("button", { type: "button", class: "turn", click: () => this.#turn() });
  }

  /** Sets the question of another network. */
  ask(question: string, view: FirstView | undefined): void {
    this.#view = view;
    this.#removed = undefined;
    say(this.#question, question);
    fill(this.#answer);
    this.update();
  }

  /** Shows the answer of a look; without one, clears it, because there is nothing to read. */
  answer(look?: Look): void {
    if (!look) return fill(this.#answer);
    const { hasChosenLabel, isWriting, isPerWord } = taskOf(look);
    const p = look.probabilities.at(-1);
    this.#answer.hidden = !p || isWriting || isPerWord || !hasChosenLabel;
    if (!p || this.#answer.hidden) return;
    if (!knowsSome(look)) {
      fill(this.#answer, el("b", { class: "none" }, text.none), el("span", {}, text.noneHelp));
      return this.update();
    }
    const best = argmax(p), label = look.labels[best];
    const [shown, share] = this.#answer.children;
    if (shown?.textContent !== label) {
      fill( // a new element, so that it fades in
        this.#answer,
        el("b", { class: labelClass(best, label) }, label),
        el("span", {}, percent(p[best])),
      );
    } else say(share, percent(p[best]));
    this.update();
  }

  /** Updates the button for the current sentence. */
  update(): void {
    const sentence = this.sentence(), { turn } = this.#view ?? {};
    const has = turn !== undefined && without(sentence, turn) !== undefined;
    const isRemoved = this.#removed?.without === sentence;
    this.turn.hidden = !has && !isRemoved;
    if (turn !== undefined) say(this.turn, isRemoved ? text.restore(turn) : text.remove(turn));
  }

  #turn(): void {
    const sentence = this.sentence();
    if (this.#removed?.without === sentence) return this.show(this.#removed.whole);
    const shorter = without(sentence, this.#view!.turn)!;
    this.#removed = { without: shorter, whole: sentence };
    this.show(shorter);
  }
}

/** Removes the first occurrence of a word; undefined if the sentence does not contain it. */
function without(sentence: string, word: string): string | undefined {
  const words = sentence.split(" "), at = words.findIndex((own) => own.toLowerCase() === word);
  return at < 0 || words.length < 2 ? undefined : words.toSpliced(at, 1).join(" ");
}
