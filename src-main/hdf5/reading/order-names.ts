import { compareOddNames } from '../name-bytes.ts'

/** Code units in the order of UTF-8 bytes: surrogates (beyond U+FFFF) come after all others. */
function rankUnit(unit: number): number {
  if (unit >= 0xe000) return unit - 0x800
  return unit >= 0xd800 ? unit + 0x2000 : unit
}

/** Compares two names by their UTF-8 bytes. */
export function compareNames(a: string, b: string): number {
  const odd = compareOddNames(a, b)
  if (odd !== undefined) return odd
  const shorter = Math.min(a.length, b.length)
  for (let index = 0; index < shorter; index += 1) {
    const difference = rankUnit(a.charCodeAt(index)) - rankUnit(b.charCodeAt(index))
    if (difference !== 0) return difference
  }
  return a.length - b.length
}
