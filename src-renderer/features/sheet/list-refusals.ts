import type { FileView, IndexListView, Token } from '../../../src-preload/contract.ts'
import type { BasinsItem, RewriteItem } from './sheet-item.ts'

/** A job that would be refused, because its list of events goes beyond the events of its input. */
export interface ListRefusal {
  readonly path: string
  readonly eventCount: number
  readonly line: number
  readonly row: number
}

/** The jobs that a list is too large for, as far as their inputs are known. */
export function listRefusals(
  items: readonly (RewriteItem | BasinsItem)[],
  list: IndexListView,
  readView: (token: Token) => FileView | null,
): readonly ListRefusal[] {
  const beyond = new Map(list.beyond.map((entry) => [entry.eventCount, entry]))
  return items.flatMap(({ input }) => {
    const view = input === null ? null : readView(input.token)
    const found = view === null || view.events === null ? undefined : beyond.get(view.events)
    return input === null || found === undefined ? [] : [{ path: input.path, ...found }]
  })
}
