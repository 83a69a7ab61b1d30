import type { EventSelection } from '../../../src-preload/contract.ts'

/** A range of events as typed and as counted. Events count from 0, the end is not included. */

export type EventRange = Extract<EventSelection, { readonly kind: 'range' }>
type RangeField = 'start' | 'stop' | 'step'

/** What stands in the fields; empty: from the first, to the last, every one. */
export type RangeTexts = Readonly<Record<RangeField, string>>

export interface RangeProblem {
  readonly field: RangeField
  /** `number`: not a whole number from 0 on; `large`: beyond any count of events; `zero`: a step of 0 leads nowhere. */
  readonly reason: 'number' | 'large' | 'zero'
}

/** The range that is typed, or what is wrong with the first field that is. */
export function parseRange(texts: RangeTexts): EventRange | RangeProblem {
  for (const field of ['start', 'stop', 'step'] as const) {
    const reason = findReason(texts[field].trim(), field)
    if (reason !== null) return { field, reason }
  }
  const start = texts.start.trim()
  const stop = texts.stop.trim()
  const step = texts.step.trim()
  return {
    kind: 'range',
    start: Number(start),
    stop: stop === '' ? null : Number(stop),
    step: step === '' ? 1 : Number(step),
  }
}

function findReason(text: string, field: RangeField): RangeProblem['reason'] | null {
  if (text === '') return null
  if (!/^\d+$/.test(text)) return 'number'
  if (!Number.isSafeInteger(Number(text))) return 'large'
  return field === 'step' && Number(text) === 0 ? 'zero' : null
}

/** The range as it stands in the fields. */
export function formatRange({ start, stop, step }: EventRange): RangeTexts {
  return { start: String(start), stop: stop === null ? '' : String(stop), step: String(step) }
}

/** How many of `total` events are selected. `listCount`: how many the list of the selection names; null where that is not known. */
export function countSelected(
  selection: EventSelection,
  total: number,
  listCount: number | null = null,
): number | null {
  switch (selection.kind) {
    case 'all':
      return total
    case 'indices':
      return listCount
    case 'range': {
      const stop = Math.min(selection.stop ?? total, total)
      return Math.max(0, Math.ceil((stop - selection.start) / selection.step))
    }
  }
}
