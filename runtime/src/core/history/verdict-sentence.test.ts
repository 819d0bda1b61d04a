import type { VerdictCause, VerdictState } from "@skein/contracts";
import { verdictSentence } from "./verdict-sentence";

it.each`
  state            | cause           | said
  ${"dead"}        | ${"will"}       | ${"Attic is dead: its connection died."}
  ${"left"}        | ${"clean-stop"} | ${"Attic has left: it said goodbye."}
  ${"maintenance"} | ${"request"}    | ${"Attic is in maintenance: somebody asked for it."}
  ${"alive"}       | ${"reboot"}     | ${"Attic is alive: it rebooted."}
  ${"alive"}       | ${"silence"}    | ${"Attic is alive."}
  ${"alive"}       | ${"beat"}       | ${"Attic is alive."}
`(
  "says of $state by $cause: $said",
  ({ state, cause, said }: { state: VerdictState; cause: VerdictCause; said: string }) => {
    expect(verdictSentence("Attic", { state, cause })).toBe(said);
  },
);
