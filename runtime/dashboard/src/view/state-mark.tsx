import type { VerdictState } from "@skein/contracts";
import type { JSX } from "preact";

/** One shape a state, so that colour is never the only sign. Drawn in the text's colour on a 20 x 20 field. */
const shapes: Record<VerdictState, JSX.Element> = {
  joining: <path d="M10 3.500a6.500 6.500 0 1 1-6.500 6.500M10 6.500v7M6.500 10h7" />,
  alive: <path d="M4 10.500l4 4 8-9" />,
  suspect: <path d="M10 3 18 17H2zM10 8v4M10 14.300v.4" />,
  dead: <path d="M5 5l10 10M15 5 5 15" />,
  left: <path d="M8 4H4v12h4M9 10h8M13.500 6.500 17 10l-3.500 3.500" />,
  maintenance: (
    <path d="M13 3a4.200 4.200 0 0 0-3.700 6L3.500 14.800a1.200 1.200 0 0 0 1.700 1.700L11 10.700A4.200 4.200 0 0 0 16.600 6L14 8.500 11.500 6 14 3.300z" />
  ),
  unknown: <path d="M7 7.500a3 3 0 1 1 4.300 2.700c-.9.500-1.300 1-1.300 2M10 15.300v.4" />,
};

export const StateMark = ({ state }: { state: VerdictState }) => (
  <svg class="mark" viewBox="0 0 20 20" aria-hidden="true">
    {shapes[state]}
  </svg>
);
