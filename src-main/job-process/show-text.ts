import { VIEW_LIMITS } from './view-limits.ts'

/**
 * Control characters, line and paragraph separators, marks that turn the direction of writing, and halves of surrogate pairs:
 * what the names and texts of a file must not do to whoever shows them.
 */
export const UNSAFE = /[\p{Cc}\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]|\p{Surrogate}/gu

/** A name out of a file as it is shown: one line, unsafe characters as escapes, cut to a bounded length. */
export function showName(name: string): string {
  return escapeUnsafe(cutText(name, VIEW_LIMITS.nameCharacters))
}

/** A text out of a file as it is shown: its lines and tabs stay. */
export function showText(text: string, maxCharacters: number = VIEW_LIMITS.textCharacters): string {
  return cutText(text, maxCharacters).replace(UNSAFE, (unsafe) =>
    unsafe === '\n' || unsafe === '\t' ? unsafe : escapeCharacter(unsafe),
  )
}

/** Shows no more than a bounded number of characters in all, however many texts there are. */
export class TextBudget {
  #left: number = VIEW_LIMITS.viewCharacters

  showText(text: string): string {
    const room = Math.max(VIEW_LIMITS.nameCharacters, Math.min(VIEW_LIMITS.textCharacters, this.#left))
    const shown = showText(text, room)
    this.#left -= shown.length
    return shown
  }
}

function cutText(text: string, maxCharacters: number): string {
  return text.length <= maxCharacters ? text : `${text.slice(0, maxCharacters - 1)}…`
}

function escapeUnsafe(text: string): string {
  return text.replace(UNSAFE, escapeCharacter)
}

function escapeCharacter(character: string): string {
  return `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`
}
