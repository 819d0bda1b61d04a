import { LANGUAGES, languageNames } from "../../i18n/language";
import { roleNames } from "../../session/role-names";
import { THEMES } from "../../theme";
import { Choice, Field, Form } from "../../view/form";
import { icons } from "../../view/icons";
import { usePage } from "../../view/page";
import type { SettingsPage } from "./settings-page";
import { settingsWords } from "./words";

export const account: SettingsPage = {
  id: "account",
  title: () => settingsWords().account,
  icon: icons.person,
  role: "viewer",
  view: Account,
};

/** Who I am, how the page looks and speaks to me, my password. */
function Account() {
  const { api, session, theme } = usePage();
  const words = settingsWords();
  const me = session.me.value;
  if (!me) return null;
  const { id, name, role, hasPassword, language } = me.account;
  // Whoever came by a link may have lost it.
  const tellsOld = hasPassword && !me.byLink;
  const patch = async (parts: Readonly<Record<string, unknown>>) => {
    await api.patch(`accounts/${id}`, parts);
    await session.ask();
  };
  return (
    <>
      <p class="hint">{words.loggedInAs(id, roleNames()[role])}</p>
      <section class="tile">
        <Form
          label={words.account}
          submitLabel={words.save}
          submit={({ name: newName, language: chosen }) => patch({ name: newName, language: chosen || null })}
        >
          <Field label={words.name} name="name" defaultValue={name} maxLength={100} required autocomplete="name" />
          <Choice
            label={words.language}
            name="language"
            value={language ?? ""}
            options={[
              { value: "", label: words.asBrowser },
              ...LANGUAGES.map((each) => ({ value: each, label: languageNames[each] })),
            ]}
          />
        </Form>
      </section>
      <section class="tile">
        <fieldset class="field">
          <legend>{words.theme}</legend>
          <div class="segments">
            {THEMES.map((each) => (
              <label key={each}>
                <input type="radio" name="theme" checked={theme.value === each} onChange={() => (theme.value = each)} />
                <span>{words.themes[each]}</span>
              </label>
            ))}
          </div>
          <p class="hint">{words.themeHint}</p>
        </fieldset>
      </section>
      <section class="tile">
        <h3>{words.password}</h3>
        <Form
          label={words.password}
          submitLabel={hasPassword ? words.changePassword : words.choosePassword}
          done={words.passwordChanged}
          submit={async ({ old, new: chosen }, form) => {
            await api.put(`accounts/${id}/password`, { ...(tellsOld ? { old } : {}), new: chosen });
            form.reset();
            await session.ask();
          }}
        >
          <input type="hidden" name="username" autocomplete="username" value={id} />
          {tellsOld && (
            <Field label={words.oldPassword} name="old" type="password" autocomplete="current-password" required />
          )}
          <Field
            label={words.newPassword}
            name="new"
            type="password"
            autocomplete="new-password"
            minLength={10}
            maxLength={200}
            required
            hint={words.passwordHint}
          />
        </Form>
      </section>
    </>
  );
}
