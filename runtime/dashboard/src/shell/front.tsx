import type { ComponentChildren } from "preact";
import { usePage } from "../view/page";

/** A page of one card and no navigation: what somebody sees who is not in yet. */
export function Front({ title, children }: { title: string; children?: ComponentChildren }) {
  const about = usePage().house.about.value;
  return (
    <main class="front">
      <p class="brand">
        <img src="./icon.svg" alt="" width="36" height="36" />
        <span class="house-name">{about?.name ?? "Skein"}</span>
      </p>
      <h1>{title}</h1>
      {children}
    </main>
  );
}
