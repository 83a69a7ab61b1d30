import { inspect } from 'node:util'
import { InvalidInput } from '../errors.ts'

export interface ArgumentFault {
  /** What it should be, in words. */
  readonly expected: string
  /** What was given. */
  readonly actual: unknown
}

/** Callers without types may give anything. Throws InvalidInput (E_USAGE) with the argument's name where it is not right. */
export function requireArgument(isRight: boolean, argument: string, fault: ArgumentFault): void {
  if (isRight) return
  const actual = inspect(fault.actual, {
    depth: 0,
    maxStringLength: 60,
    maxArrayLength: 3,
    breakLength: Infinity,
  })
  throw new InvalidInput('E_USAGE', `${argument} must be ${fault.expected}, not ${actual}`, {
    expected: fault.expected,
    actual,
  })
}

/** Refuses a name that is none of those known: a slip of the pen would change nothing in silence. Left out is right too. */
export function requireKeywords(given: unknown, argument: string, known: readonly string[]): void {
  if (given === undefined) return
  requireArgument(isPlainObject(given), argument, { expected: 'an object', actual: given })
  const unknown = Object.keys(given as object).find((name) => !known.includes(name))
  if (unknown === undefined) return
  const message = `${argument} has no "${unknown}"; there are: ${known.join(', ')}`
  throw new InvalidInput('E_USAGE', message, { expected: known.join(', '), actual: unknown })
}

export function requireName(name: unknown, argument: string): void {
  requireArgument(typeof name === 'string' && name !== '', argument, { expected: 'a name', actual: name })
}

export function requireObject(value: unknown, argument: string): void {
  requireArgument(isPlainObject(value), argument, { expected: 'an object', actual: value })
}

/** An array of strings, or null or left out where `isOptional`. */
export function requireTexts(value: unknown, argument: string, isOptional = false): void {
  if (isOptional && (value === undefined || value === null)) return
  const isRight = Array.isArray(value) && value.every((text) => typeof text === 'string')
  requireArgument(isRight, argument, { expected: 'an array of strings', actual: value })
}

function isPlainObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
