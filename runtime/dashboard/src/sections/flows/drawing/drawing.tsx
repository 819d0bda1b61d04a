import type { Signal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { colourOf, useDark } from "../../../view/colours";
import "./drawing.css";
import { listenToGestures } from "./gestures";
import { FONT, paint } from "./paint";
import type { Bounds, Scene } from "./scene";
import { fitted, keyed, type Size, type Viewport } from "./viewport";

const context = document.createElement("canvas").getContext("2d");
/** How wide a label is, px, in the drawing's font. */
export function measure(label: string): number {
  if (!context) return 8 * label.length;
  context.font = FONT;
  return context.measureText(label).width;
}

export interface DrawingProps {
  readonly scene: Scene;
  /** What is shown at first: of both sides, so that both lie in the same place. */
  readonly frame: Bounds | undefined;
  /** Shared by both sides, which so move together; undefined shows all of the frame. */
  readonly view: Signal<Viewport | undefined>;
  readonly chosen: string | undefined;
  /** What it is and how it is moved, for a screen reader; what differs, a list says. */
  readonly label: string;
}

/** One tab on a canvas: moved and zoomed by mouse, fingers and keys. */
export function Drawing({ scene, frame, view, chosen, label }: DrawingProps) {
  const field = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const dark = useDark();
  const size = (): Size => ({ width: field.current?.clientWidth ?? 0, height: field.current?.clientHeight ?? 0 });
  const shown = useRef((): Viewport => ({ x: 0, y: 0, scale: 1 }));
  shown.current = () => view.peek() ?? fitted(frame, size());

  useEffect(() => {
    const [element, drawing] = [field.current, canvas.current];
    const on = drawing?.getContext("2d");
    if (!element || !drawing || !on) return;
    const colours = {
      ink: colourOf(element, "--ink"),
      faint: colourOf(element, "--faint"),
      fill: colourOf(element, "--card"),
      wire: colourOf(element, "--edge"),
      accent: colourOf(element, "--accent"),
      changes: {
        added: colourOf(element, "--alive"),
        removed: colourOf(element, "--dead"),
        changed: colourOf(element, "--doubt"),
        moved: colourOf(element, "--calm"),
      },
    };
    const draw = () => paint(on, scene, shown.current(), colours, chosen);
    const resize = () => {
      const { width, height } = size();
      drawing.width = width * window.devicePixelRatio;
      drawing.height = height * window.devicePixelRatio;
      draw();
    };
    const observer = new ResizeObserver(resize);
    observer.observe(element);
    const stop = view.subscribe(draw);
    return () => {
      observer.disconnect();
      stop();
    };
  }, [scene, frame, view, chosen, dark]);
  useEffect(() => {
    if (!field.current) return;
    return listenToGestures(field.current, (step) => void (view.value = step(shown.current())));
  }, [view]);
  const onKeyDown = (event: KeyboardEvent) => {
    // Ctrl and + are the browser's own.
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const next = keyed(shown.current(), event.key, size());
    if (next === undefined) return;
    event.preventDefault();
    view.value = next === "fit" ? undefined : next;
  };
  return (
    <div class="drawing" ref={field} role="group" tabIndex={0} aria-label={label} onKeyDown={onKeyDown}>
      <canvas ref={canvas} aria-hidden="true" />
    </div>
  );
}
