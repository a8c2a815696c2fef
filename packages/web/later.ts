/**
 * The parts of the page that the first view does not need: each is loaded when it is first used.
 *
 * @module
 */

/** The parts. */
export const later = {
  inspecting: () => import("./views/inspecting.ts"),
  ownData: () => import("./views/data_dialog.ts"),
  tour: () => import("./page_tour.ts"),
  views: () => import("./views/later_views.ts"),
};

/** Runs once, when a place first comes near the screen; gives whether it is on it now. */
export function whenSeen(place: Element, seen: (isSeen: boolean) => void): void {
  new IntersectionObserver((entries) => seen(entries.at(-1)!.isIntersecting), {
    rootMargin: "100px",
  }).observe(place);
}
