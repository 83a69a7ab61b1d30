import type { AttributeValue } from '../hdf5/reading/attribute-value.ts'

/** A value that `JSON.stringify` keeps as it is. */
export type JsonValue =
  string | number | boolean | null | readonly JsonValue[] | { readonly [key: string]: JsonValue }

/** What JSON cannot hold becomes text: integers beyond 2^53 in decimal, NaN and infinities by name. */
export function toJsonValue(value: AttributeValue): JsonValue {
  if (typeof value === 'bigint') {
    const number = Number(value)
    return Number.isSafeInteger(number) ? number : String(value)
  }
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value)
  if (value === null || typeof value !== 'object') return value
  if (Array.isArray(value)) return (value as readonly AttributeValue[]).map(toJsonValue)
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, toJsonValue(entry)]))
}
