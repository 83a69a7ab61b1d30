import { UNSAFE } from '../jobs/safe-text.ts'
import { VIEW_LIMITS } from './view-limits.ts'

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
