/**
 * The parts of the page that the first view does not need: each is loaded when it is first used.
 *
 * @module
 */

/** The parts: what comes once the page is there, and what a button asks for. */
export const later = {
  views: () => import("./views/later_views.ts"),
  pressed: () => import("./views/pressed.ts"),
};

/** Runs once, when a place first comes near the screen; gives whether it is on it now. */
export function whenSeen(place: Element, seen: (isSeen: boolean) => void): void {
  new IntersectionObserver((entries) => seen(entries.at(-1)!.isIntersecting), {
    rootMargin: "100px",
  }).observe(place);
}
