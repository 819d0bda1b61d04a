import { problemWords } from "../api/problem-words";

/** That something could not be shown or done, why, and what to do. */
export function Refusal({ title, error, hint }: { title: string; error: unknown; hint?: string }) {
  const { code, message, detail } = problemWords(error);
  return (
    <p class="failure" role="alert">
      <span>
        <strong>{title}</strong> {message} {detail && <span lang="en">{detail} </span>}
        {code && <code>{code}</code>}
        {hint && <> {hint}</>}
      </span>
    </p>
  );
}
