import { UNSAFE } from '../job-process/show-text.ts'

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
