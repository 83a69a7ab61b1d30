/** What several jobs have in common; null: they differ, shown as "mixed". */
export type Shared<Value> = { readonly value: Value } | null

/** The value that all have. Compared by content, for settings are plain data. Null for none at all. */
export function shareValue<Value>(values: readonly Value[]): Shared<Value> {
  const [first, ...others] = values
  if (first === undefined) return null
  const text = JSON.stringify(first)
  return others.every((other) => JSON.stringify(other) === text) ? { value: first } : null
}
