import type { FollowerView } from "@skein/contracts";
import { bytesOf, percentOf } from "../../figures";
import { followersWords } from "./words";

/** CPU, memory and temperature of a host. What a host does not have is not there at all. */
export function Vitals({ metrics }: { metrics: NonNullable<FollowerView["metrics"]> }) {
  const { cpu, memory, temperatureC, throttled } = metrics;
  const words = followersWords();
  return (
    <dl class="vitals">
      {cpu?.percent !== undefined && (
        <Vital
          name={words.cpu}
          value={percentOf(cpu.percent)}
          fill={cpu.percent / 100}
          note={throttled ? words.throttled : undefined}
        />
      )}
      {memory && memory.totalBytes > 0 && (
        <Vital
          name={words.memory}
          value={words.of(bytesOf(memory.usedBytes, memory.totalBytes), bytesOf(memory.totalBytes))}
          fill={memory.usedBytes / memory.totalBytes}
        />
      )}
      {temperatureC !== undefined && (
        <Vital name={words.temperature} value={`${Math.round(temperatureC)} °C`} fill={temperatureC / 100} />
      )}
    </dl>
  );
}

function Vital({ name, value, fill, note }: { name: string; value: string; fill: number; note?: string | undefined }) {
  return (
    <div class="vital">
      <dt>{name}</dt>
      <dd>
        {value}
        {note !== undefined && <em> {note}</em>}
        <span class="bar" aria-hidden="true">
          <span style={{ width: `${Math.min(100, Math.max(0, fill * 100))}%` }} />
        </span>
      </dd>
    </div>
  );
}
