import type { AccountView } from "@skein/contracts";
import { useResource } from "../../api/use-resource";
import { dateTime } from "../../i18n/format";
import { roleNames } from "../../session/role-names";
import { ROLES } from "../../session/roles";
import { Choice, Field, Form } from "../../view/form";
import { icons } from "../../view/icons";
import { Loaded } from "../../view/loaded";
import { usePage } from "../../view/page";
import { Remove } from "../../view/remove";
import { Entry } from "./entry";
import type { SettingsPage } from "./settings-page";
import { TokensOf } from "./tokens";
import { settingsWords } from "./words";

export const people: SettingsPage = {
  id: "people",
  title: () => settingsWords().people,
  icon: icons.people,
  role: "admin",
  view: People,
};

/** Who may log in, and as what. */
function People() {
  const words = settingsWords();
  const { api } = usePage();
  const resource = useResource("accounts");
  const add = async ({ name, id, role, password }: Readonly<Record<string, string>>, form: HTMLFormElement) => {
    await api.post("accounts", { name, role, ...(id ? { id } : {}), ...(password ? { password } : {}) });
    form.reset();
    await resource.refresh();
  };
  return (
    <>
      <p class="hint">{words.peopleText}</p>
      <p class="warning">{words.designerWarning}</p>
      <section class="tile">
        <Loaded from={resource}>
          {(list) => (
            <ul class="entries">
              {list.map((account) => (
                <Person key={account.id} account={account} />
              ))}
            </ul>
          )}
        </Loaded>
      </section>
      <section class="tile">
        <h3>{words.addPerson}</h3>
        <Form label={words.addPerson} submitLabel={words.addPerson} submit={add}>
          <Field label={words.name} name="name" maxLength={100} required />
          <Field
            label={words.accountId}
            name="id"
            pattern="[a-z0-9][a-z0-9\-]*"
            maxLength={63}
            hint={words.accountIdHint}
          />
          <RoleChoice value="viewer" />
          <Field
            label={words.firstPassword}
            name="password"
            type="password"
            autocomplete="new-password"
            minLength={10}
            maxLength={200}
            required
            hint={words.firstPasswordHint}
          />
        </Form>
      </section>
    </>
  );
}

function RoleChoice({ value }: { value: string }) {
  const words = settingsWords();
  return (
    <Choice
      label={words.role}
      name="role"
      value={value}
      options={ROLES.map((role) => ({ value: role, label: `${roleNames()[role]}: ${words.rolesMay[role]}` }))}
    />
  );
}

/** One account, and behind a button what may be changed of it. */
function Person({ account }: { account: AccountView }) {
  const { session, api, resources } = usePage();
  const words = settingsWords();
  const own = session.me.value?.account.id === account.id;
  const refresh = () => resources.of("accounts").refresh();
  const about = [
    account.id,
    roleNames()[account.role],
    account.hasPassword ? undefined : words.noPasswordYet,
    account.lastLoginAt === undefined ? undefined : words.lastLogin(dateTime(account.lastLoginAt)),
  ];
  return (
    <Entry
      id={account.id}
      name={account.name}
      badge={own ? words.you : undefined}
      about={about.filter((part) => part !== undefined).join(" · ")}
      actions={!own && <Remove what={account.name} work={() => api.delete(`accounts/${account.id}`).then(refresh)} />}
    >
      <Change account={account} own={own} refresh={refresh} />
    </Entry>
  );
}

function Change({ account, own, refresh }: { account: AccountView; own: boolean; refresh: () => Promise<void> }) {
  const { api } = usePage();
  const words = settingsWords();
  const residents = useResource("registry").value.value?.residents;
  return (
    <div class="entry-forms">
      <Form
        label={account.name}
        submitLabel={words.save}
        submit={async ({ role, resident }) => {
          // Only what was changed: the house notes who changed what.
          const changes = {
            ...(role !== account.role && { role }),
            ...(resident !== undefined && resident !== (account.resident ?? "") && { resident: resident || null }),
          };
          if (Object.keys(changes).length > 0) await api.patch(`accounts/${account.id}`, changes);
          await refresh();
        }}
      >
        <RoleChoice value={account.role} />
        {/* Before they are known nobody could be chosen, and saving would take the present one away. */}
        {residents && (
          <Choice
            label={words.isResident}
            name="resident"
            value={account.resident ?? ""}
            options={[
              { value: "", label: words.nobody },
              ...residents.map(({ id, name }) => ({ value: id, label: name })),
            ]}
          />
        )}
      </Form>
      {!own && (
        <Form
          label={words.newPasswordFor(account.name)}
          submitLabel={words.changePassword}
          done={words.passwordChanged}
          submit={async (texts, form) => {
            await api.put(`accounts/${account.id}/password`, { new: texts["new"] });
            form.reset();
            await refresh();
          }}
        >
          <Field
            label={words.newPasswordFor(account.name)}
            name="new"
            type="password"
            autocomplete="new-password"
            minLength={10}
            maxLength={200}
            required
          />
        </Form>
      )}
      {!own && <TokensOf account={account} />}
    </div>
  );
}
