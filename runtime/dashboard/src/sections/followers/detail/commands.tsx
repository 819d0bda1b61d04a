import { useSignal } from "@preact/signals";
import { useId } from "preact/hooks";
import type { Follower } from "../../../house";
import { Failure, OrderButton, ordered, useOrderDesk } from "../../../view/orders";
import { usePage } from "../../../view/page";
import { Remove } from "../../../view/remove";
import { span } from "../../../words";
import { followersWords } from "../words";
import { detailWords } from "./words";

const LENGTHS_MS = [900_000, 3_600_000, 14_400_000, 86_400_000, 604_800_000] as const;
const LEVELS = ["trace", "debug", "info", "warn", "error"] as const;

/** What an operator may order of one follower: maintenance for a time, and what its agent is told; admins may remove it. */
export function Commands({ follower, name }: { follower: Follower; name: string }) {
  const { api, orders, session, router } = usePage();
  const words = detailWords();
  const desk = useOrderDesk();
  const told = useSignal("");
  const lengthMs = useSignal<number>(3_600_000);
  const level = useSignal<(typeof LEVELS)[number]>("info");
  if (!session.may("operator")) return null;
  const { id } = follower;
  const resting = follower.view.value.verdict.state === "maintenance";
  const path = `followers/${encodeURIComponent(id)}`;
  const tell = (command: Readonly<Record<string, string>>, outcome: (ms: number) => string) =>
    ordered(async () => {
      told.value = "";
      const begun = performance.now();
      await api.post(`${path}/commands`, command);
      told.value = outcome(performance.now() - begun);
    });
  return (
    <section class="tile commands">
      <h2>{words.orders}</h2>
      <div class="command">
        {resting ? (
          <OrderButton
            desk={desk}
            label={followersWords().endMaintenance}
            about={name}
            order={() => orders.maintenance(id, 0)}
          />
        ) : (
          <>
            <Chosen
              label={words.maintenanceFor}
              value={String(lengthMs.value)}
              options={LENGTHS_MS.map((ms) => ({ value: String(ms), label: words.lengths[ms] ?? span(ms) }))}
              choose={(ms) => (lengthMs.value = Number(ms))}
            />
            <OrderButton
              desk={desk}
              label={words.begin}
              about={name}
              order={() => orders.maintenance(id, lengthMs.value)}
            />
          </>
        )}
      </div>
      <div class="command">
        <Chosen
          label={words.logLevel}
          value={level.value}
          options={LEVELS.map((each) => ({ value: each, label: each }))}
          choose={(to) => (level.value = to as (typeof LEVELS)[number])}
        />
        <OrderButton
          desk={desk}
          label={words.setLevel}
          about={name}
          order={tell({ action: "log-level", level: level.value }, () => words.levelSet(level.value))}
        />
      </div>
      <div class="command">
        <OrderButton
          desk={desk}
          label={words.ping}
          about={name}
          order={tell({ action: "ping" }, (ms) => words.answered(span(ms, true)))}
        />
        <OrderButton
          desk={desk}
          label={words.restart}
          about={name}
          order={tell({ action: "restart" }, () => words.restarting)}
        />
      </div>
      <p class="done" role="status">
        {told.value}
      </p>
      <Failure desk={desk} />
      {session.may("admin") && (
        <Remove
          what={name}
          label={words.forget}
          consequence={words.forgetText}
          work={async () => {
            await api.delete(path);
            router.go("followers");
          }}
        />
      )}
    </section>
  );
}

function Chosen(props: {
  label: string;
  value: string;
  options: readonly { readonly value: string; readonly label: string }[];
  choose: (value: string) => void;
}) {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{props.label}</label>
      <select id={id} value={props.value} onChange={(event) => props.choose(event.currentTarget.value)}>
        {props.options.map(({ value, label }) => (
          <option key={value} value={value}>
            {label}
          </option>
        ))}
      </select>
    </div>
  );
}
