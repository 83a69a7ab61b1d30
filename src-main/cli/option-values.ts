import { usageError } from './usage-error.ts'

export interface IntegerBounds {
  readonly least: number
  readonly most?: number
}

/** A whole number in bounds, written in digits only. Throws E_USAGE. */
export function parseInteger(option: string, text: string, { least, most }: IntegerBounds): number {
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN
  const upper = most ?? Number.MAX_SAFE_INTEGER
  if (value >= least && value <= upper) return value
  const range = most === undefined ? `from ${least}` : `from ${least} to ${most}`
  throw usageError(`--${option} ${text}: must be a whole number ${range}`)
}

/** A number above 0, as `2500` or `0.5`. Throws E_USAGE. */
export function parsePositiveNumber(option: string, text: string): number {
  const value = /^(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : Number.NaN
  if (value > 0 && Number.isFinite(value)) return value
  throw usageError(`--${option} ${text}: must be a number above 0`)
}

/** One of a few words. Throws E_USAGE. */
export function parseChoice<T extends string>(option: string, text: string, choices: readonly T[]): T {
  const choice = choices.find((candidate) => candidate === text)
  if (choice !== undefined) return choice
  throw usageError(`--${option} ${text}: must be ${joinChoices(choices)}`)
}

function joinChoices(choices: readonly string[]): string {
  return `${choices.slice(0, -1).join(', ')} or ${choices.at(-1)}`
}

/** Words separated by commas, each once. Throws E_USAGE for an empty one. */
export function parseList(option: string, text: string): readonly string[] {
  const items = text.split(',')
  if (items.includes('')) throw usageError(`--${option} ${text}: has an empty name between its commas`)
  return [...new Set(items)]
}
