/** What a made-up host is. */
export interface Board {
  readonly model: string;
  readonly os: string;
  readonly arch: string;
  readonly cores: number;
  readonly memoryBytes: number;
}

const ODROID: Board = {
  model: "ODROID-XU4",
  os: "Linux 6.6 (virtual)",
  arch: "arm",
  cores: 8,
  memoryBytes: 2_000_000_000,
};
const HUB: Board = {
  model: "Peripheral hub, Raspberry Pi Zero 2 W",
  os: "Linux 6.6 (virtual)",
  arch: "arm",
  cores: 4,
  memoryBytes: 512_000_000,
};

/** Boards that see and listen are ODROID-XU4s; every fourth is a small hub for peripherals. */
export const boardOf = (ordinal: number): Board => (ordinal % 4 === 0 ? HUB : ODROID);
