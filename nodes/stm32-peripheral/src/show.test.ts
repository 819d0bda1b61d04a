import type { HubChannelState } from "@skein/contracts";
import type { HubBoard } from "./hub-desk";
import { lineOf } from "./show";
import { button, lamp, motor, room } from "./testing/hub-house";

const hub = (more: Partial<HubBoard> = {}): HubBoard => ({
  id: "hub-1",
  name: "Hub",
  virtual: false,
  channels: [lamp, motor, room, button],
  state: "alive",
  cause: "beat",
  ...more,
});
const line = (
  channel: string,
  boards: HubBoard[],
  {
    reading,
    linkUp = true,
    asking = 0,
  }: { reading?: Partial<HubChannelState>; linkUp?: boolean; asking?: number } = {},
) =>
  lineOf(
    {
      linkUp,
      boards: () => boards,
      board: (id) => boards.find((board) => board.id === id),
      reading: () => reading && { at: 1, ...reading },
    },
    { board: "", channel },
    asking,
  );

it.each`
  channel     | boards                                           | now                                     | tone         | pending  | key            | value
  ${"Room"}   | ${[hub()]}                                       | ${{ reading: { value: 21.4567 } }}      | ${"good"}    | ${false} | ${"value"}     | ${"21.5 °C"}
  ${"3"}      | ${[hub({ state: "unknown" })]}                   | ${{ reading: { value: 21.4567 } }}      | ${"unknown"} | ${false} | ${"value"}     | ${"21.5 °C"}
  ${"lamp"}   | ${[hub()]}                                       | ${{ reading: { value: 40 } }}           | ${"good"}    | ${false} | ${"value"}     | ${"40 %"}
  ${"Button"} | ${[hub()]}                                       | ${{ reading: { value: 1 } }}            | ${"good"}    | ${false} | ${"on"}        | ${undefined}
  ${"Room"}   | ${[hub()]}                                       | ${{}}                                   | ${"doubt"}   | ${true}  | ${"waiting"}   | ${undefined}
  ${"Room"}   | ${[hub()]}                                       | ${{ reading: { fault: "jammed" } }}     | ${"bad"}     | ${true}  | ${"jammed"}    | ${undefined}
  ${"Room"}   | ${[hub()]}                                       | ${{ reading: { fault: "from-later" } }} | ${"bad"}     | ${true}  | ${"fault"}     | ${undefined}
  ${"Heart"}  | ${[hub()]}                                       | ${{}}                                   | ${"bad"}     | ${true}  | ${"noChannel"} | ${undefined}
  ${""}       | ${[hub()]}                                       | ${{}}                                   | ${"good"}    | ${false} | ${"channels"}  | ${undefined}
  ${"Room"}   | ${[hub({ state: "dead", cause: "link-lost" })]}  | ${{ reading: { value: 1 } }}            | ${"bad"}     | ${true}  | ${"link-lost"} | ${undefined}
  ${"Room"}   | ${[hub({ state: "dead", cause: "silence" })]}    | ${{}}                                   | ${"bad"}     | ${true}  | ${"dead"}      | ${undefined}
  ${"Room"}   | ${[hub({ state: "suspect", cause: "silence" })]} | ${{}}                                   | ${"doubt"}   | ${true}  | ${"suspect"}   | ${undefined}
  ${""}       | ${[hub(), hub({ id: "hub-2" })]}                 | ${{}}                                   | ${"good"}    | ${false} | ${"boards"}    | ${undefined}
  ${""}       | ${[hub(), hub({ id: "hub-2", state: "dead" })]}  | ${{}}                                   | ${"doubt"}   | ${true}  | ${"someAway"}  | ${undefined}
  ${"Room"}   | ${[]}                                            | ${{}}                                   | ${"unknown"} | ${true}  | ${"noBoard"}   | ${undefined}
  ${"Room"}   | ${[hub()]}                                       | ${{ linkUp: false }}                    | ${"unknown"} | ${true}  | ${"noBus"}     | ${undefined}
  ${"Room"}   | ${[hub()]}                                       | ${{ asking: 1 }}                        | ${"doubt"}   | ${true}  | ${"asking"}    | ${undefined}
`("shows $key of $channel, in the tone $tone", ({ channel, boards, now, tone, pending, key, value }) => {
  const shown = line(channel as string, boards as HubBoard[], now as object);
  expect(shown).toMatchObject({ tone, pending, key });
  if (value !== undefined) expect(shown.values).toEqual({ value });
});
