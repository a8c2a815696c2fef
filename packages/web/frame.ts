/**
 * The frame around the content of both pages.
 *
 * @module
 */
import { el, fill, freshId } from "./dom.ts";
import { keepForOffline } from "./offline.ts";
import { drawnAround } from "./readings.ts";
import { page as text } from "./words/page.ts";

const { page: words } = text;
const PAGES = { texts: "index.html", numbers: "numbers.html" } as const;

/** What a page puts into the frame. */
export interface Frame {
  here: keyof typeof PAGES;
  title: string;
  lede: string;
  /** The buttons on the right of the header. */
  doors: (HTMLElement | undefined)[];
  /** The parts between the header and the content. */
  above: HTMLElement[];
  main: HTMLElement[];
  /** Dialogs, and parts that float above the page. */
  after: HTMLElement[];
}

/** Lays out the whole page. */
export function layFrame({ here, title, lede, doors, above, main, after }: Frame): void {
  const mainId = freshId();
  document.title = title;
  const links = Object.entries(PAGES).map(([name, href]) =>
    el(
      "a",
      { href, "aria-current": name === here && "page" },
      words.pages[name as keyof typeof PAGES],
    )
  );
  fill(
    document.body,
    el("a", { class: "skip", href: `#${mainId}`, click: skipTo(mainId) }, words.skip),
    el(
      "header",
      { class: "masthead" },
      el("h1", {}, words.name, " ", el("span", {}, words.playground)),
      el("nav", { class: "pages", "aria-label": words.pages.label }, ...links),
      el("p", { class: "lede" }, lede),
      doors.length > 0 && el("div", { class: "doors" }, ...doors),
    ),
    ...above,
    el("main", { id: mainId, tabindex: -1 }, ...main),
    el("footer", {}, el("p", {}, words.foot)),
    ...after,
  );
  keepForOffline();
  for (const event of POINTING) document.body.addEventListener(event, readNumbers);
}

const POINTING = ["pointermove", "pointerdown", "focusin"]; // the events that can ask for a number

/** Loads the tooltip when the visitor first points at a drawn number. */
async function readNumbers({ target }: Event): Promise<void> {
  if (!drawnAround(target as Element)) return;
  for (const event of POINTING) document.body.removeEventListener(event, readNumbers);
  const { readDrawnNumbers } = await import("./views/tooltip.ts");
  readDrawnNumbers(target as Element);
}

/** Scrolls to an element without changing the address's hash, which holds the settings. */
function skipTo(id: string): (event: Event) => void {
  return (event) => {
    event.preventDefault();
    document.getElementById(id)!.focus();
  };
}
