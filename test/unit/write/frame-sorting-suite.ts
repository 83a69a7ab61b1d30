import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import type { WeirError } from '../../../src-main/errors.ts'
import type { FrameEntry, FrameEvents } from '../../../src-main/write/event-queue.ts'
import { fromTypedArray } from '../../../src-main/write/nd-array.ts'
import { anyRecording, expectedContents, type Contents, type Recording } from './frame-source.ts'

/** Whatever sorts frames: EventStash and the queue writers behave alike. */
export interface FrameSorter {
  /** Writes the recording, its frames put by so many producers at once, and reads what came of it. */
  write(recording: Recording, producers: number): Promise<Contents>
  /** Takes frames of a recording whose counts are known; gives the error with which it refuses one of them. */
  refuse(counts: readonly number[], entries: readonly FrameEntry[]): Promise<WeirError>
}

const floats = (...values: number[]) => fromTypedArray(Float64Array.from(values))
const deform = (...values: number[]): FrameEvents => new Map([['deform', floats(...values)]])
const both = (value: number): FrameEvents => new Map([...deform(value), ['area_um', floats(value)] as const])

interface Misuse {
  readonly what: string
  readonly frames: readonly (readonly [number, FrameEvents])[]
  readonly message: RegExp
}

/** Of three frames that have 1, 2 and 1 events. */
const MISUSES: readonly Misuse[] = [
  { what: 'an index outside', frames: [[3, deform(1)]], message: /^frame 3\b.* 0 to 2/ },
  {
    what: 'a frame twice',
    frames: [
      [0, deform(1)],
      [0, deform(1)],
    ],
    message: /^frame 0:? was added twice/,
  },
  {
    what: 'a frame twice that has no events',
    frames: [
      [0, deform(1)],
      [0, new Map()],
    ],
    message: /^frame 0:? was added twice/,
  },
  {
    what: 'fewer events than announced',
    frames: [[1, deform(1)]],
    message: /^frame 1, feature deform: brings 1 events, but 2 were announced/,
  },
  {
    what: 'more events than announced',
    frames: [[0, deform(1, 2, 3)]],
    message: /^frame 0, feature deform: brings 3 events, but 1 were announced/,
  },
  {
    what: 'no events though some were announced',
    frames: [[1, new Map()]],
    message: /^frame 1: brings no events, but 2 were announced/,
  },
  {
    what: 'another dtype',
    frames: [
      [0, deform(1)],
      [2, new Map([['deform', fromTypedArray(Float32Array.of(1))]])],
    ],
    message: /^frame 2, feature deform: brings <f4 \(\) an event, frame 0 had <f8 \(\)/,
  },
  {
    what: 'another shape',
    frames: [
      [0, deform(1)],
      [2, new Map([['deform', fromTypedArray(Float64Array.of(1, 2), [1, 2])]])],
    ],
    message: /^frame 2, feature deform: brings <f8 \(2\) an event, frame 0 had <f8 \(\)/,
  },
  {
    what: 'a feature that a later frame lacks',
    frames: [
      [0, both(1)],
      [2, deform(1)],
    ],
    message: /^frame 2, feature area_um: has events but lacks this feature, which frame 0 has/,
  },
  {
    what: 'a feature that an earlier frame lacks',
    frames: [
      [0, deform(1)],
      [2, both(1)],
    ],
    message: /^frame 0, feature area_um: has events but lacks this feature, which frame 2 brings/,
  },
]

/** The tests that every sorter of frames passes. */
export function describeFrameSorting(sorter: FrameSorter, { numRuns }: { readonly numRuns: number }): void {
  describe('sorts frames:', () => {
    it('gives what sorted input gives, for any frames, events, features, order, threshold and producers', async () => {
      const property = fc.asyncProperty(
        anyRecording,
        fc.integer({ min: 1, max: 4 }),
        async (recording, producers) => {
          expect(await sorter.write(recording, producers)).toEqual(expectedContents(recording))
        },
      )
      await fc.assert(property, { numRuns })
    })

    it.each(MISUSES)('refuses $what, naming frame and feature', async ({ frames, message }) => {
      const entries = frames.map(([frameIndex, events]) => ({ frameIndex, events }))
      const error = await sorter.refuse([1, 2, 1], entries)
      expect(error.code).toBe('E_FRAME')
      expect(error.message).toMatch(message)
    })
  })
}
