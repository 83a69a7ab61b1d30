/** Spec: single underscores may stand between digits. */
const DIGITS = String.raw`\d(?:_?\d)*`
const DECIMAL = new RegExp(`^[+-]?(?:${DIGITS}\\.?(?:${DIGITS})?|\\.${DIGITS})(?:e[+-]?${DIGITS})?$`, 'i')
const INFINITE = /^([+-]?)inf(?:inity)?$/i
const NOT_A_NUMBER = /^[+-]?nan$/i

/**
 * The number that readers of the field (Python programs) take a text for, or undefined where they fail: ' 0.06 ', '1e-3', 'nan' and '1_0'
 * are numbers, '0,06', '0x10' and '' are not.
 */
export function readNumberText(text: string): number | undefined {
  const trimmed = text.trim()
  if (NOT_A_NUMBER.test(trimmed)) return NaN
  const [, sign] = INFINITE.exec(trimmed) ?? []
  if (sign !== undefined) return sign === '-' ? -Infinity : Infinity
  return DECIMAL.test(trimmed) ? Number(trimmed.replaceAll('_', '')) : undefined
}

/** The same for a truth value: also 'true' and 'false' in any case; every number but 0 is true. */
export function readBooleanText(text: string): boolean | undefined {
  if (/^true$/i.test(text)) return true
  if (/^false$/i.test(text)) return false
  const number = readNumberText(text)
  return number === undefined ? undefined : number !== 0
}
