import type { FollowerView } from "@skein/contracts";
import { bytesOf } from "../../../figures";
import { hrefTo } from "../../../router";
import { span } from "../../../words";
import { detailWords } from "./words";

/** What a follower runs on, as it has told itself. */
export function Host({ view }: { view: FollowerView }) {
  const { facts, host: title } = detailWords();
  const { host, via, metrics } = view;
  const told = [
    [facts.hostname, host?.hostname],
    [facts.model, host?.model],
    [facts.os, host?.os],
    [facts.arch, host?.arch],
    [facts.cores, host?.cores],
    [facts.memoryBytes, host?.memoryBytes === undefined ? undefined : bytesOf(host.memoryBytes)],
    [facts.uptime, metrics?.uptimeS === undefined ? undefined : span(metrics.uptimeS * 1000, true)],
    [facts.via, via === undefined ? undefined : <a href={hrefTo("followers", via)}>{via}</a>],
  ] as const;
  const known = told.filter(([, value]) => value !== undefined);
  if (known.length === 0) return null;
  return (
    <section class="tile">
      <h2>{title}</h2>
      <dl class="facts">
        {known.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
