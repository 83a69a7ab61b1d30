import fc from 'fast-check'

import type { FrameEvents } from '../../../src-main/write/event-queue.ts'
import { fromBooleans, fromTypedArray } from '../../../src-main/write/nd-array.ts'
import type { QueueWriterBase } from '../../../src-main/write/queue-writer-base.ts'

/** A float, a 64-bit integer, an image, a boolean mask, and one in a group. */
const FEATURES = ['deform', 'frame', 'image', 'mask', 'trace/fl1_raw'] as const

/** The features that queue writers add. */
const OWN_FEATURES = ['index_unmapped', 'nevents'] as const

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

/** What a file holds: values of every feature, in the order of the file; a missing feature is empty. */
export type Contents = Readonly<Record<string, readonly unknown[]>>

export function recordingOf(counts: readonly number[], rest: Partial<Recording> = {}): Recording {
  return { counts, features: ['deform'], order: [...counts.keys()], threshold: 3, offset: 0, ...rest }
}

/** Features of a recording's file, those that a queue writer adds included. */
export function listFeatures(recording: Recording): readonly string[] {
  return [...recording.features, ...OWN_FEATURES]
}

/** What sorted input gives. */
export function expectedContents(recording: Recording): Contents {
  const events = listEvents(recording.counts, recording.offset)
  return {
    ...Object.fromEntries(recording.features.map((feature) => [feature, expectedValues(feature, events)])),
    index_unmapped: events.map(([frameIndex]) => frameIndex),
    nevents: events.map(([frameIndex]) => recording.counts[frameIndex - recording.offset]),
  }
}

/** Expected values of a feature over these events, in the order of the file. */
function expectedValues(feature: string, events: readonly (readonly [number, number])[]): unknown[] {
  return events.flatMap(([frameIndex, event]) => {
    const value = valueOf(frameIndex, event)
    if (feature === 'image') return [0, 1, 2, 3].map((pixel) => (value + pixel) % 256)
    if (feature === 'mask') return [0, 1].map((pixel) => ((value + pixel) % 2 === 0 ? 0 : 255))
    if (feature === 'trace/fl1_raw') return [value % 30_000, (value + 1) % 30_000, (value + 2) % 30_000]
    return [value]
  })
}

/** Frame index and number of each event, frames in order. */
function listEvents(counts: readonly number[], offset = 0): (readonly [number, number])[] {
  return counts.flatMap((count, position) =>
    Array.from({ length: count }, (_, event) => [offset + position, event] as const),
  )
}

export function makeEvents(frameIndex: number, count: number, features: readonly string[]): FrameEvents {
  if (count === 0) return new Map()
  const values = Array.from({ length: count }, (_, event) => valueOf(frameIndex, event))
  return new Map(
    features.map((feature) => {
      if (feature === 'image') {
        const pixels = values.flatMap((value) => [0, 1, 2, 3].map((pixel) => value + pixel))
        return [feature, fromTypedArray(Uint8Array.from(pixels), [count, 2, 2])]
      }
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
  { eventQueue, featNevents }: Pick<QueueWriterBase, 'eventQueue' | 'featNevents'>,
  producers = 1,
): Promise<void> {
  let next = 0
  const work = async (): Promise<void> => {
    for (let position = recording.order[next++]; position !== undefined; position = recording.order[next++]) {
      const count = recording.counts[position] ?? 0
      const frameIndex = recording.offset + position
      if (position % 2 === 0) featNevents.set(position, count)
      await eventQueue.put(frameIndex, makeEvents(frameIndex, count, recording.features))
      if (position % 2 === 1) featNevents.set(position, count)
      if (position % 3 === 0) await new Promise((resolve) => setImmediate(resolve))
    }
  }
  await Promise.all(Array.from({ length: producers }, work))
}
