import type { ComponentChildren, JSX } from "preact";

/** Line drawings on a 24 x 24 field, in the text's colour; each stands beside its word and says nothing to a screen reader. */
const drawn = (children: ComponentChildren): JSX.Element => (
  <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
    {children}
  </svg>
);

export const icons = {
  home: drawn(<path d="M4 11.500 12 4.500l8 7M6 10v9.500h12V10M10 19.500v-5h4v5" />),
  followers: drawn(<path d="M3 16.500 12 6l9 10.500M7.500 18.500l4.500-5.500 4.500 5.500" />),
  lamp: drawn(
    <path d="M12 3.500a5.500 5.500 0 0 1 3.500 9.700c-.7.7-1 1.300-1 2.300h-5c0-1-.3-1.600-1-2.300A5.500 5.500 0 0 1 12 3.500zM9.700 18.500h4.600M10.500 21h3" />,
  ),
  events: drawn(<path d="M4 6h2M9.500 6H20M4 12h2M9.500 12H20M4 18h2M9.500 18H20" />),
  flows: drawn(<path d="M3.500 5h6v5h-6zM14.500 14h6v5h-6zM9.500 7.500h2a2 2 0 0 1 2 2v5a2 2 0 0 0 1 2" />),
  settings: drawn(
    <path d="M4 7h9M17 7h3M4 17h3M11 17h9M15 4.800a2.200 2.200 0 1 1 0 4.400 2.200 2.200 0 0 1 0-4.400zM9 14.800a2.200 2.200 0 1 1 0 4.400 2.200 2.200 0 0 1 0-4.400z" />,
  ),
  add: drawn(<path d="M12 5v14M5 12h14" />),
  back: drawn(<path d="M14.500 5.500 8 12l6.500 6.500" />),
  next: drawn(<path d="M9.500 5.500 16 12l-6.500 6.500" />),
  close: drawn(<path d="M6 6l12 12M18 6 6 18" />),
  camera: drawn(
    <path d="M3.500 8h3.500l1.500-2.500h7L17 8h3.500v11h-17zM12 10a3.300 3.300 0 1 1 0 6.600A3.300 3.300 0 0 1 12 10z" />,
  ),
  microphone: drawn(
    <path d="M12 4a2.500 2.500 0 0 1 2.500 2.500v5a2.500 2.500 0 0 1-5 0v-5A2.500 2.500 0 0 1 12 4zM6.500 11.500a5.500 5.500 0 0 0 11 0M12 17v3" />,
  ),
  privacy: drawn(
    <path d="M4 12s3-5.500 8-5.500 8 5.500 8 5.500-3 5.500-8 5.500S4 12 4 12zM12 9.700a2.300 2.300 0 1 1 0 4.600 2.300 2.300 0 0 1 0-4.600zM5 20 19 4" />,
  ),
  play: drawn(<path d="M8 5.500 18 12 8 18.500z" />),
  person: drawn(
    <path d="M12 4.500a3.500 3.500 0 1 1 0 7 3.500 3.500 0 0 1 0-7zM5 20c.6-4 3.300-5.500 7-5.500s6.400 1.500 7 5.500" />,
  ),
  people: drawn(
    <path d="M9 5.500a3 3 0 1 1 0 6 3 3 0 0 1 0-6zM3 19c.5-3.500 2.800-4.800 6-4.800s5.500 1.300 6 4.800M15.500 6a2.700 2.700 0 0 1 0 5.300M17 14.500c2.300.4 3.600 1.800 4 4.500" />,
  ),
  key: drawn(
    <path d="M8 11.500a3.800 3.800 0 1 1 0 7.600 3.800 3.800 0 0 1 0-7.600zM10.700 12.600 19 4.500M16 7.500l2.500 2.500" />,
  ),
  screen: drawn(<path d="M4 5.500h16v10.500H4zM9 19.500h6M12 16v3.500" />),
  door: drawn(<path d="M6.500 20V4.500h11V20M4 20h16M14.500 12v1.500" />),
  archive: drawn(<path d="M4 5.500h16v4H4zM5.500 9.500v10h13v-10M10 13h4" />),
  care: drawn(<path d="M3.500 12.500h4l2-6 4 11 2-5h5" />),
  bell: drawn(<path d="M6.500 16.500v-5a5.500 5.500 0 0 1 11 0v5l1.500 1.500H5zM10.500 20.500h3" />),
} as const;
export type IconName = keyof typeof icons;
