/**
 * The colors and text metrics of the page, in the form that figure files need.
 *
 * @module
 */

let pen: CanvasRenderingContext2D | undefined;

function penOf(): CanvasRenderingContext2D {
  if (pen) return pen;
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = 1;
  return pen = canvas.getContext("2d", { willReadFrequently: true })!;
}

/** Returns the heights of letters above and below the baseline. */
export function heightsOf(style: CSSStyleDeclaration): { ascent: number; descent: number } {
  const pen = penOf();
  pen.font = `${style.fontStyle} ${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
  const { fontBoundingBoxAscent, fontBoundingBoxDescent } = pen.measureText("x");
  return { ascent: fontBoundingBoxAscent, descent: fontBoundingBoxDescent };
}

interface Color {
  color: string;
  rgb: number[];
  alpha: number;
}

const colors = new Map<string, Color>();

/** Converts a CSS color to RGB, which every program can read. */
export function colorOf(css: string): Color {
  const there = colors.get(css);
  if (there) return there;
  const pen = penOf();
  pen.clearRect(0, 0, 1, 1);
  pen.fillStyle = "#000";
  pen.fillStyle = css;
  pen.fillRect(0, 0, 1, 1);
  const [r, g, b, a] = pen.getImageData(0, 0, 1, 1).data;
  const found = { color: `rgb(${r},${g},${b})`, rgb: [r, g, b], alpha: a / 255 };
  colors.set(css, found);
  return found;
}

/** Returns a color as attributes; undefined if it is invisible. */
export function paintOf(
  name: "fill" | "stroke",
  css: string,
  opacity: string,
): Record<string, string | number> | undefined {
  if (css === "none") return undefined;
  const { color, alpha } = colorOf(css), seen = alpha * Number(opacity);
  if (seen === 0) return undefined;
  return { [name]: color, ...(seen < 1 && { [`${name}-opacity`]: Number(seen.toFixed(3)) }) };
}
