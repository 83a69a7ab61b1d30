/**
 * Control characters, line and paragraph separators, marks that turn the direction of writing, and halves of surrogate pairs:
 * what the names and texts of a file must not do to whoever shows them.
 */
export const UNSAFE = /[\p{Cc}\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]|\p{Surrogate}/gu

const SHORT_FORMS: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' }

/** Text on one line, without power over the terminal; what was unsafe is shown as an escape. */
export function escapeText(text: string): string {
  return text.replace(UNSAFE, (unsafe) => SHORT_FORMS[unsafe] ?? escapeCharacter(unsafe))
}

/** The same set of characters, each replaced by `_`: for names of files. */
export function replaceUnsafe(text: string): string {
  return text.replace(UNSAFE, '_')
}

function escapeCharacter(character: string): string {
  const codePoint = character.codePointAt(0) ?? 0
  return `\\u${codePoint.toString(16).padStart(4, '0')}`
}
