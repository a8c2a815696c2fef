/**
 * Saves figures as SVG, or as PNG painted on a canvas, so that the page's policy need not allow
 * images from memory.
 *
 * @module
 */
import { svg } from "../dom.ts";
import { type Figure, figureOf, type Shape } from "./shapes.ts";

/** A file format. */
export type FigureKind = "svg" | "png";

const SCALE = 3; // pixels of a PNG per pixel of the page: sharp on a slide
const MOST_SIDE = 16_000; // the maximum side of a canvas in pixels
const NAMESPACE = "http://www.w3.org/2000/svg";

/** Returns a file with parts of the page, one below the other. */
export async function figureFile(
  title: string,
  parts: readonly Element[],
  kind: FigureKind,
): Promise<Blob> {
  const figure = figureOf(title, parts);
  if (kind === "png") return await pngOf(figure);
  return new Blob([svgOf(figure)], { type: "image/svg+xml" });
}

function svgOf({ title, width, height, paper, shapes }: Figure): string {
  const rounded = (value: string | number) =>
    typeof value === "number" ? Number(value.toFixed(2)) : value;
  const root = svg(
    "svg",
    { width, height, viewBox: `0 0 ${width} ${height}` },
    svg("title", {}, title),
    svg("rect", { width: "100%", height: "100%", fill: paper }),
    ...shapes.map(({ tag, attributes, text, matrix, isCrisp }) => {
      const all = Object.entries(attributes).map(([name, value]) => [name, rounded(value)]);
      return svg(tag, {
        ...Object.fromEntries(all),
        transform: matrix && `matrix(${matrix.map(rounded).join(" ")})`,
        "shape-rendering": isCrisp && "crispEdges",
      }, text);
    }),
  );
  root.setAttribute("xmlns", NAMESPACE);
  return new XMLSerializer().serializeToString(root).replaceAll("><", ">\n<");
}

function pngOf({ width, height, paper, shapes }: Figure): Promise<Blob> {
  const scale = Math.min(SCALE, MOST_SIDE / Math.max(width, height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(height * scale);
  const pen = canvas.getContext("2d")!;
  pen.fillStyle = paper;
  pen.fillRect(0, 0, canvas.width, canvas.height);
  for (const shape of shapes) {
    pen.setTransform(scale, 0, 0, scale, 0, 0);
    if (shape.matrix) pen.transform(...shape.matrix);
    paintShape(pen, shape, scale);
  }
  return new Promise((done, fail) =>
    canvas.toBlob((blob) => blob ? done(blob) : fail(new Error("no picture")), "image/png")
  );
}

const ANCHORS: Record<string, CanvasTextAlign> = { middle: "center", end: "right" };

function paintShape(pen: CanvasRenderingContext2D, shape: Shape, scale: number): void {
  const { tag, attributes, text = "" } = shape;
  const { fill = "none", stroke } = attributes;
  if (fill !== "none") {
    pen.globalAlpha = Number(attributes["fill-opacity"] ?? 1);
    pen.fillStyle = String(fill);
    if (tag === "text") {
      const font = ["style", "weight", "size", "family"].map((part) => attributes[`font-${part}`]);
      pen.font = font.join(" ");
      pen.textAlign = ANCHORS[attributes["text-anchor"]] ?? "left";
      pen.fillText(text, Number(attributes.x ?? 0), Number(attributes.y ?? 0));
    } else if (shape.isCrisp) fillCell(pen, attributes, scale);
    else pen.fill(pathOf(shape));
  }
  if (stroke !== undefined && tag !== "text") {
    pen.globalAlpha = Number(attributes["stroke-opacity"] ?? 1);
    pen.strokeStyle = String(stroke);
    pen.lineWidth = Number(attributes["stroke-width"] ?? 1);
    pen.lineJoin = "round";
    const dashes = String(attributes["stroke-dasharray"] ?? "").match(/[\d.]+/g) ?? [];
    pen.setLineDash(dashes.map(Number));
    pen.stroke(pathOf(shape));
  }
}

/** Fills a cell to whole pixels, so that there is no seam between it and the next. */
function fillCell(pen: CanvasRenderingContext2D, box: Shape["attributes"], scale: number): void {
  const [x, y, width, height] = [box.x, box.y, box.width, box.height].map(Number);
  const left = Math.round(x * scale), top = Math.round(y * scale);
  pen.setTransform(1, 0, 0, 1, 0, 0);
  pen.fillRect(
    left,
    top,
    Math.round((x + width) * scale) - left,
    Math.round((y + height) * scale) - top,
  );
}

function pathOf({ tag, attributes }: Shape): Path2D {
  const of = (...names: string[]) => names.map((name) => Number(attributes[name] ?? 0));
  if (tag === "path") return new Path2D(String(attributes.d));
  if (tag === "polyline") return new Path2D(`M${attributes.points}`);
  const path = new Path2D();
  if (tag === "line") {
    const [x1, y1, x2, y2] = of("x1", "y1", "x2", "y2");
    path.moveTo(x1, y1);
    path.lineTo(x2, y2);
  } else if (tag === "circle") {
    const [cx, cy, r] = of("cx", "cy", "r");
    path.arc(cx, cy, r, 0, 2 * Math.PI);
  } else {
    const [x, y, width, height, rx] = of("x", "y", "width", "height", "rx");
    path.roundRect(x, y, width, height, rx);
  }
  return path;
}
