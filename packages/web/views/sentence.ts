/**
 * The field with the sentence that is in the picture, and some of the data to pick from.
 *
 * @module
 */
import type { Example } from "@unroll/core/texts";
import { el, fill, freshId } from "../dom.ts";
import { cut, LONGEST_SENTENCE } from "../samples.ts";
import { words } from "../words.ts";
import type { Messages } from "./messages.ts";

const SAMPLES = 8; // sentences to pick from

/** What the field needs of the page. */
export interface SentencePlaces {
  notices: Messages;
  /** The visitor has typed. */
  typed(): void;
  /** Puts another sentence into the picture. */
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

  /** Offers some of the data; gives the sentences. */
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

/** Says where a text that is pasted is longer than the field of the sentence. */
function sayIfCut(pasted: DataTransfer | null, notices: Messages): void {
  const { length } = pasted?.getData("text") ?? "";
  if (length > LONGEST_SENTENCE) notices.inform(words.files.tooLong(length, LONGEST_SENTENCE));
}
