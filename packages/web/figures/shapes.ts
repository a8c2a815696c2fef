/**
 * Converts what the page draws to shapes for a file: boxes, lines and texts at the positions of the
 * browser's layout.
 *
 * @module
 */
import { colorOf, heightsOf, paintOf } from "./paint.ts";

/** An SVG shape that a canvas can also paint. */
export interface Shape {
  tag: "rect" | "path" | "line" | "polyline" | "circle" | "text";
  attributes: Record<string, string | number>;
  /** The content of a text shape. */
  text?: string;
  /** The transformation from the shape's coordinates to those of the figure. */
  matrix?: readonly [number, number, number, number, number, number];
  /** Whether its edges lie on pixels, as for adjacent cells. */
  isCrisp?: boolean;
}

/** Shapes, and the size of the area that they fill. */
export interface Figure {
  title: string;
  width: number;
  height: number;
  /** The background color. */
  paper: string;
  shapes: Shape[];
}

const GAP = 12, MARGIN = 16; // pixels between parts, and around them all
const SHAPES = new Set(["path", "line", "polyline", "circle", "rect", "text"]);
const GEOMETRY = ["d", "points", "x", "y", "x1", "x2", "y1", "y2", "cx", "cy", "r"];

/** Returns a figure of parts of the page, one below the other, each at its drawn width. */
export function figureOf(title: string, parts: readonly Element[]): Figure {
  const shapes: Shape[] = [];
  let width = 0, top = MARGIN;
  for (const part of parts) {
    const box = part.getBoundingClientRect();
    if (box.width === 0 || box.height === 0) continue;
    drawElement(part, { x: box.left - MARGIN, y: box.top - top, shapes });
    width = Math.max(width, box.width);
    top += box.height + GAP;
  }
  const paper = colorOf(getComputedStyle(document.body).backgroundColor).color;
  const size = { width: Math.ceil(width) + 2 * MARGIN, height: Math.ceil(top - GAP) + MARGIN };
  return { title, ...size, paper, shapes };
}

/** The origin of the figure on the page, and the list that receives the shapes. */
interface Place {
  x: number;
  y: number;
  shapes: Shape[];
}

function drawElement(element: Element, place: Place): void {
  const style = getComputedStyle(element);
  if (style.display === "none" || style.visibility === "hidden") return;
  if (element instanceof SVGSVGElement) return drawSvg(element, place);
  const rect = element.getBoundingClientRect();
  const box = { x: rect.x - place.x, y: rect.y - place.y, width: rect.width, height: rect.height };
  drawBox(style, box, place);
  if (element instanceof HTMLCanvasElement) drawCells(element, box, place);
  for (const child of element.childNodes) {
    if (child instanceof Element) drawElement(child, place);
    else if (child instanceof Text) drawText(child, style, place);
  }
  drawAfter(element, box, place);
}

interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** Draws the background and the borders of a box. */
function drawBox(style: CSSStyleDeclaration, box: Box, { shapes }: Place, matrix?: Matrix): void {
  const { opacity } = style, radius = parseFloat(style.borderTopLeftRadius) || 0;
  const rx = Math.min(radius, box.width / 2, box.height / 2);
  const ground = paintOf("fill", style.backgroundColor, opacity);
  if (ground && rx > 0 && style.borderBottomLeftRadius === "0px") { // a bar that stands on a line
    const { x, y, width, height } = box,
      d = `M${x} ${y + height}v${rx - height}a${rx} ${rx} 0 0 1 ` +
        `${rx} ${-rx}h${width - 2 * rx}a${rx} ${rx} 0 0 1 ${rx} ${rx}v${height - rx}z`;
    shapes.push({ tag: "path", attributes: { d, ...ground }, matrix });
  } else if (ground) shapes.push({ tag: "rect", attributes: { ...box, rx, ...ground }, matrix });
  drawRamp(style, box, shapes);
  const ring = /^(\w+\([^)]*\)) 0px 0px 0px ([\d.]+)px$/.exec(style.boxShadow);
  if (ring) {
    const size = Number(ring[2]), stroke = paintOf("stroke", ring[1], opacity);
    const attributes = { ...grown(box, size / 2), rx, fill: "none", "stroke-width": size };
    if (stroke) shapes.push({ tag: "rect", attributes: { ...attributes, ...stroke }, matrix });
  }
  const sides = (["Top", "Right", "Bottom", "Left"] as const).map((side) => ({
    width: parseFloat(style[`border${side}Width`]) || 0,
    paint: paintOf("stroke", style[`border${side}Color`], opacity),
    isDashed: style[`border${side}Style`] === "dashed",
  }));
  const [first] = sides;
  const line = ({ width, paint, isDashed }: typeof first) => ({
    ...paint!,
    "stroke-width": width,
    ...(isDashed && { "stroke-dasharray": "3 2" }),
  });
  const isDrawn = (side: typeof first) => side.width > 0 && side.paint !== undefined;
  if (sides.every((side) => isDrawn(side) && side.width === first.width)) {
    const attributes = { ...grown(box, -first.width / 2), rx, fill: "none", ...line(first) };
    shapes.push({ tag: "rect", attributes, matrix });
    return;
  }
  const { x, y, width, height } = box, right = x + width, bottom = y + height;
  const ends = [
    (w: number) => [x, y + w / 2, right, y + w / 2],
    (w: number) => [right - w / 2, y, right - w / 2, bottom],
    (w: number) => [x, bottom - w / 2, right, bottom - w / 2],
    (w: number) => [x + w / 2, y, x + w / 2, bottom],
  ];
  for (const [i, side] of sides.entries()) {
    if (!isDrawn(side)) continue;
    const [x1, y1, x2, y2] = ends[i](side.width);
    shapes.push({ tag: "line", attributes: { x1, y1, x2, y2, ...line(side) }, matrix });
  }
}

function grown({ x, y, width, height }: Box, by: number): Box {
  const size = (length: number) => Math.max(0, length + 2 * by);
  return { x: x - by, y: y - by, width: size(width), height: size(height) };
}

/** Draws a gradient from the left: up to a fraction of the width, or through all of its colors. */
function drawRamp(style: CSSStyleDeclaration, box: Box, shapes: Shape[]): void {
  const image = style.backgroundImage;
  if (!image.startsWith("linear-gradient(90deg")) return;
  const stops = [...image.matchAll(/(?:rgba?|color|oklab)\([^)]*\)/g)].map(([color]) => color);
  const share = style.getPropertyValue("--p");
  if (share !== "") {
    const attributes = { ...box, width: box.width * Number(share) };
    const fill = paintOf("fill", stops[0], style.opacity);
    if (fill) shapes.push({ tag: "rect", attributes: { ...attributes, ...fill } });
    return;
  }
  const colors = stops.map((stop) => colorOf(stop).rgb), slices = Math.ceil(box.width);
  const width = box.width / slices;
  for (let i = 0; i < slices; i++) {
    const at = (i + 0.5) / slices * (colors.length - 1), from = Math.floor(at);
    const mixed = colors[from].map((part, c) =>
      Math.round(part + (at - from) * (colors[from + 1][c] - part))
    );
    const slice = { ...box, x: box.x + i * width, width, fill: `rgb(${mixed.join()})` };
    shapes.push({ tag: "rect", attributes: slice, isCrisp: true });
  }
}

/** Draws a canvas, with each pixel as a cell. */
function drawCells(canvas: HTMLCanvasElement, box: Box, { shapes }: Place): void {
  const { width: columns, height: rows } = canvas;
  const { data } = canvas.getContext("2d")!.getImageData(0, 0, columns, rows);
  const width = box.width / columns, height = box.height / rows;
  for (let i = 0; i < rows * columns; i++) {
    const [r, g, b, a] = data.subarray(4 * i, 4 * i + 4);
    if (a === 0) continue;
    const x = box.x + (i % columns) * width, y = box.y + Math.floor(i / columns) * height;
    const attributes = { x, y, width, height, fill: `rgb(${r},${g},${b})` };
    shapes.push({ tag: "rect", attributes, isCrisp: true });
  }
}

/** Draws a text, line by line as the browser breaks it. */
function drawText(text: Text, style: CSSStyleDeclaration, { x, y, shapes }: Place): void {
  const fill = paintOf("fill", style.color, style.opacity);
  if (text.data.trim() === "" || !fill) return;
  const { ascent, descent } = heightsOf(style);
  for (const { shown, box } of linesOf(text)) {
    const base = box.top + (box.height - ascent - descent) / 2 + ascent;
    const attributes = { x: box.left - x, y: base - y, ...fontOf(style), ...fill };
    shapes.push({ tag: "text", attributes, text: shown });
  }
}

function linesOf(text: Text): { shown: string; box: DOMRect }[] {
  const range = document.createRange(), lines: { shown: string; box: DOMRect }[] = [];
  let from = 0;
  const add = (to: number) => {
    const [, before, shown] = /^(\s*)([^]*?)\s*$/.exec(text.data.slice(from, to))!;
    range.setStart(text, from + before.length);
    range.setEnd(text, from + before.length + shown.length);
    const box = range.getBoundingClientRect();
    if (box.width > 0) lines.push({ shown: shown.replace(/\s+/g, " "), box });
    from = to;
  };
  range.selectNodeContents(text);
  if (range.getClientRects().length > 1) {
    let bottom: number | undefined;
    for (let i = 0; i < text.length; i++) {
      range.setStart(text, i);
      range.setEnd(text, i + 1);
      const box = range.getBoundingClientRect();
      if (bottom !== undefined && box.width > 0 && box.top >= bottom) add(i);
      if (box.width > 0) bottom = box.bottom - 1;
    }
  }
  add(text.length);
  return lines;
}

type Matrix = NonNullable<Shape["matrix"]>;

/** Draws what a style sheet adds after an element's content: marks and arrowheads. */
function drawAfter(element: Element, box: Box, place: Place): void {
  const style = getComputedStyle(element, "::after");
  if (style.content !== '""' || style.position !== "absolute") return;
  const number = (value: string) => parseFloat(value) || 0;
  const isOuter = style.boxSizing === "border-box";
  const width = number(style.width) +
    (isOuter ? 0 : number(style.borderLeftWidth) + number(style.borderRightWidth));
  const height = number(style.height) +
    (isOuter ? 0 : number(style.borderTopWidth) + number(style.borderBottomWidth));
  const after = {
    x: box.x + element.clientLeft + number(style.left),
    y: box.y + element.clientTop + number(style.top),
    width,
    height,
  };
  drawBox(style, after, place, turned(after, number(style.rotate)));
}

/** Returns a rotation about the center of a box. */
function turned({ x, y, width, height }: Box, degrees: number): Matrix | undefined {
  if (degrees === 0) return undefined;
  const sin = Math.sin(degrees * Math.PI / 180), cos = Math.cos(degrees * Math.PI / 180);
  const cx = x + width / 2, cy = y + height / 2;
  return [cos, sin, -sin, cos, cx - cos * cx + sin * cy, cy - sin * cx - cos * cy];
}

function drawSvg(svg: SVGSVGElement, { x, y, shapes }: Place): void {
  for (const element of svg.querySelectorAll<SVGGraphicsElement>("*")) {
    if (!SHAPES.has(element.tagName)) continue;
    const style = getComputedStyle(element), matrix = element.getScreenCTM();
    if (style.display === "none" || !matrix) continue;
    const attributes: Shape["attributes"] = {};
    for (const name of GEOMETRY) {
      const value = element.getAttribute(name);
      if (value !== null) attributes[name] = value;
    }
    Object.assign(
      attributes,
      paintOf("fill", style.fill, style.fillOpacity) ?? { fill: "none" },
      paintOf("stroke", style.stroke, style.strokeOpacity),
      { "stroke-width": parseFloat(style.strokeWidth) },
    );
    const dashes = style.strokeDasharray;
    if (dashes !== "none") attributes["stroke-dasharray"] = dashes.replace(/px/g, "");
    const isText = element.tagName === "text";
    if (isText) {
      attributes.y = Number(attributes.y ?? 0) + Number(element.getAttribute("dy") ?? 0);
      Object.assign(attributes, fontOf(style), { "text-anchor": style.textAnchor });
    }
    const { a, b, c, d, e, f } = matrix;
    shapes.push({
      tag: element.tagName as Shape["tag"],
      attributes,
      text: isText ? element.textContent ?? "" : undefined,
      matrix: [a, b, c, d, e - x, f - y],
    });
  }
}

function fontOf(style: CSSStyleDeclaration): Record<string, string> {
  return {
    "font-family": style.fontFamily,
    "font-size": style.fontSize,
    "font-style": style.fontStyle,
    "font-weight": style.fontWeight,
  };
}
