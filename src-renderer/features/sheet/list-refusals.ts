import type { FileView, IndexListView, Token } from '../../../src-preload/contract.ts'
import type { BasinsItem, RewriteItem } from './sheet-item.ts'

/** A job that would be refused, because its list of events goes beyond the events of its input. */
export interface ListRefusal {
  readonly path: string
  readonly eventCount: number
  readonly line: number
  readonly row: number
}

/** No list goes beyond what is not known. */
const UNKNOWN = -1

/** The jobs that a list is too large for, as far as their inputs are known. */
export function listRefusals(
  items: readonly (RewriteItem | BasinsItem)[],
  list: IndexListView,
  readView: (token: Token) => FileView | null,
): readonly ListRefusal[] {
  const beyond = new Map(list.beyond.map((entry) => [entry.eventCount, entry]))
  return items.flatMap(({ input }) => {
    if (input === null) return []
    const found = beyond.get(readView(input.token)?.events ?? UNKNOWN)
    return found === undefined ? [] : [{ path: input.path, ...found }]
  })
}
