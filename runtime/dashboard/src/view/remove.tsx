import { pageWords } from "../page-words";
import { Confirm } from "./confirm";

/** A button that deletes, after it has asked once more: what is gone is gone. */
export function Remove(props: {
  /** What is deleted, by name. */
  what: string;
  work: () => Promise<unknown>;
  /** Other words than "Delete". */
  label?: string;
  /** What follows from it, said with the question. */
  consequence?: string;
}) {
  const words = pageWords();
  const { what, label, consequence, work } = props;
  return (
    <Confirm
      label={label ?? words.remove}
      name={label ? `${label}: ${what}` : words.removeWhat(what)}
      question={words.reallyRemove(what)}
      consequence={consequence}
      work={work}
    />
  );
}
