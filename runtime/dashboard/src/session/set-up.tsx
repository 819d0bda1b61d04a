import { Front } from "../shell/front";
import { Field, Form } from "../view/form";
import { usePage } from "../view/page";
import { sessionWords } from "./words";

/** After the set-up link: the owner is in already, and chooses name and password or does so later. */
export function SetUp() {
  const { session, api } = usePage();
  const words = sessionWords();
  const me = session.me.value;
  if (!me) return null;
  const { id, name } = me.account;
  const finish = async (texts: Readonly<Record<string, string>>) => {
    if (texts["name"] !== name) await api.patch(`accounts/${id}`, { name: texts["name"] });
    await api.put(`accounts/${id}/password`, { new: texts["password"] });
    await session.ask();
    session.fresh.value = false;
  };
  return (
    <Front title={words.welcome}>
      <p>{words.welcomeText}</p>
      <Form
        submitLabel={words.save}
        submit={finish}
        aside={
          <button type="button" class="secondary" onClick={() => (session.fresh.value = false)}>
            {words.later}
          </button>
        }
      >
        <Field label={words.name} name="name" defaultValue={name} maxLength={100} required />
        {/* For the browser's password manager, which stores a password with its account. */}
        <input type="hidden" name="username" autocomplete="username" value={id} />
        <Field
          label={words.newPassword}
          name="password"
          type="password"
          autocomplete="new-password"
          minLength={10}
          maxLength={200}
          required
          hint={
            <>
              {words.passwordHint} {words.logInAs(id)}
            </>
          }
        />
      </Form>
      <p class="hint">{words.laterHint}</p>
    </Front>
  );
}
