import { useSignal } from "@preact/signals";
import type { DevicesReached, DeviceView, SceneView } from "@skein/contracts";
import { useResource } from "../../api/use-resource";
import { Bulb } from "../../lights/bulb";
import { sayLook } from "../../lights/light-row";
import { icons } from "../../view/icons";
import { ButtonRow, Failure, OrderButton, ordered, useOrderDesk } from "../../view/orders";
import { usePage } from "../../view/page";
import { Remove } from "../../view/remove";
import { SaveScene } from "./save-scene";
import { lightsWords } from "./words";

/** How lights were once, to have them so again. */
export function Scenes({ devices }: { devices: readonly DeviceView[] }) {
  const { session } = usePage();
  const words = lightsWords();
  const resource = useResource("scenes");
  const scenes = resource.value.value ?? [];
  const mayChange = session.may("operator");
  if (scenes.length === 0 && !mayChange) return null;
  return (
    <section class="tile" aria-labelledby="scenes">
      <h2 id="scenes">{words.scenes}</h2>
      {scenes.length === 0 && <p class="hint">{words.noScenes}</p>}
      <ul class="entries">
        {scenes.map((scene) => (
          <Scene key={scene.id} scene={scene} devices={devices} mayChange={mayChange} refresh={resource.refresh} />
        ))}
      </ul>
      {mayChange && <SaveScene devices={devices} scenes={scenes} refresh={resource.refresh} />}
    </section>
  );
}

function Scene(props: {
  scene: SceneView;
  devices: readonly DeviceView[];
  mayChange: boolean;
  refresh: () => Promise<void>;
}) {
  const { api } = usePage();
  const words = lightsWords();
  const desk = useOrderDesk();
  /** Those that are not as the scene has them; it is applied all the same where one is. */
  const missed = useSignal("");
  const { scene, devices, mayChange, refresh } = props;
  const { id, name } = scene;
  const nameOf = (device: string) => devices.find((each) => each.id === device)?.name ?? device;
  const apply = ordered(async () => {
    missed.value = "";
    missed.value = sayMissed(await api.post<DevicesReached>(`scenes/${id}/apply`, {}), nameOf);
  });
  return (
    <li class="scene">
      <div>
        <details>
          <summary>
            <span class="thing-name">{name}</span> <span class="hint">{words.lights(scene.devices.length)}</span>
          </summary>
          <ul class="scene-lights">
            {scene.devices.map(({ device, set }) => {
              const look = { ...set, on: set.on ?? true };
              return (
                <li key={device}>
                  <Bulb kind={devices.find((each) => each.id === device)?.kind} look={look} />
                  <span>
                    {nameOf(device)}: {sayLook(look)}
                  </span>
                </li>
              );
            })}
          </ul>
        </details>
        {mayChange && (
          <ButtonRow label={name}>
            <OrderButton desk={desk} label={words.apply} about={name} icon={icons.play} order={apply} />
            <Remove what={name} work={() => api.delete(`scenes/${id}`).then(refresh)} />
          </ButtonRow>
        )}
      </div>
      <div role="status">{missed.value !== "" && <p class="warning">{missed.value}</p>}</div>
      <Failure desk={desk} />
    </li>
  );
}

/** Empty when all are so. */
function sayMissed({ devices }: DevicesReached, nameOf: (device: string) => string): string {
  const words = lightsWords();
  const failed = devices.flatMap((each) => (each.ok ? [] : [{ name: nameOf(each.device), code: each.code }]));
  const [away, unable] = [true, false].map((isAway) =>
    failed.filter(({ code }) => (code === "DEVICE_UNREACHABLE") === isAway).map(({ name }) => name),
  );
  return [
    ...(away?.length ? [words.notReached(away.join(", "))] : []),
    ...(unable?.length ? [words.notAble(unable.join(", "))] : []),
  ].join(" ");
}
