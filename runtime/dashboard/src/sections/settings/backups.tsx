import { useResource } from "../../api/use-resource";
import { bytesOf } from "../../figures";
import { dateTime } from "../../i18n/format";
import { Form } from "../../view/form";
import { icons } from "../../view/icons";
import { Loaded } from "../../view/loaded";
import { usePage } from "../../view/page";
import type { SettingsPage } from "./settings-page";
import { settingsWords } from "./words";

export const backups: SettingsPage = {
  id: "backups",
  title: () => settingsWords().backups,
  icon: icons.archive,
  role: "admin",
  view: Backups,
};

/** The backups that there are, and one more now. */
function Backups() {
  const { api } = usePage();
  const words = settingsWords();
  const resource = useResource("backups");
  const backUp = async () => {
    await api.post("backups", {});
    await resource.refresh();
  };
  return (
    <>
      <p class="hint">{words.backupsText}</p>
      <Form submitLabel={words.backUpNow} submit={backUp} done={words.backedUp}>
        {null}
      </Form>
      <section class="tile">
        <Loaded from={resource}>
          {(list) =>
            list.length === 0 ? (
              <p class="hint">{words.noBackups}</p>
            ) : (
              <ul class="entries">
                {list.map(({ id, at, bytes, version }) => (
                  <li key={id} class="entry">
                    <div class="entry-text">
                      <strong>{dateTime(at)}</strong>
                      <p class="hint">
                        {bytesOf(bytes)} · {words.version(version)} · {id}
                      </p>
                    </div>
                    <a
                      class="secondary"
                      href={api.href(`backups/${encodeURIComponent(id)}`)}
                      download={id}
                      aria-label={`${words.download}: ${id}`}
                    >
                      {words.download}
                    </a>
                  </li>
                ))}
              </ul>
            )
          }
        </Loaded>
      </section>
    </>
  );
}
