import { randomUUID } from 'node:crypto'

import { JsonNumber } from './json-number.ts'

/** Deeper nesting has no meaning in a definition, and must not exhaust the stack of whoever walks through it. */
const DEEPEST = 100

/**
 * As `JSON.parse`, but numbers that it would change become `JsonNumber`, so that they can be written as they were.
 * Throws SyntaxError, also for more than 100 levels.
 */
export function parseJson(text: string): unknown {
  // What follows only has to look at valid JSON.
  const plain: unknown = JSON.parse(text)
  const tokens = listTokens(text)
  const changed = tokens.filter((token) => isChanged(text.slice(token.start, token.end)))
  if (changed.length === 0) return plain
  // Nobody who wrote the text could know it.
  const mark = randomUUID()
  let marked = ''
  let end = 0
  for (const token of changed) {
    marked += `${text.slice(end, token.start)}"${mark}${text.slice(token.start, token.end)}"`
    end = token.end
  }
  return JSON.parse(marked + text.slice(end), (_key, value: unknown) =>
    typeof value === 'string' && value.startsWith(mark) ? new JsonNumber(value.slice(mark.length)) : value,
  )
}

interface Token {
  readonly start: number
  readonly end: number
}

/** Where the numbers of a JSON text stand. */
function listTokens(text: string): Token[] {
  const tokens: Token[] = []
  const pattern = /["[\]{}]|-?\d[\d.eE+-]*/g
  let depth = 0
  for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
    const [found] = match
    if (found === '"') pattern.lastIndex = findStringEnd(text, match.index)
    else if (found === '[' || found === '{') depth++
    else if (found === ']' || found === '}') depth--
    else tokens.push({ start: match.index, end: pattern.lastIndex })
    if (depth > DEEPEST) throw new SyntaxError(`more than ${DEEPEST} levels of JSON`)
  }
  return tokens
}

/** Position behind the closing quote. */
function findStringEnd(text: string, start: number): number {
  let position = start + 1
  while (text[position] !== '"') position += text[position] === '\\' ? 2 : 1
  return position + 1
}

function isChanged(number: string): boolean {
  return JSON.stringify(Number(number)) !== number
}
