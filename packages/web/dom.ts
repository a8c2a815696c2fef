/**
 * Elements of the page. Texts only ever become text nodes, never markup.
 *
 * @module
 */

type Child = Node | string | undefined | false;
type Attributes = Record<string, string | number | boolean | undefined | ((event: Event) => void)>;

/** Creates an element with attributes and children; a function is added as an event listener. */
export function el<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  return filled(document.createElement(tag), attributes, children);
}

/** Creates an SVG element in the same way. */
export function svg<K extends keyof SVGElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: Child[]
): SVGElementTagNameMap[K] {
  return filled(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, children);
}

function filled<E extends Element>(element: E, attributes: Attributes, children: Child[]): E {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name, value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== undefined && value !== false) element.setAttribute(name, String(value));
  }
  element.append(...children.filter((child) => child !== undefined && child !== false));
  return element;
}

/** Replaces an element's children. */
export function fill(element: Element, ...children: Child[]): void {
  element.replaceChildren(...children.filter((child) => child !== undefined && child !== false));
}

/** Sets an element's text only if it differs, to avoid redundant layout and announcements. */
export function say(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

/** Creates a file field that another button opens; the same file can be chosen twice in a row. */
export function fileInput(
  accept: string,
  label: string,
  choose: (file: File) => void,
): HTMLInputElement {
  const input = el("input", {
    type: "file",
    accept,
    class: "hidden",
    tabindex: -1,
    "aria-label": label,
    change: () => {
      const [chosen] = input.files ?? [];
      if (chosen) choose(chosen);
      input.value = "";
    },
  });
  return input;
}

let ids = 0;

/** Returns an id that no other element has. */
export function freshId(): string {
  return `e${++ids}`;
}

const FRAME = 10; // milliseconds of drawing per frame; the rest waits for the next frame

const waiting = new Map<object, () => void>();

/**
 * Returns a function that draws at the next frame: only the newest request of one place, and only
 * as many places per frame as fit, so that the page stays responsive.
 */
export function atFrame(): (work: () => void) => void {
  const place = {};
  return (work) => {
    if (waiting.size === 0) requestAnimationFrame(draw);
    waiting.set(place, work);
  };
}

/** Returns whether nothing waits to be drawn. */
export function isAllDrawn(): boolean {
  return waiting.size === 0;
}

function draw(): void {
  const end = performance.now() + FRAME;
  try {
    for (const [place, work] of waiting) {
      waiting.delete(place);
      work();
      if (performance.now() > end) break;
    }
  } finally { // even if one place fails, the others are drawn
    if (waiting.size > 0) requestAnimationFrame(draw);
  }
}
