/**
 * Elements of the page. Texts only ever become text nodes.
 *
 * @module
 */

type Child = Node | string | undefined | false;
type Attributes = Record<string, string | number | boolean | undefined | ((event: Event) => void)>;

/** An element with its attributes and its children; a function is for an event. */
export function el<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  return filled(document.createElement(tag), attributes, children);
}

/** The same for SVG. */
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

/** Puts these in place of what is there. */
export function fill(element: Element, ...children: Child[]): void {
  element.replaceChildren(...children.filter((child) => child !== undefined && child !== false));
}

/** Sets a text, where it is another one: so that nothing is drawn or read out for nothing. */
export function say(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

/** A field for a file that another button opens; the same file can be chosen again. */
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

/** An id that no other element has. */
export function freshId(): string {
  return `e${++ids}`;
}

const FRAME = 10; // milliseconds of drawing in a frame; what is left waits for the next one

const waiting = new Map<object, () => void>();

/**
 * Draws at the next frame: the newest of what one place asks for, and only some places in one frame,
 * so that the page answers at once whatever there is to draw.
 */
export function atFrame(): (work: () => void) => void {
  const place = {};
  return (work) => {
    if (waiting.size === 0) requestAnimationFrame(draw);
    waiting.set(place, work);
  };
}

function draw(): void {
  const end = performance.now() + FRAME;
  try {
    for (const [place, work] of waiting) {
      waiting.delete(place);
      work();
      if (performance.now() > end) break;
    }
  } finally { // also where one place fails: the others are drawn
    if (waiting.size > 0) requestAnimationFrame(draw);
  }
}
