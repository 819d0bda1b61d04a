import { useId } from "preact/hooks";

/** A labelled choice that acts at once; for one that is not among the options `missing` stands there. */
export function Picker(props: {
  label: string;
  value: string;
  options: readonly { readonly value: string; readonly label: string }[];
  choose: (value: string) => void;
  missing?: string | undefined;
}) {
  const id = useId();
  const { label, value, options, choose, missing = "" } = props;
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <select id={id} value={value} onChange={(event) => choose(event.currentTarget.value)}>
        {!options.some((option) => option.value === value) && <option value={value}>{missing}</option>}
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
    </div>
  );
}
