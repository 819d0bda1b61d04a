import type { Bounds } from "./scene";

/** Which part of a drawing is seen, and how large: a point of it is at `point * scale + (x, y)` on the screen. Pure. */
export interface Viewport {
  readonly x: number;
  readonly y: number;
  readonly scale: number;
}
export interface Size {
  readonly width: number;
  readonly height: number;
}

const LEAST = 0.1;
const MOST = 3;
/** Around a drawing that is shown whole, px. */
const MARGIN = 16;

/** All of it in the middle, never larger than in the editor. */
export function fitted(bounds: Bounds | undefined, { width, height }: Size): Viewport {
  if (!bounds) return { x: 0, y: 0, scale: 1 };
  const [across, down] = [bounds.right - bounds.left, bounds.bottom - bounds.top];
  const scale = clamp(Math.min((width - 2 * MARGIN) / across, (height - 2 * MARGIN) / down, 1));
  return {
    scale,
    x: width / 2 - (scale * (bounds.left + bounds.right)) / 2,
    y: height / 2 - (scale * (bounds.top + bounds.bottom)) / 2,
  };
}

/** Larger or smaller, with the point of the drawing below (px, py) staying there. */
export function zoomed(view: Viewport, factor: number, px: number, py: number): Viewport {
  const scale = clamp(view.scale * factor);
  const ratio = scale / view.scale;
  return { scale, x: px - (px - view.x) * ratio, y: py - (py - view.y) * ratio };
}

export const moved = (view: Viewport, dx: number, dy: number): Viewport => ({
  ...view,
  x: view.x + dx,
  y: view.y + dy,
});

/** A point of the drawing in the middle, legibly large. */
export function centred(view: Viewport, x: number, y: number, { width, height }: Size): Viewport {
  const scale = Math.max(view.scale, 0.8);
  return { scale, x: width / 2 - x * scale, y: height / 2 - y * scale };
}

/** How far an arrow key moves a drawing, px, and how much larger plus makes it. */
const STEP = 60;
export const ZOOM = 1.25;

/** What a key does to a drawing: another view of it, `"fit"` for all of it, undefined for a key that is none of ours. */
export function keyed(view: Viewport, key: string, { width, height }: Size): Viewport | "fit" | undefined {
  switch (key) {
    case "ArrowLeft":
      return moved(view, STEP, 0);
    case "ArrowRight":
      return moved(view, -STEP, 0);
    case "ArrowUp":
      return moved(view, 0, STEP);
    case "ArrowDown":
      return moved(view, 0, -STEP);
    case "+":
    case "=":
      return zoomed(view, ZOOM, width / 2, height / 2);
    case "-":
      return zoomed(view, 1 / ZOOM, width / 2, height / 2);
    case "0":
      return "fit";
    default:
      return undefined;
  }
}

const clamp = (scale: number): number => Math.min(MOST, Math.max(LEAST, scale));
