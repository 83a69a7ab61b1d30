import type { QueueRow } from '../../../src-preload/contract.ts'

export type QueueNews =
  | { readonly kind: 'done' | 'failed'; readonly row: QueueRow }
  /** So many quarters of everything are done. */
  | { readonly kind: 'quarter'; readonly quarters: number }

/** Jobs that came to their end between two looks; what had ended before the first look is no news. */
export function listEnded(
  before: ReadonlyMap<string, string>,
  rows: readonly QueueRow[],
): readonly QueueNews[] {
  return rows.flatMap((row) => {
    const { state } = row.life
    const was = before.get(row.id)
    if (was === undefined || was === state || (state !== 'done' && state !== 'failed')) return []
    return { kind: state, row }
  })
}

/** A quarter that was passed between two shares; the end is told by the jobs themselves. */
export function findQuarter(before: number, now: number): readonly QueueNews[] {
  const quarters = Math.floor(now * 4)
  return quarters > Math.floor(before * 4) && quarters < 4 ? [{ kind: 'quarter', quarters }] : []
}
