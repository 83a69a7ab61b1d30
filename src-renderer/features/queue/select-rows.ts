import { assertNever } from '../../assert-never.ts'

/** Which rows are marked; `activeId` is the one that the keyboard is on, `anchorId` where a range begins. */
export interface Selection {
  readonly ids: ReadonlySet<string>
  readonly activeId: string | null
  readonly anchorId: string | null
}

export type SelectionStep =
  | { readonly kind: 'only'; readonly id: string }
  | { readonly kind: 'toggle'; readonly id: string }
  /** From the anchor to this one. */
  | { readonly kind: 'extend'; readonly id: string }
  | { readonly kind: 'all' }
  | { readonly kind: 'none' }

/** The selection after the step, as lists of files do it everywhere. */
export function selectRows(order: readonly string[], before: Selection, step: SelectionStep): Selection {
  switch (step.kind) {
    case 'only':
      return { ids: new Set([step.id]), activeId: step.id, anchorId: step.id }
    case 'toggle':
      return { ids: toggle(before.ids, step.id), activeId: step.id, anchorId: step.id }
    case 'extend':
      return { ...extend(order, before.anchorId ?? step.id, step.id), activeId: step.id }
    case 'all':
      return { ...before, ids: new Set(order), activeId: before.activeId ?? order[0] ?? null }
    case 'none':
      return { ...before, ids: new Set() }
    default:
      return assertNever(step)
  }
}

/** The row so many places further; where none is active the first, or the last when going back. */
export function stepFrom(order: readonly string[], activeId: string | null, places: number): string | null {
  const place = activeId === null ? -1 : order.indexOf(activeId)
  if (place === -1) return (places > 0 ? order[0] : order.at(-1)) ?? null
  return order[Math.min(order.length - 1, Math.max(0, place + places))] ?? null
}

function toggle(ids: ReadonlySet<string>, id: string): ReadonlySet<string> {
  const toggled = new Set(ids)
  if (!toggled.delete(id)) toggled.add(id)
  return toggled
}

function extend(order: readonly string[], anchorId: string, id: string): Pick<Selection, 'ids' | 'anchorId'> {
  const from = order.indexOf(anchorId)
  const to = order.indexOf(id)
  if (from === -1) return { ids: new Set([id]), anchorId: id }
  return { ids: new Set(order.slice(Math.min(from, to), Math.max(from, to) + 1)), anchorId }
}
