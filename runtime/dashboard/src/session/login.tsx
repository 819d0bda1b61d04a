import { Front } from "../shell/front";
import { Field, Form } from "../view/form";
import { Refusal } from "../view/refusal";
import { usePage } from "../view/page";
import { sessionWords } from "./words";

/** Who are you? After it the page goes on where it was. */
export function Login() {
  const { session } = usePage();
  const words = sessionWords();
  const refused = session.refused.value;
  return (
    <Front title={words.logIn}>
      {refused && <Refusal title={words.linkRefused} error={refused} hint={words.linkOnce} />}
      <Form
        submitLabel={words.logIn}
        submit={({ account = "", password = "" }) => session.login(account, password)}
        done=""
      >
        <Field
          label={words.account}
          name="account"
          autocomplete="username"
          autocapitalize="none"
          spellcheck={false}
          required
          autofocus
        />
        <Field label={words.password} name="password" type="password" autocomplete="current-password" required />
      </Form>
      <p class="hint">{words.forgotten}</p>
    </Front>
  );
}
