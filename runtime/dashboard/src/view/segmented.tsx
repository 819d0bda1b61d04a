/** One of a few places, side by side: links, so that each can be opened and shared; the present one is marked. */
export function Segmented<T extends string>(props: {
  label: string;
  value: T;
  options: readonly { readonly value: T; readonly label: string }[];
  href: (value: T) => string;
}) {
  return (
    <nav class="segmented" aria-label={props.label}>
      {props.options.map(({ value, label }) => (
        <a key={value} href={props.href(value)} {...(value === props.value ? { "aria-current": "true" as const } : {})}>
          {label}
        </a>
      ))}
    </nav>
  );
}
