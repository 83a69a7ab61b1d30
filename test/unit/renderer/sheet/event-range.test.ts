import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  countSelected,
  formatRange,
  parseRange,
} from '../../../../src-renderer/features/sheet/event-range.ts'

const empty = { start: '', stop: '', step: '' }

describe('a typed range of events', () => {
  it('takes empty fields for the first event, the end, and every event', () => {
    expect(parseRange(empty)).toEqual({ kind: 'range', start: 0, stop: null, step: 1 })
  })

  it('takes numbers with blanks around them', () => {
    expect(parseRange({ start: ' 10 ', stop: '1000', step: '3' })).toEqual({
      ...{ kind: 'range', start: 10, stop: 1000, step: 3 },
    })
  })

  it.each(['-1', '1.5', '1e3', '1,000', 'ten', '0x10', '١'])('does not take %s', (text) => {
    expect(parseRange({ ...empty, start: text })).toEqual({ field: 'start', reason: 'number' })
  })

  it('names the field that is wrong, and why', () => {
    expect(parseRange({ ...empty, stop: 'x' })).toEqual({ field: 'stop', reason: 'number' })
    expect(parseRange({ ...empty, step: '0' })).toEqual({ field: 'step', reason: 'zero' })
    expect(parseRange({ ...empty, stop: '9007199254740992' })).toEqual({ field: 'stop', reason: 'large' })
  })

  it('stands in the fields as it was read from them', () => {
    const range = { kind: 'range', start: 7, stop: null, step: 2 } as const
    expect(parseRange(formatRange(range))).toEqual(range)
  })
})

describe('the count of selected events', () => {
  it('is what a slice by that range has', () => {
    const whole = fc.nat(60)
    const range = fc.record({
      ...{ kind: fc.constant('range' as const), start: whole, stop: fc.option(whole) },
      step: fc.integer({ min: 1, max: 9 }),
    })
    fc.assert(
      fc.property(range, whole, (selection, total) => {
        const { start, stop, step } = selection
        const rows = Array.from({ length: total }, (_, row) => row).slice(start, stop ?? undefined)
        const kept = rows.filter((row) => (row - start) % step === 0)
        expect(countSelected(selection, total)).toBe(kept.length)
      }),
    )
  })

  it('is not known for a list in a file', () => {
    expect(countSelected({ kind: 'indices', file: '/data/rows.txt' }, 10)).toBeNull()
    expect(countSelected({ kind: 'indices', file: '/data/rows.txt' }, 10, 12)).toBe(12)
  })
})
