/**
 * The parts of the page that the first view does not need, each loaded on first use.
 *
 * @module
 */

/** The parts: what loads once the page is there, and what a button loads. */
export const later = {
  views: () => import("./views/later_views.ts"),
  pressed: () => import("./views/pressed.ts"),
};

/** Calls `seen` with whether an element is near the screen, now and whenever that changes. */
export function whenSeen(place: Element, seen: (isSeen: boolean) => void): void {
  new IntersectionObserver((entries) => seen(entries.at(-1)!.isIntersecting), {
    rootMargin: "100px",
  }).observe(place);
}
