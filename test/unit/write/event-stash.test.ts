import { describe, expect, it } from 'vitest'

import { readValues, type AttributeValue } from '../../../src-main/hdf5/reading/attribute-value.ts'
import type { FrameEvents } from '../../../src-main/write/event-queue.ts'
import { EventStash } from '../../../src-main/write/event-stash.ts'
import { fromBooleans, fromTypedArray } from '../../../src-main/write/nd-array.ts'
import { expectError } from '../../helpers/expect-error.ts'
import { describeFrameSorting, type FrameSorter } from './frame-sorting-suite.ts'
import { listFeatures, makeEvents } from './frame-source.ts'

const deform = (...values: number[]): FrameEvents =>
  new Map([['deform', fromTypedArray(Float64Array.from(values))]])
const floats = (bytes: Uint8Array | undefined): number[] => [
  ...new Float64Array(bytes?.slice().buffer ?? new ArrayBuffer(0)),
]

/** One stash after the other, each of as many frames as a queue writer would write together. */
const sorter: FrameSorter = {
  async write(recording) {
    const { counts, order, threshold, offset } = recording
    const contents: Record<string, unknown[]> = Object.fromEntries(
      listFeatures(recording).map((feature) => [feature, []]),
    )
    for (let start = 0; start < counts.length; start += threshold) {
      const stash = new EventStash(offset + start, counts.slice(start, start + threshold))
      for (const position of order) {
        if (position < start || position >= start + stash.numFrames) continue
        const events = makeEvents(offset + position, counts[position] ?? 0, recording.features)
        stash.addEvents(offset + position, events)
      }
      expect(stash.isComplete()).toBe(true)
      for (const [feature, { datatype, bytes }] of stash.events)
        contents[feature]?.push(...readValues(datatype, { bytes, sequences: [] }).map(asStored))
      contents['index_unmapped']?.push(...stash.indicesForData)
      contents['nevents']?.push(...Array.from(stash.neventsForData(), Number))
    }
    return contents
  },
  async refuse(counts, entries) {
    const stash = new EventStash(0, counts)
    return expectError(() => {
      for (const { frameIndex, events } of entries) stash.addEvents(frameIndex, events)
    }, 'E_FRAME')
  },
}

/** A file has a mask as 0 and 255. */
function asStored(value: AttributeValue): unknown {
  if (typeof value === 'boolean') return value ? 255 : 0
  return typeof value === 'bigint' ? Number(value) : value
}

describe('EventStash', () => {
  describeFrameSorting(sorter, { numRuns: 200 })

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

    it('events of a frame that was announced to have none, and booleans among numbers', () => {
      expect(() => new EventStash(0, [0]).addEvents(0, deform(1))).toThrow(/brings 1 events, but 0/)
      const flags = new Map([['deform', fromBooleans([true])]])
      expect(() => stash().addEvents(12, flags)).toThrow(/brings bool/)
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
