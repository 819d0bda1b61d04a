import { useSignal } from "@preact/signals";
import type { AccountView, Scope, TokenView } from "@skein/contracts";
import { useEffect } from "preact/hooks";
import { InputError } from "../../api/problem-words";
import { useResource } from "../../api/use-resource";
import { day } from "../../i18n/format";
import { pageWords } from "../../page-words";
import { Copyable } from "../../view/copyable";
import { Choice, Field, Form, Tick } from "../../view/form";
import { icons } from "../../view/icons";
import { Loaded } from "../../view/loaded";
import { usePage } from "../../view/page";
import { Refusal } from "../../view/refusal";
import { Remove } from "../../view/remove";
import type { SettingsPage } from "./settings-page";
import { settingsWords } from "./words";

export const tokens: SettingsPage = {
  id: "tokens",
  title: () => settingsWords().tokens,
  icon: icons.key,
  role: "viewer",
  view: Tokens,
};

interface Created {
  readonly token: string;
  readonly view: TokenView;
  readonly qrSvg: string;
}

/** What programs show instead of a password: made here, shown once, taken away here. */
function Tokens() {
  const words = settingsWords();
  const resource = useResource("tokens");
  const created = useSignal<Created | undefined>(undefined);
  return (
    <>
      <p class="hint">{words.tokensText}</p>
      {created.value && <Once created={created.value} />}
      <Loaded from={resource}>
        {({ tokens: list, mayGive }) => (
          <>
            <section class="tile">
              <TokenList list={list} refresh={resource.refresh} />
            </section>
            <Create mayGive={mayGive} made={(view) => (created.value = view)} />
          </>
        )}
      </Loaded>
    </>
  );
}

function TokenList({ list, refresh }: { list: readonly TokenView[]; refresh: () => Promise<void> }) {
  const { api, now } = usePage();
  const words = settingsWords();
  const about = ({ createdAt, expiresAt, lastUsedAt }: TokenView) =>
    words.tokenAbout(
      day(createdAt),
      expiresAt === undefined ? words.never : day(expiresAt),
      lastUsedAt === undefined ? words.never : day(lastUsedAt),
    );
  if (list.length === 0) return <p class="hint">{words.noTokens}</p>;
  return (
    <ul class="entries">
      {list.map((token) => (
        <li key={token.id} class="entry">
          <div class="entry-text">
            <strong>{token.name}</strong>{" "}
            {(token.expiresAt ?? Infinity) <= now.peek() && <span class="badge">{words.tokenOver}</span>}
            <p>{token.scopes.map((scope) => words.scopes[scope]).join(" · ")}</p>
            <p class="hint">{about(token)}</p>
          </div>
          <Remove what={token.name} work={() => api.delete(`tokens/${token.id}`).then(refresh)} />
        </li>
      ))}
    </ul>
  );
}

/** Those of somebody else, for an admin: fetched when they are looked at. */
export function TokensOf({ account }: { account: AccountView }) {
  const { api } = usePage();
  const words = settingsWords();
  const list = useSignal<readonly TokenView[] | undefined>(undefined);
  const failure = useSignal<unknown>(undefined);
  const ask = async () => {
    list.value = await api.list<TokenView>(`accounts/${account.id}/tokens`);
  };
  useEffect(() => void ask().catch((error: unknown) => (failure.value = error)), [account.id]);
  return (
    <section aria-label={words.tokensOf(account.name)}>
      <h3>{words.tokens}</h3>
      {list.value && <TokenList list={list.value} refresh={ask} />}
      {failure.value !== undefined && <Refusal title={pageWords().notShown} error={failure.value} />}
    </section>
  );
}

function Create({ mayGive, made }: { mayGive: readonly Scope[]; made: (created: Created) => void }) {
  const { api, resources } = usePage();
  const words = settingsWords();
  const create = async ({ name, days }: Readonly<Record<string, string>>, form: HTMLFormElement) => {
    const scopes = new FormData(form).getAll("scope");
    if (scopes.length === 0) throw new InputError(words.scopesNeeded);
    made(await api.post<Created>("tokens", { name, scopes, days: Number(days) }));
    form.reset();
    await resources.of("tokens").refresh();
  };
  return (
    <section class="tile">
      <Form label={words.createToken} submitLabel={words.createToken} submit={create} done="">
        <Field label={words.tokenName} name="name" maxLength={100} required />
        <fieldset class="field">
          <legend>{words.scopesLegend}</legend>
          {mayGive.map((scope) => (
            <Tick key={scope} name="scope" value={scope} label={words.scopes[scope]} />
          ))}
        </fieldset>
        <Choice
          label={words.tokenDays}
          name="days"
          value="365"
          options={[
            { value: "1", label: words.days(1) },
            { value: "30", label: words.days(30) },
            { value: "365", label: words.year },
            { value: "3650", label: words.tenYears },
          ]}
        />
      </Form>
    </section>
  );
}

/** The only sight of it. */
function Once({ created: { token, view, qrSvg } }: { created: Created }) {
  const words = settingsWords();
  return (
    <section class="tile" role="status" data-token={view.id}>
      <h3>{view.name}</h3>
      <p>{words.tokenOnce}</p>
      <Copyable text={token} label={words.token} />
      {/* As a picture: whatever stands in an SVG that is shown so runs nothing. */}
      <img class="qr" src={`data:image/svg+xml,${encodeURIComponent(qrSvg)}`} alt={words.qr} width="224" height="224" />
    </section>
  );
}
