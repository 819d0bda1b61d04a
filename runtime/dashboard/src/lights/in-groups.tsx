import type { GroupView } from "@skein/contracts";
import { Tick } from "../view/form";
import { lightWords } from "./words";

/** In which groups a light is to be, as a part of a form. */
export function InGroups({ groups, device }: { groups: readonly GroupView[]; device?: string }) {
  const words = lightWords();
  return (
    <fieldset class="field">
      <legend>{words.groups}</legend>
      {groups.length === 0 && <p class="hint">{words.noGroups}</p>}
      {groups.map(({ id, name, devices }) => (
        <Tick
          key={id}
          name={`group ${id}`}
          label={name}
          defaultChecked={device !== undefined && devices.includes(device)}
        />
      ))}
    </fieldset>
  );
}

/** The groups that were ticked, by id. */
export const groupsTicked = (groups: readonly GroupView[], texts: Readonly<Record<string, string>>): string[] =>
  groups.map(({ id }) => id).filter((id) => texts[`group ${id}`] === "on");
