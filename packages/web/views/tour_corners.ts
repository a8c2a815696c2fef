/**
 * Where to place a card so that it does not cover what it describes.
 *
 * @module
 */

/** The corners of the window. */
const CORNERS = ["bottom-right", "bottom-left", "top-right", "top-left"] as const;

const NARROW = "(max-width: 72rem)"; // where the corners have no room beside the picture
const MARGIN = 14; // pixels around the target, for its frame

/**
 * Puts the card into a corner where it does not cover the target, or along the window's lower edge;
 * returns how far to scroll so that the whole target is visible.
 */
export function placeCard(card: HTMLElement, target: Element): number {
  const bar = document.querySelector(".bar")!;
  // On a phone only its lower part stays visible, so its top is above the window's.
  const top = parseFloat(getComputedStyle(bar).top) + bar.clientHeight;
  document.documentElement.style.setProperty("--tour-top", `${top}px`);
  const box = target.getBoundingClientRect();
  const isSeen = box.top >= top && box.bottom <= innerHeight;
  const before = card.dataset.corner;
  if (isSeen && !matchMedia(NARROW).matches) {
    const order = [...CORNERS].sort((a, b) => Number(b === before) - Number(a === before));
    for (const corner of order) {
      card.dataset.corner = corner;
      if (isApart(card.getBoundingClientRect(), box)) return 0;
    }
  }
  card.dataset.corner = "edge";
  const least = top + MARGIN, most = card.getBoundingClientRect().top - MARGIN;
  const down = box.bottom - most, up = box.top - least;
  return up < 0 ? up : Math.max(0, Math.min(down, up));
}

function isApart(a: DOMRect, b: DOMRect): boolean {
  return a.right < b.left - MARGIN || a.left > b.right + MARGIN ||
    a.bottom < b.top - MARGIN || a.top > b.bottom + MARGIN;
}
