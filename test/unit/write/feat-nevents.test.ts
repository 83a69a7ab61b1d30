import { describe, expect, it } from 'vitest'

import { FeatNevents } from '../../../src-main/write/feat-nevents.ts'

describe('FeatNevents', () => {
  it('knows nothing at first and what it was told afterwards', () => {
    const counts = new FeatNevents(3)
    expect([...counts.slice(0, 9)]).toEqual([-1, -1, -1])
    counts.set(1, 4)
    expect(counts.get(1)).toBe(4)
    expect(counts.isKnown(1, 2)).toBe(true)
    expect(counts.isKnown(0, 2)).toBe(false)
  })

  it('wakes who waits for a range as soon as its last frame is known, and not before', async () => {
    const counts = new FeatNevents(5)
    const woken: string[] = []
    const first = counts.waitFor(0, 2).then(() => woken.push('first'))
    const second = counts.waitFor(2, 9).then(() => woken.push('second'))
    for (const position of [4, 2, 0, 3]) counts.set(position, 0)
    await second
    expect(woken).toEqual(['second'])
    counts.set(1, 7)
    await first
    expect(woken).toEqual(['second', 'first'])
  })

  it('does not let anyone wait for frames behind its end', async () => {
    await FeatNevents.of([1, 2]).waitFor(2, 500)
    await new FeatNevents(0).waitFor(0, 500)
  })

  it('refuses frames that do not exist and counts that contradict earlier ones', () => {
    const counts = FeatNevents.of([1, -1])
    expect(() => counts.set(2, 1)).toThrow(/no frame 2/)
    expect(() => counts.set(1, -1)).toThrow(/0 or more events/)
    expect(() => counts.set(1, 1.5)).toThrow(/0 or more events/)
    expect(() => counts.set(0, 2)).toThrow(/was said to have 1 events, now 2/)
    counts.set(0, 1)
  })

  it('wakes who waits when a live source ends early', async () => {
    const counts = new FeatNevents(10)
    const waiting = counts.waitFor(0, 500)
    counts.set(0, 3)
    counts.endAt(1)
    await waiting
    expect([...counts.slice(0, 500)]).toEqual([3])
    expect(counts.length).toBe(1)
  })
})
