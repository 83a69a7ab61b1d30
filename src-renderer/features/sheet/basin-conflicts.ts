import type { FileView, Token } from '../../../src-preload/contract.ts'
import { isPartOf } from './event-range.ts'
import type { RewriteItem } from './sheet-item.ts'

/** Jobs that would be refused: of a file with basins they take a part of the events and keep the basins, which cannot be mapped yet. */
export function listBasinConflicts(
  items: readonly RewriteItem[],
  readView: (token: Token) => FileView | null,
): readonly string[] {
  return items.flatMap(({ id, input, settings }) => {
    const view = input === null ? null : readView(input.token)
    const total = view?.events ?? null
    if (id === null || view === null || total === null || settings.basins === 'drop') return []
    return refersToOthers(view) && isPartOf(settings.events, total) ? [id] : []
  })
}

function refersToOthers({ basins, features }: FileView): boolean {
  return basins.length > 0 || features.some(({ name }) => /^basinmap\d+$/.test(name))
}
