import type { What } from "../snapshot-words";
import type { Box, Scene, Wire } from "./scene";
import type { Viewport } from "./viewport";

/** Puts a scene on a canvas. Each kind of change has a sign at its corner besides its colour. */
export interface Colours {
  readonly ink: string;
  readonly faint: string;
  readonly fill: string;
  readonly wire: string;
  readonly accent: string;
  readonly changes: Readonly<Record<What, string>>;
}

export const FONT = "14px system-ui, sans-serif";
const SIGNS: Readonly<Record<What, string>> = { added: "+", removed: "−", changed: "≠", moved: "↔" };

export function paint(
  context: CanvasRenderingContext2D,
  scene: Scene,
  { x, y, scale }: Viewport,
  colours: Colours,
  /** The node that the list points at. */
  chosen: string | undefined,
): void {
  const ratio = window.devicePixelRatio;
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.clearRect(0, 0, context.canvas.width, context.canvas.height);
  context.setTransform(ratio * scale, 0, 0, ratio * scale, ratio * x, ratio * y);
  context.textBaseline = "middle";
  for (const box of scene.boxes.filter(({ kind }) => kind === "group")) paintGroup(context, box, colours);
  for (const wire of scene.wires) paintWire(context, wire, colours);
  for (const box of scene.boxes.filter(({ kind }) => kind !== "group")) {
    paintNode(context, box, colours);
    if (box.id === chosen) outline(context, box, colours.accent);
  }
}

function paintGroup(context: CanvasRenderingContext2D, box: Box, { faint, changes }: Colours): void {
  context.strokeStyle = box.what ? changes[box.what] : faint;
  context.lineWidth = 1.5;
  context.setLineDash([5, 4]);
  frame(context, box, 0, 8);
  context.stroke();
  context.setLineDash([]);
}

function paintWire(context: CanvasRenderingContext2D, { x1, y1, x2, y2, what }: Wire, colours: Colours): void {
  const bend = Math.max(40, Math.abs(x2 - x1) / 2);
  context.strokeStyle = what ? colours.changes[what] : colours.wire;
  context.lineWidth = what ? 4 : 2.5;
  context.beginPath();
  context.moveTo(x1, y1);
  context.bezierCurveTo(x1 + bend, y1, x2 - bend, y2, x2, y2);
  context.stroke();
}

function paintNode(context: CanvasRenderingContext2D, box: Box, { ink, faint, fill, changes }: Colours): void {
  const colour = box.what && changes[box.what];
  context.fillStyle = fill;
  context.strokeStyle = colour ?? faint;
  context.lineWidth = colour ? 3 : 1.5;
  context.setLineDash(box.disabled ? [6, 4] : []);
  frame(context, box, 0, 5);
  if (box.kind !== "comment") context.fill();
  context.stroke();
  context.setLineDash([]);
  if (box.kind === "junction") return;
  context.font = FONT;
  context.fillStyle = box.disabled ? faint : ink;
  context.textAlign = "left";
  context.fillText(box.label, box.x - box.width / 2 + 14, box.y);
  if (box.what && colour) sign(context, box, SIGNS[box.what], colour, fill);
}

/** In a disc at the corner, in the manner of the editor's own marks. */
function sign(context: CanvasRenderingContext2D, box: Box, text: string, colour: string, ground: string): void {
  const [x, y] = [box.x + box.width / 2, box.y - box.height / 2];
  context.fillStyle = colour;
  context.beginPath();
  context.arc(x, y, 9, 0, 2 * Math.PI);
  context.fill();
  context.fillStyle = ground;
  context.font = `bold ${FONT}`;
  context.textAlign = "center";
  context.fillText(text, x, y + 1);
}

function outline(context: CanvasRenderingContext2D, box: Box, colour: string): void {
  context.strokeStyle = colour;
  context.lineWidth = 2;
  frame(context, box, 6, 9);
  context.stroke();
}

function frame(context: CanvasRenderingContext2D, box: Box, air: number, radius: number): void {
  context.beginPath();
  context.roundRect(
    box.x - box.width / 2 - air,
    box.y - box.height / 2 - air,
    box.width + 2 * air,
    box.height + 2 * air,
    radius,
  );
}
