/** Followers chosen by id or by a pattern: `*` stands for any run of characters, `cv-*` for every id that begins with cv-. */
export function matcher(patterns: readonly string[]): (id: string) => boolean {
  const wanted = patterns.map((pattern) => pattern.trim()).filter((pattern) => pattern !== "");
  if (wanted.length === 0) return () => true;
  const expression = new RegExp(`^(?:${wanted.map(toExpression).join("|")})$`);
  return (id) => expression.test(id);
}

const toExpression = (pattern: string): string =>
  pattern
    .split(/\*+/)
    .map((literal) => literal.replace(/[.+?^${}()|[\]\\]/g, "\\$&"))
    .join(".*");
