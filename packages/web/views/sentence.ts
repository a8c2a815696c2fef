/**
 * The field with the sentence in the picture, and some sentences of the data to pick from.
 *
 * @module
 */
import type { Example } from "@unroll/core/texts";
import { el, fill, freshId } from "../dom.ts";
import { cut, LONGEST_SENTENCE } from "../samples.ts";
import { words } from "../words.ts";
import type { Messages } from "./messages.ts";

const SAMPLES = 8; // sentences to pick from

/** The parts of the page that the field needs. */
export interface SentencePlaces {
  notices: Messages;
  /** The visitor has typed. */
  typed(): void;
  /** Shows another sentence in the picture. */
  show(text: string): void;
}

/** The field. */
export class SentenceField {
  readonly field: HTMLInputElement;
  readonly samples = el("div", {
    class: "samples",
    role: "group",
    "aria-label": words.unrolled.samples,
  });

  constructor(readonly places: SentencePlaces) {
    this.field = el("input", {
      id: freshId(),
      type: "text",
      maxlength: LONGEST_SENTENCE,
      paste: (event) => sayIfCut((event as ClipboardEvent).clipboardData, places.notices),
      placeholder: words.unrolled.empty,
      autocomplete: "off",
      spellcheck: "false",
      input: () => places.typed(),
    });
  }

  /** The sentence. */
  get text(): string {
    return this.field.value;
  }

  set text(text: string) {
    this.field.value = text;
  }

  /** Offers some examples of the data; returns their texts. */
  offer(examples: readonly Example[]): string[] {
    const texts = examples.slice(0, SAMPLES).map(({ text }) => text);
    const chip = (text: string) =>
      el(
        "button",
        { type: "button", class: "chip", click: () => this.places.show(text) },
        cut(text),
      );
    fill(this.samples, ...texts.map(chip));
    return texts;
  }
}

/** Reports when a pasted text is longer than the sentence field allows. */
function sayIfCut(pasted: DataTransfer | null, notices: Messages): void {
  const { length } = pasted?.getData("text") ?? "";
  if (length > LONGEST_SENTENCE) notices.inform(words.files.tooLong(length, LONGEST_SENTENCE));
}
