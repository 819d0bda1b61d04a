import { z } from "zod";

const usb = z.strictObject({
  /** As `lsusb` has them: 0483. */
  vendorId: z.string().regex(/^[0-9a-fA-F]{4}$/),
  productId: z.string().regex(/^[0-9a-fA-F]{4}$/),
  /** Where several of the kind are plugged in. */
  serialNumber: z.string().min(1).max(100).optional(),
});

const board = z
  .strictObject({
    /** The board's own follower.yaml, from `node agent.js join CODE --dir DIR`; where relative, beside this follower's. */
    config: z.string().min(1).max(500),
    /** A serial port: /dev/serial/by-id/usb-STMicroelectronics_... */
    port: z.string().min(1).max(500).optional(),
    /** A serial port by its adapter, whatever it is called today. */
    usb: usb.optional(),
    /** A serial server, or a board with a network of its own: host:port. */
    tcp: z
      .string()
      .regex(/^.+:\d{1,5}$/, "is no host:port")
      .optional(),
    /** Of a serial port, 1200 to 4000000, default 115200. */
    baud: z.int().min(1200).max(4_000_000).default(115_200),
  })
  .refine(({ port, usb: by, tcp }) => [port, by, tcp].filter((each) => each !== undefined).length === 1, {
    message: "needs one of port, usb and tcp",
  });
export type BoardSettings = z.output<typeof board>;

export const serialBridgeSettings = z.strictObject({
  boards: z.array(board).max(16).default([]),
  /** A board makes itself safe after so long without a word from here, ms. 500 to 60000, default 2000. */
  hostLossMs: z.int().min(500).max(60_000).default(2000),
});
export type SerialBridgeSettings = z.output<typeof serialBridgeSettings>;
