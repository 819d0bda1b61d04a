import { useId } from "preact/hooks";
import { useResource } from "../../api/use-resource";
import { ApiError } from "../../api/api-error";
import { Form } from "../../view/form";
import { usePage } from "../../view/page";
import { importFlows } from "./calls";
import { flowNodesOf } from "./flow-text";
import { snapshotWords } from "./snapshot-words";

/** Flow JSON from a file or from the clipboard, added to what runs. */
export function ImportForm() {
  const { api } = usePage();
  const words = snapshotWords();
  const resource = useResource("flows");
  const [file, text] = [useId(), useId()];
  const submit = async (texts: Readonly<Record<string, string>>, form: HTMLFormElement) => {
    const chosen = new FormData(form).get("file");
    const given = chosen instanceof File && chosen.size > 0 ? await chosen.text() : (texts["text"] ?? "");
    const nodes = flowNodesOf(given);
    if (nodes === "no-json") throw new ApiError(0, "FLOWS_REFUSED", words.noJson);
    if (nodes === "no-flows") throw new ApiError(0, "FLOWS_REFUSED", words.noFlows);
    await importFlows(api, nodes);
    form.reset();
    await resource.refresh();
  };
  return (
    <section class="tile">
      <h2>{words.import}</h2>
      <p class="hint">{words.importHint}</p>
      <Form submitLabel={words.importNow} submit={submit} done={words.imported}>
        <div class="field">
          <label for={file}>{words.file}</label>
          <input id={file} name="file" type="file" accept="application/json,.json" />
        </div>
        <div class="field">
          <label for={text}>{words.paste}</label>
          <textarea id={text} name="text" rows={4} spellcheck={false} />
        </div>
      </Form>
    </section>
  );
}
