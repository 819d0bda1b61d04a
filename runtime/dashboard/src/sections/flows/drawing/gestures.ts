import { moved, zoomed, type Viewport } from "./viewport";

/**
 * Mouse, fingers and wheel on a drawing: one pointer moves it, two zoom it. The wheel and a finger that goes up and down belong to
 * the page until somebody clicks or taps into the drawing (drawing.css says the same to the browser); with Ctrl the wheel zooms at
 * once, as it does in Node-RED's editor.
 */
export function listenToGestures(
  element: HTMLElement,
  change: (step: (view: Viewport) => Viewport) => void,
): () => void {
  const pointers = new Map<number, { x: number; y: number }>();
  const place = ({ clientX, clientY }: MouseEvent) => {
    const { left, top } = element.getBoundingClientRect();
    return { x: clientX - left, y: clientY - top };
  };
  const down = (event: PointerEvent) => {
    element.setPointerCapture(event.pointerId);
    pointers.set(event.pointerId, place(event));
  };
  const move = (event: PointerEvent) => {
    const before = pointers.get(event.pointerId);
    if (!before) return;
    const now = place(event);
    const other = [...pointers].find(([id]) => id !== event.pointerId)?.[1];
    pointers.set(event.pointerId, now);
    if (!other) return change((view) => moved(view, now.x - before.x, now.y - before.y));
    const apart = (point: { x: number; y: number }) => Math.hypot(point.x - other.x, point.y - other.y);
    const factor = apart(now) / Math.max(1, apart(before));
    const middle = { x: (now.x + other.x) / 2, y: (now.y + other.y) / 2 };
    change((view) => zoomed(moved(view, (now.x - before.x) / 2, (now.y - before.y) / 2), factor, middle.x, middle.y));
  };
  const up = (event: PointerEvent) => void pointers.delete(event.pointerId);
  const wheel = (event: WheelEvent) => {
    if (!event.ctrlKey && document.activeElement !== element) return;
    event.preventDefault();
    const { x, y } = place(event);
    change((view) => zoomed(view, Math.exp(-event.deltaY / 400), x, y));
  };
  element.addEventListener("pointerdown", down);
  element.addEventListener("pointermove", move);
  element.addEventListener("pointerup", up);
  element.addEventListener("pointercancel", up);
  element.addEventListener("wheel", wheel, { passive: false });
  return () => {
    element.removeEventListener("pointerdown", down);
    element.removeEventListener("pointermove", move);
    element.removeEventListener("pointerup", up);
    element.removeEventListener("pointercancel", up);
    element.removeEventListener("wheel", wheel);
  };
}
