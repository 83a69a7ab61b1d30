/** One line of JSON, also for what JSON has no form for: large integers and non-finite numbers become strings. */
export function toJsonLine(value: unknown): string {
  return `${JSON.stringify(value, replaceUnwritable)}\n`
}

function replaceUnwritable(_key: string, value: unknown): unknown {
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : value.toString()
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value)
  return value
}
