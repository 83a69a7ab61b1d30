import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import type { FrameEvents } from '../../../src-main/write/event-queue.ts'
import { EventStash } from '../../../src-main/write/event-stash.ts'
import { fromBooleans, fromTypedArray } from '../../../src-main/write/nd-array.ts'

const deform = (...values: number[]): FrameEvents =>
  new Map([['deform', fromTypedArray(Float64Array.from(values))]])
const floats = (bytes: Uint8Array | undefined): number[] => [
  ...new Float64Array(bytes?.slice().buffer ?? new ArrayBuffer(0)),
]

describe('EventStash', () => {
  it('puts the events of a frame where its number says, whatever comes first', () => {
    const stash = new EventStash(100, [2, 0, 1])
    stash.addEvents(102, deform(3))
    stash.addEvents(101, new Map())
    expect(stash.isComplete()).toBe(false)
    expect(stash.missingFrames()).toEqual([100])
    stash.addEvents(100, deform(1, 2))
    expect(stash.isComplete()).toBe(true)
    expect(floats(stash.events.get('deform')?.bytes)).toEqual([1, 2, 3])
    expect(stash.events.get('deform')?.shape).toEqual([3])
    expect([...stash.indicesForData]).toEqual([100, 100, 102])
    expect([...stash.neventsForData()]).toEqual([2n, 2n, 1n])
    expect([stash.size, stash.numFrames, stash.indexOffset]).toEqual([3, 3, 100])
    expect(stash.nevIdx).toEqual([2, 2, 3])
  })

  it('sorts images as it sorts numbers', () => {
    const stash = new EventStash(0, [1, 1])
    stash.addEvents(1, new Map([['image', fromTypedArray(Uint8Array.of(5, 6, 7, 8), [1, 2, 2])]]))
    stash.addEvents(0, new Map([['image', fromTypedArray(Uint8Array.of(1, 2, 3, 4), [1, 2, 2])]]))
    expect(stash.events.get('image')?.shape).toEqual([2, 2, 2])
    expect([...(stash.events.get('image')?.bytes ?? [])]).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
  })

  it('gives the same arrays for every order of arrival', () => {
    const frames = fc.array(fc.array(fc.double(), { maxLength: 4 }), { maxLength: 12 })
    const shuffled = frames.chain((counts) =>
      fc.tuple(fc.constant(counts), fc.shuffledSubarray([...counts.keys()], { minLength: counts.length })),
    )
    fc.assert(
      fc.property(shuffled, fc.nat(1000), ([values, order], offset) => {
        const stash = new EventStash(
          offset,
          values.map((frame) => frame.length),
        )
        for (const position of order) {
          const frame = values[position] ?? []
          stash.addEvents(offset + position, frame.length > 0 ? deform(...frame) : new Map())
        }
        expect(stash.isComplete()).toBe(true)
        expect(floats(stash.events.get('deform')?.bytes)).toEqual(values.flat())
        expect([...stash.indicesForData]).toEqual(
          values.flatMap((frame, position) => frame.map(() => offset + position)),
        )
      }),
      { numRuns: 200 },
    )
  })

  it('is complete from the start if it has no frames', () => {
    expect(new EventStash(0, []).isComplete()).toBe(true)
  })

  it('accepts empty arrays for a frame without events', () => {
    const stash = new EventStash(0, [0])
    stash.addEvents(0, deform())
    expect(stash.isComplete()).toBe(true)
    expect(stash.events.size).toBe(0)
  })

  describe('refuses', () => {
    const stash = () => {
      const made = new EventStash(10, [1, 2, 1])
      made.addEvents(10, deform(1))
      return made
    }

    it('a frame outside, with its index', () => {
      expect(() => stash().addEvents(9, deform(1))).toThrow(/frame 9: does not belong to the frames 10 to 12/)
      expect(() => stash().addEvents(13, deform(1))).toThrow(/frame 13/)
      expect(() => stash().addEvents(10.5, deform(1))).toThrow(/frame 10.5/)
    })

    it('a frame that was added twice', () => {
      expect(() => stash().addEvents(10, deform(1))).toThrow(/frame 10: was added twice/)
    })

    it('a number of events other than announced', () => {
      expect(() => stash().addEvents(11, deform(1))).toThrow(
        /frame 11, feature deform: brings 1 events, but 2 were announced/,
      )
      expect(() => stash().addEvents(11, new Map())).toThrow(
        /frame 11: brings no events, but 2 were announced/,
      )
      expect(() => new EventStash(0, [0]).addEvents(0, deform(1))).toThrow(/brings 1 events, but 0/)
    })

    it('another dtype or shape than the first', () => {
      const singles = new Map([['deform', fromTypedArray(Float32Array.of(1))]])
      expect(() => stash().addEvents(12, singles)).toThrow(
        /frame 12, feature deform: brings <f4 \(\) an event, frame 10 had <f8 \(\)/,
      )
      const pairs = new Map([['deform', fromTypedArray(Float64Array.of(1, 2), [1, 2])]])
      expect(() => stash().addEvents(12, pairs)).toThrow(/frame 12, feature deform: brings <f8 \(2\)/)
      const flags = new Map([['deform', fromBooleans([true])]])
      expect(() => stash().addEvents(12, flags)).toThrow(/brings bool/)
    })

    it('a feature that a frame with events lacks, whichever of the two comes first', () => {
      const both = new Map([...deform(5), ['area_um', fromTypedArray(Float64Array.of(1))] as const])
      expect(() => stash().addEvents(12, both)).toThrow(
        /frame 10, feature area_um: has events but lacks .* frame 12 brings/,
      )
      const wide = new EventStash(0, [1, 1])
      wide.addEvents(0, both)
      expect(() => wide.addEvents(1, deform(1))).toThrow(/frame 1, feature area_um: .* which frame 0 has/)
    })

    it('what does not fit earlier stashes', () => {
      const layout = stash().layout()
      const later = new EventStash(20, [1], { layout })
      const other = new Map([['area_um', fromTypedArray(Float64Array.of(1))]])
      expect(() => later.addEvents(20, other)).toThrow(/frame 20, feature deform: .* the frames before/)
      const both = new Map([...deform(5), ...other])
      expect(() => later.addEvents(20, both)).toThrow(
        /frame 20, feature area_um: brings this feature, which the frames before lack/,
      )
    })

    it('bytes that do not fit the shape', () => {
      const broken = new Map([['deform', { ...fromTypedArray(new Float64Array(1)), shape: [2] }]])
      expect(() => stash().addEvents(11, broken)).toThrow(/16 bytes, not 8/)
    })

    it('and stays as it was', () => {
      const made = stash()
      const mixed = new Map([...deform(2, 3), ['area_um', fromTypedArray(Float64Array.of(1, 2))] as const])
      expect(() => made.addEvents(11, mixed)).toThrow(/area_um/)
      made.addEvents(11, deform(2, 3))
      made.addEvents(12, deform(4))
      expect(floats(made.events.get('deform')?.bytes)).toEqual([1, 2, 3, 4])
      expect([...made.events.keys()]).toEqual(['deform'])
    })
  })

  it('can drop frames that will never come', () => {
    const stash = new EventStash(5, [1, 2, 0, 2])
    stash.addEvents(5, deform(1))
    stash.addEvents(8, deform(8, 9))
    const kept = stash.dropMissing()
    expect(kept.isComplete()).toBe(true)
    expect(floats(kept.events.get('deform')?.bytes)).toEqual([1, 8, 9])
    expect([...kept.indicesForData]).toEqual([5, 8, 8])
    expect([...kept.neventsForData()]).toEqual([1n, 2n, 2n])
  })
})
