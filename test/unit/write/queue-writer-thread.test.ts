import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { Cancelled } from '../../../src-main/errors.ts'
import type { FileWriter } from '../../../src-main/hdf5/writing/file-writer.ts'
import { ChunkQueue } from '../../../src-main/write/chunk-queue.ts'
import { EventQueue } from '../../../src-main/write/event-queue.ts'
import { FeatNevents } from '../../../src-main/write/feat-nevents.ts'
import { fromTypedArray } from '../../../src-main/write/nd-array.ts'
import { QueueWriterThread } from '../../../src-main/write/queue-writer-thread.ts'
import { expectError, expectRejection } from '../../helpers/expect-error.ts'
import { lookInto, writeFile } from './file-fixture.ts'
import {
  anyRecording,
  expectedValues,
  listEvents,
  makeEvents,
  produce,
  type Recording,
} from './frame-source.ts'

const recordingOf = (counts: readonly number[], rest: Partial<Recording> = {}): Recording => ({
  counts,
  features: ['deform'],
  order: [...counts.keys()],
  threshold: 3,
  offset: 0,
  ...rest,
})

function makeWriter(
  pathOut: FileWriter,
  recording: Recording,
  options: { acceptMissingFrames?: boolean; queueBytes?: number } = {},
) {
  const { queueBytes = Infinity, ...rest } = options
  return new QueueWriterThread({
    eventQueue: new EventQueue(queueBytes),
    writeQueueSize: { value: -1 },
    featNevents: new FeatNevents(recording.counts.length),
    pathOut,
    writeThreshold: recording.threshold,
    frameOffset: recording.offset,
    ...rest,
  })
}

/** Puts some frames, says their counts, then closes or fails the queue. */
async function produceSome(
  writer: QueueWriterThread,
  frames: readonly (readonly [number, number])[],
  failure?: unknown,
) {
  for (const [position, count] of frames) {
    writer.featNevents.set(position, count)
    await writer.eventQueue.put(
      writer.frameOffset + position,
      makeEvents(writer.frameOffset + position, count, ['deform']),
    )
  }
  if (failure === undefined) writer.eventQueue.close()
  else writer.eventQueue.fail(failure)
}

async function expectFile(path: string, recording: Recording): Promise<void> {
  const events = listEvents(recording.counts, recording.offset)
  await lookInto(path, async (opened) => {
    const present = events.length > 0 ? recording.features : []
    const names = [
      ...new Set(['index_unmapped', 'nevents', ...present.map((feature) => feature.split('/')[0] ?? '')]),
    ]
    expect(await opened.names('/events')).toEqual(recording.counts.length > 0 ? names.sort() : [])
    for (const feature of present) {
      expect(await opened.values(`/events/${feature}`), feature).toEqual(expectedValues(feature, events))
    }
    if (recording.counts.length === 0) return
    expect(await opened.values('/events/index_unmapped')).toEqual(events.map(([frameIndex]) => frameIndex))
    const nevents = events.map(([frameIndex]) => recording.counts[frameIndex - recording.offset])
    expect(await opened.values('/events/nevents')).toEqual(nevents)
  })
}

describe('QueueWriterThread', () => {
  it('writes the same file for every order of arrival, number of events, feature and threshold', async () => {
    await fc.assert(
      fc.asyncProperty(anyRecording, fc.boolean(), async (recording, isBounded) => {
        const path = await writeFile(async (h5) => {
          const writer = makeWriter(h5, recording, { queueBytes: isBounded ? 400 : Infinity })
          await Promise.all([writer.run(), produce(recording, writer.eventQueue, writer.featNevents)])
          expect(writer.writtenEvents.value).toBe(recording.counts.reduce((sum, count) => sum + count, 0))
          expect(writer.writtenFrames.value).toBe(recording.counts.length)
          expect(writer.writeQueueSize.value).toBe(0)
        })
        await expectFile(path, recording)
      }),
      { numRuns: 40 },
    )
  })

  it('stores index_unmapped as uint32 and nevents as int64, like dcnum', async () => {
    const recording = recordingOf([2, 0, 1])
    const path = await writeFile(async (h5) => {
      const writer = makeWriter(h5, recording)
      await Promise.all([writer.run(), produce(recording, writer.eventQueue, writer.featNevents)])
    })
    await lookInto(path, async (opened) => {
      expect((await opened.dataset('/events/index_unmapped')).datatype).toMatchObject({
        size: 4,
        signed: false,
      })
      expect((await opened.dataset('/events/nevents')).datatype).toMatchObject({ size: 8, signed: true })
    })
  })

  it('takes frames that arrived before it started, and pieces through a queue that is given', async () => {
    const recording = recordingOf([1, 1, 1, 1])
    const writerDq = new ChunkQueue(1)
    const path = await writeFile(async (h5) => {
      const writer = makeWriter(h5, recording)
      const bufferDq = [3, 2, 1, 0].map((frameIndex) => ({
        frameIndex,
        events: makeEvents(frameIndex, 1, ['deform']),
      }))
      recording.counts.forEach((count, position) => writer.featNevents.set(position, count))
      await writer.run({ bufferDq, writerDq })
    })
    await expectFile(path, recording)
  })

  it('counts what was stored, not what was queued', async () => {
    await writeFile(async (h5) => {
      const recording = recordingOf([1, 1, 1], { threshold: 1 })
      const writer = makeWriter(h5, recording)
      const seen: number[] = []
      const running = writer.run()
      for (const position of [0, 1, 2]) {
        seen.push(writer.writtenEvents.value)
        writer.featNevents.set(position, 1)
        await writer.eventQueue.put(position, makeEvents(position, 1, ['deform']))
      }
      await running
      expect(seen[0]).toBe(0)
      expect(writer.writtenEvents.value).toBe(3)
    })
  })

  it('ends when a live source turns out shorter than foreseen', async () => {
    const path = await writeFile(async (h5) => {
      const writer = makeWriter(h5, recordingOf([1, 1, 1, 1, 1, 1, 1]))
      const running = writer.run()
      const frames = [
        [1, 1],
        [0, 2],
        [3, 1],
        [2, 0],
      ] as const
      for (const [position, count] of frames) {
        writer.featNevents.set(position, count)
        await writer.eventQueue.put(position, makeEvents(position, count, ['deform']))
      }
      writer.featNevents.endAt(4)
      await running
    })
    await expectFile(path, recordingOf([2, 1, 0, 1]))
  })

  describe('when the event queue ends too early', () => {
    it('names the missing frames and keeps what arrived', async () => {
      const path = await writeFile(async (h5) => {
        const writer = makeWriter(h5, recordingOf(new Array<number>(20).fill(1), { offset: 100 }))
        const running = writer.run()
        await produceSome(writer, [
          [0, 1],
          [1, 2],
          [2, 0],
          [5, 1],
          [3, 2],
          [19, 1],
        ])
        const error = await expectRejection(running, 'E_FRAMES')
        expect(error.message).toMatch(/frames 104, 106, 107, 108, 109 and 9 more of 20 never arrived/)
        expect([error.expected, error.actual]).toEqual([20, 6])
        expect([writer.writtenEvents.value, writer.writtenFrames.value]).toEqual([7, 6])
      })
      await lookInto(path, async (opened) => {
        expect(await opened.values('/events/deform')).toEqual([
          10000, 10100, 10101, 10300, 10301, 10500, 11900,
        ])
        expect(await opened.values('/events/index_unmapped')).toEqual([100, 101, 101, 103, 103, 105, 119])
        expect(await opened.values('/events/nevents')).toEqual([1, 2, 2, 2, 2, 1, 1])
      })
    })

    it('keeps frames of a slice whose counts are all known', async () => {
      const path = await writeFile(async (h5) => {
        const writer = makeWriter(h5, recordingOf([1, 1, 1]))
        writer.featNevents.set(1, 1)
        const running = writer.run()
        await produceSome(writer, [
          [2, 1],
          [0, 1],
        ])
        const error = await expectRejection(running, 'E_FRAMES')
        expect(error.message).toMatch(/^frame 1 of 3 never arrived/)
      })
      await lookInto(path, async (opened) =>
        expect(await opened.values('/events/index_unmapped')).toEqual([0, 2]),
      )
    })

    it('gives the error that ended it as the cause, and a cancellation as it is', async () => {
      await writeFile(async (h5) => {
        const failure = new Error('the camera is gone')
        const writer = makeWriter(h5, recordingOf([1, 1]))
        const running = writer.run()
        await produceSome(writer, [[0, 1]], failure)
        const error = await expectRejection(running, 'E_FRAMES')
        expect(error.message).toMatch(/the camera is gone/)
        expect(error.cause).toBe(failure)
      })
      const path = await writeFile(async (h5) => {
        const writer = makeWriter(h5, recordingOf([1, 1]))
        const running = writer.run()
        await produceSome(writer, [[0, 1]], new Cancelled())
        await expectRejection(running, 'E_CANCELLED')
      })
      await lookInto(path, async (opened) => expect(await opened.values('/events/deform')).toEqual([0]))
    })

    it('only warns if missing frames are accepted', async () => {
      const warnings: string[] = []
      await writeFile(async (h5) => {
        const logger = {
          info: () => undefined,
          error: () => undefined,
          warning: (text: string) => warnings.push(text),
        }
        const { eventQueue, featNevents, writeQueueSize } = makeWriter(h5, recordingOf([1, 1]))
        const writer = new QueueWriterThread({
          eventQueue,
          featNevents,
          writeQueueSize,
          pathOut: h5,
          acceptMissingFrames: true,
          logger,
        })
        const running = writer.run()
        await produceSome(writer, [[1, 1]])
        await running
        expect(writer.writtenEvents.value).toBe(1)
      })
      expect(warnings).toEqual([expect.stringContaining('frame 0 of 2')])
    })
  })

  describe('refuses, and releases producers that wait:', () => {
    async function refusalOf(
      frames: readonly (readonly [number, ReturnType<typeof makeEvents>])[],
      counts = [1, 1, 1, 1],
    ) {
      let message = ''
      await writeFile(async (h5) => {
        const writer = makeWriter(h5, recordingOf(counts, { threshold: 2 }), { queueBytes: 1 })
        counts.forEach((count, position) => writer.featNevents.set(position, count))
        const running = writer.run()
        const puts = Promise.allSettled(
          frames.map(([frameIndex, events]) => writer.eventQueue.put(frameIndex, events)),
        )
        const error = await expectRejection(running, 'E_FRAME')
        message = error.message
        await puts
        await expect(writer.eventQueue.put(0, new Map())).rejects.toBe(error)
      })
      return message
    }
    const deform = (frameIndex: number) => makeEvents(frameIndex, 1, ['deform'])

    it('frames that do not exist', async () => {
      expect(await refusalOf([[4, deform(4)]])).toMatch(/frame 4 does not exist, there are only 0 to 3/)
    })

    it('frames that come twice: waiting, in the slice, or written already', async () => {
      expect(
        await refusalOf([
          [3, deform(3)],
          [3, deform(3)],
        ]),
      ).toMatch(/frame 3 was added twice/)
      expect(
        await refusalOf([
          [0, deform(0)],
          [0, deform(0)],
        ]),
      ).toMatch(/frame 0 was added twice/)
      expect(
        await refusalOf([
          [0, deform(0)],
          [1, deform(1)],
          [0, deform(0)],
        ]),
      ).toMatch(/frame 0 was added twice/)
      const all = [0, 1, 2, 3, 3].map((frameIndex) => [frameIndex, deform(frameIndex)] as const)
      expect(await refusalOf(all)).toMatch(/frame 3 was added twice/)
    })

    it('features that change between slices', async () => {
      const wide = makeEvents(2, 1, ['deform', 'frame'])
      expect(
        await refusalOf([
          [0, deform(0)],
          [1, deform(1)],
          [2, wide],
        ]),
      ).toMatch(/frame 2, feature frame: .* the frames before lack/)
    })

    it('features that it makes itself', async () => {
      const own = new Map([['nevents', fromTypedArray(Float64Array.of(1))]])
      expect(await refusalOf([[0, own]])).toMatch(/frame 0 brings the feature nevents/)
    })

    it('indices that are none', async () => {
      const queue = new EventQueue()
      for (const index of [-1, 0.5, 2 ** 32]) await expectRejection(queue.put(index, new Map()), 'E_FRAME')
    })
  })

  it('stops everything when the writer fails, waiting producers included', async () => {
    await writeFile(async (h5) => {
      const recording = recordingOf(new Array<number>(50).fill(1), { threshold: 1 })
      const writer = makeWriter(h5, recording, { queueBytes: 1 })
      // Something of another kind is there already, so that the first piece cannot be stored.
      h5.root.requireGroup('events').requireGroup('deform')
      const producing = produce(recording, writer.eventQueue, writer.featNevents)
      const error = await expectRejection(writer.run(), 'E_TYPE')
      await expect(producing).rejects.toBe(error)
      expect(writer.writtenEvents.value).toBe(0)
    })
  })

  it('stops when the writer fails while it waits for the next frame', async () => {
    await writeFile(async (h5) => {
      const writer = makeWriter(h5, recordingOf([1, 1], { threshold: 1 }))
      h5.root.requireGroup('events').requireGroup('deform')
      const running = expectRejection(writer.run(), 'E_TYPE')
      writer.featNevents.set(0, 1)
      await writer.eventQueue.put(0, makeEvents(0, 1, ['deform']))
      await running
    })
  })

  it('refuses a threshold below one frame', async () => {
    await writeFile((h5) => {
      expectError(() => makeWriter(h5, recordingOf([1], { threshold: 0 })), 'E_USAGE')
    })
  })
})
