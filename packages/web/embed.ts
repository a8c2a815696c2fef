/**
 * The page embedded in an article: `#embed`, and the parts to hide, `&hide=settings,learning`.
 *
 * @module
 */
import { el } from "./dom.ts";
import { partsOfHash } from "./link.ts";
import { link as words } from "./words/link.ts";

/** The parts that can be hidden; `styles/embed.css` defines them. */
export const PARTS = [
  "settings",
  "bar",
  "question",
  "samples",
  "equations",
  "details",
  "learning",
  "evaluation",
  "gradients",
  "reach",
  "weights",
] as const;

/** The parts that the code to embed hides, so that what remains is a figure. */
const HIDDEN = ["settings", "details", "evaluation", "gradients", "reach", "weights"];

const asked = partsOfHash(location.hash).embed;

/** The parts that this page hides in a frame; undefined if the page is not embedded. */
export const embed: readonly string[] | undefined = asked?.filter((part) =>
  (PARTS as readonly string[]).includes(part)
);

/** Lays the page out for a frame, if it is embedded; `whole` returns the full page's address. */
export function layEmbedded(whole: () => string): void {
  if (!embed) return;
  const { classList } = document.documentElement;
  classList.add("embed", ...embed.map((part) => `without-${part}`));
  if (embed.includes("learning") && embed.includes("evaluation")) classList.add("without-results");
  const mark = el("a", {
    href: whole(),
    target: "_blank",
    rel: "noopener",
    click: () => mark.href = whole(), // the address as it is now
  }, words.embed.open);
  document.body.append(el("p", { class: "embed-mark" }, mark));
}

/** Returns the markup for an article. */
export function embedCode(address: (embed: readonly string[]) => string): string {
  const src = address(HIDDEN).replaceAll("&", "&amp;").replaceAll('"', "&quot;");
  return `<iframe src="${src}" title="${words.embed.title}" width="100%" height="760" ` +
    'loading="lazy"></iframe>';
}
