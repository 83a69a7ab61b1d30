import fc from 'fast-check'

import type { EventQueue, FrameEvents } from '../../../src-main/write/event-queue.ts'
import type { FeatNevents } from '../../../src-main/write/feat-nevents.ts'
import { fromBooleans, fromTypedArray } from '../../../src-main/write/nd-array.ts'

export const FEATURES = ['deform', 'frame', 'mask', 'trace/fl1_raw'] as const

export interface Recording {
  /** Number of events of each frame. */
  readonly counts: readonly number[]
  readonly features: readonly (typeof FEATURES)[number][]
  /** Order in which frames arrive. */
  readonly order: readonly number[]
  readonly threshold: number
  readonly offset: number
}

/** Any recording: no, one or many events a frame, any order of arrival, any threshold. */
export const anyRecording: fc.Arbitrary<Recording> = fc
  .record({
    counts: fc.array(fc.oneof(fc.constant(0), fc.constant(1), fc.integer({ min: 2, max: 6 })), {
      maxLength: 14,
    }),
    features: fc.subarray([...FEATURES], { minLength: 1 }),
    threshold: fc.integer({ min: 1, max: 16 }),
    offset: fc.integer({ min: 0, max: 1000 }),
  })
  .chain((recording) =>
    fc
      .shuffledSubarray([...recording.counts.keys()], { minLength: recording.counts.length })
      .map((order) => ({ ...recording, order })),
  )

/** A value that says which event of which frame it is. */
const valueOf = (frameIndex: number, event: number): number => frameIndex * 100 + event

/** Expected values of a feature over these events, in the order of the file. */
export function expectedValues(feature: string, events: readonly (readonly [number, number])[]): unknown[] {
  return events.flatMap(([frameIndex, event]) => {
    const value = valueOf(frameIndex, event)
    if (feature === 'mask') return [0, 1].map((pixel) => ((value + pixel) % 2 === 0 ? 0 : 255))
    if (feature === 'trace/fl1_raw') return [value % 30_000, (value + 1) % 30_000, (value + 2) % 30_000]
    return [value]
  })
}

/** Frame index and number of each event, frames in order. */
export function listEvents(counts: readonly number[], offset = 0): (readonly [number, number])[] {
  return counts.flatMap((count, position) =>
    Array.from({ length: count }, (_, event) => [offset + position, event] as const),
  )
}

export function makeEvents(frameIndex: number, count: number, features: readonly string[]): FrameEvents {
  if (count === 0) return new Map()
  const values = Array.from({ length: count }, (_, event) => valueOf(frameIndex, event))
  return new Map(
    features.map((feature) => {
      if (feature === 'mask') {
        const pixels = values.flatMap((value) => [value % 2, (value + 1) % 2])
        return [feature, fromBooleans(pixels, [count, 1, 2])]
      }
      if (feature === 'trace/fl1_raw') {
        const samples = values.flatMap((value) =>
          [value, value + 1, value + 2].map((sample) => sample % 30_000),
        )
        return [feature, fromTypedArray(Int16Array.from(samples), [count, 3])]
      }
      if (feature === 'frame') return [feature, fromTypedArray(BigUint64Array.from(values, BigInt))]
      return [feature, fromTypedArray(Float64Array.from(values))]
    }),
  )
}

/** Puts a recording's frames into the queue in their order of arrival, counts said before or after, as real producers do. */
export async function produce(
  recording: Recording,
  queue: EventQueue,
  featNevents: FeatNevents,
): Promise<void> {
  for (const position of recording.order) {
    const count = recording.counts[position] ?? 0
    const frameIndex = recording.offset + position
    if (position % 2 === 0) featNevents.set(position, count)
    await queue.put(frameIndex, makeEvents(frameIndex, count, recording.features))
    if (position % 2 === 1) featNevents.set(position, count)
    if (position % 3 === 0) await new Promise((resolve) => setImmediate(resolve))
  }
}
