import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

import { Cancelled } from '../../../src-main/errors.ts'
import type { DatasetKeywords } from '../../../src-main/write/default-filters.ts'
import { EventQueue } from '../../../src-main/write/event-queue.ts'
import { FeatNevents } from '../../../src-main/write/feat-nevents.ts'
import type { Logger } from '../../../src-main/write/logger.ts'
import { fromTypedArray } from '../../../src-main/write/nd-array.ts'
import type { QueueWriterArguments, QueueWriterBase } from '../../../src-main/write/queue-writer-base.ts'
import { expectError, expectRejection } from '../../helpers/expect-error.ts'
import { makeTemporaryFolder } from '../../helpers/temporary-folder.ts'
import { lookInto } from './file-fixture.ts'
import type { FrameSorter } from './frame-sorting-suite.ts'
import {
  expectedContents,
  listFeatures,
  makeEvents,
  produce,
  recordingOf,
  type Contents,
  type Recording,
} from './frame-source.ts'

/** What the suite asks for. `failingWrite`: the write to the disk, counted from 1, that finds it full. */
export interface QueueWriterSetup extends QueueWriterArguments {
  readonly pathOut: string
  readonly failingWrite?: number | undefined
}

export type MakeQueueWriter = (setup: QueueWriterSetup) => QueueWriterBase

export interface SuiteOptions {
  readonly recording: Recording
  readonly queueBytes?: number | undefined
  readonly earlyBytes?: number | undefined
  readonly acceptMissingFrames?: boolean | undefined
  readonly logger?: Logger | undefined
  readonly failingWrite?: number | undefined
  readonly pathOut?: string | undefined
  readonly hdf5DatasetKwargs?: DatasetKeywords | undefined
}

/** A queue writer for a recording, in a folder of the running test. */
export async function setUpWriter(
  make: MakeQueueWriter,
  { recording, queueBytes, earlyBytes, pathOut, ...rest }: SuiteOptions,
) {
  const path = pathOut ?? join(await makeTemporaryFolder(), 'made.rtdc')
  const writer = make({
    eventQueue: new EventQueue(queueBytes, earlyBytes),
    writeQueueSize: { value: -1 },
    featNevents: new FeatNevents(recording.counts.length),
    pathOut: path,
    writeThreshold: recording.threshold,
    frameOffset: recording.offset,
    ...rest,
  })
  return { path, writer }
}

/** What is in the file, whose features are those of the recording. */
export function readContents(path: string, recording: Recording): Promise<Contents> {
  return lookInto(path, async (opened) => {
    const values = listFeatures(recording).map(async (feature) => {
      const object = `/events/${feature}`
      const isThere = (await opened.find(object)) !== undefined
      return [feature, isThere ? (await opened.values(object)).map(asPlain) : []] as const
    })
    return Object.fromEntries(await Promise.all(values))
  })
}

function asPlain(value: unknown): unknown {
  return typeof value === 'bigint' ? Number(value) : value
}

/** What keeps Node alive, by its kind: nothing may be added by a writer that has ended. */
export async function listHandles(): Promise<string[]> {
  // A handle that was closed is gone at the end of a turn.
  for (let turn = 0; turn < 2; turn++) await new Promise((resolve) => setImmediate(resolve))
  return process.getActiveResourcesInfo().filter((kind) => /Process|Pipe|Port|Worker|FSEvent/.test(kind))
}

/** A queue writer as a sorter of frames. */
export function sorterOf(make: MakeQueueWriter): FrameSorter {
  return {
    async write(recording, producers) {
      const { path, writer } = await setUpWriter(make, { recording, queueBytes: 400 })
      await Promise.all([writer.run(), produce(recording, writer, producers)])
      expect([writer.writtenEvents.value, writer.writtenFrames.value, writer.writeQueueSize.value]).toEqual([
        recording.counts.reduce((sum, count) => sum + count, 0),
        recording.counts.length,
        0,
      ])
      return readContents(path, recording)
    },
    async refuse(counts, entries) {
      const { writer } = await setUpWriter(make, { recording: recordingOf(counts), queueBytes: 1 })
      const running = writer.run()
      counts.forEach((count, position) => writer.featNevents.set(position, count))
      const puts = Promise.allSettled(
        entries.map(({ frameIndex, events }) => writer.eventQueue.put(frameIndex, events)),
      )
      const error = await expectRejection(running, 'E_FRAME')
      await puts
      await expect(writer.eventQueue.put(0, new Map())).rejects.toBe(error)
      return error
    },
  }
}

/** Puts frames whose counts it says: position and number of events. */
export async function putFrames(
  writer: QueueWriterBase,
  frames: readonly (readonly [position: number, count: number])[],
): Promise<void> {
  for (const [position, count] of frames) {
    const frameIndex = writer.frameOffset + position
    writer.featNevents.set(position, count)
    await writer.eventQueue.put(frameIndex, makeEvents(frameIndex, count, ['deform']))
  }
}

/** What a promise that is not awaited yet will have rejected with; undefined if it resolves. */
export function thrownBy(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
}

/** The tests that every queue writer passes. */
export function describeQueueWriter(make: MakeQueueWriter): void {
  const setUp = (options: SuiteOptions) => setUpWriter(make, options)

  describe('writes', () => {
    it('index_unmapped as uint32 and nevents as int64, like dcnum', async () => {
      const recording = recordingOf([2, 0, 1])
      const { path, writer } = await setUp({ recording })
      await Promise.all([writer.run(), produce(recording, writer)])
      await lookInto(path, async (opened) => {
        const types = ['index_unmapped', 'nevents'].map(async (name) => {
          const { datatype } = await opened.dataset(`/events/${name}`)
          return datatype.class === 'integer' && [datatype.size, datatype.signed]
        })
        expect(await Promise.all(types)).toEqual([
          [4, false],
          [8, true],
        ])
      })
    })

    it('frames that arrived before it started', async () => {
      const recording = recordingOf([1, 0, 2, 1], { offset: 7 })
      const { path, writer } = await setUp({ recording })
      const bufferDq = [3, 2, 1, 0].map((position) => ({
        frameIndex: 7 + position,
        events: makeEvents(7 + position, recording.counts[position] ?? 0, ['deform']),
      }))
      recording.counts.forEach((count, position) => writer.featNevents.set(position, count))
      await writer.run({ bufferDq })
      expect(await readContents(path, recording)).toEqual(expectedContents(recording))
    })

    it('what there is when a live source turns out shorter than foreseen', async () => {
      const { path, writer } = await setUp({ recording: recordingOf([1, 1, 1, 1, 1, 1, 1]) })
      const running = writer.run()
      await putFrames(writer, [
        [1, 1],
        [0, 2],
        [3, 1],
        [2, 0],
      ])
      writer.featNevents.endAt(4)
      await running
      const shorter = recordingOf([2, 1, 0, 1])
      expect(await readContents(path, shorter)).toEqual(expectedContents(shorter))
    })

    it('to its logger what dcnum logs, and refuses frames afterwards', async () => {
      const lines: string[] = []
      const log = (line: string) => lines.push(line)
      const recording = recordingOf([1, 2])
      const { writer } = await setUp({ recording, logger: { info: log, warning: log, error: log } })
      await Promise.all([writer.run(), produce(recording, writer)])
      expect(lines).toEqual([expect.stringMatching(/^Disk time: \d/), 'Counted 3 events in 2 frames'])
      await expectRejection(writer.eventQueue.put(0, new Map()), 'E_CLOSED')
    })
  })

  describe('when the event queue ends too early', () => {
    const frames = [
      [0, 1],
      [1, 2],
      [2, 0],
      [5, 1],
      [3, 2],
      [19, 1],
    ] as const
    const arrived = recordingOf(
      Array.from({ length: 20 }, (_, position) => frames.find(([frame]) => frame === position)?.[1] ?? 0),
      { offset: 100 },
    )
    const setUpGaps = (options: Omit<SuiteOptions, 'recording'> = {}) =>
      setUp({ recording: recordingOf(new Array<number>(20).fill(1), { offset: 100 }), ...options })

    it('closed: names the missing frames and keeps what arrived', async () => {
      const { path, writer } = await setUpGaps()
      const running = writer.run()
      await putFrames(writer, frames)
      writer.eventQueue.close()
      const error = await expectRejection(running, 'E_FRAMES')
      expect(error.message).toMatch(/frames 104, 106, 107, 108, 109 and 9 more of 20 never arrived/)
      expect([error.expected, error.actual]).toEqual([20, 6])
      expect([writer.writtenEvents.value, writer.writtenFrames.value]).toEqual([7, 6])
      expect(await readContents(path, arrived)).toEqual(expectedContents(arrived))
    })

    it('failed, because a producer died: gives its error as the cause', async () => {
      const { path, writer } = await setUpGaps()
      const running = writer.run()
      await putFrames(writer, frames)
      const failure = new Error('the camera is gone')
      writer.eventQueue.fail(failure)
      const error = await expectRejection(running, 'E_FRAMES')
      expect(error.message).toMatch(/the camera is gone/)
      expect(error.cause).toBe(failure)
      expect(await readContents(path, arrived)).toEqual(expectedContents(arrived))
    })

    it('aborted: rejects with the cancellation and keeps what arrived', async () => {
      const { path, writer } = await setUpGaps()
      const running = writer.run()
      await putFrames(writer, frames)
      const cancellation = new Cancelled()
      writer.eventQueue.fail(cancellation)
      await expect(running).rejects.toBe(cancellation)
      expect(await readContents(path, arrived)).toEqual(expectedContents(arrived))
    })

    it('only warns if missing frames are accepted', async () => {
      const warnings: string[] = []
      const logger = {
        info: () => undefined,
        error: () => undefined,
        warning: (text: string) => warnings.push(text),
      }
      const { path, writer } = await setUpGaps({ acceptMissingFrames: true, logger })
      const running = writer.run()
      await putFrames(writer, frames)
      writer.eventQueue.close()
      await running
      expect(warnings).toEqual([expect.stringContaining('frames 104, 106')])
      expect(await readContents(path, arrived)).toEqual(expectedContents(arrived))
    })
  })

  describe('stops, and releases producers that wait in a full queue,', () => {
    it('at a frame that does not fit: the slices before are in the file', async () => {
      const recording = recordingOf([1, 1, 1, 1], { threshold: 2 })
      const { path, writer } = await setUp({ recording, queueBytes: 1 })
      const running = writer.run()
      const own = new Map([['nevents', fromTypedArray(Float64Array.of(1))]])
      recording.counts.forEach((count, position) => writer.featNevents.set(position, count))
      const puts = [0, 1].map((position) =>
        writer.eventQueue.put(position, makeEvents(position, 1, ['deform'])),
      )
      const late = [2, 3].map((position) => writer.eventQueue.put(position, own))
      const error = await expectRejection(running, 'E_FRAME')
      expect(error.message).toMatch(/frame 2 brings the feature nevents/)
      await Promise.all(puts)
      await Promise.allSettled(late)
      const kept = recordingOf([1, 1])
      expect(await readContents(path, kept)).toEqual(expectedContents(kept))
    })

    it('at a frame too many', async () => {
      const recording = recordingOf([1, 1, 1, 1], { threshold: 2 })
      const { path, writer } = await setUp({ recording, queueBytes: 1 })
      const running = writer.run()
      recording.counts.forEach((count, position) => writer.featNevents.set(position, count))
      const puts = [0, 1, 2, 3, 3].map((position) =>
        writer.eventQueue.put(position, makeEvents(position, 1, ['deform'])),
      )
      const error = await expectRejection(running, 'E_FRAME')
      expect(error.message).toMatch(/frame 3 was added twice/)
      await Promise.allSettled(puts)
      // It may come before or after the second slice was complete.
      const { deform } = await readContents(path, recording)
      expect([
        [0, 100],
        [0, 100, 200, 300],
      ]).toContainEqual(deform)
    })

    it('when features change between slices', async () => {
      const recording = recordingOf([1, 1, 1], { threshold: 2 })
      const { writer } = await setUp({ recording, queueBytes: 1 })
      const running = writer.run()
      recording.counts.forEach((count, position) => writer.featNevents.set(position, count))
      const puts = [0, 1, 2].map((position) =>
        writer.eventQueue.put(
          position,
          makeEvents(position, 1, position === 2 ? ['deform', 'frame'] : ['deform']),
        ),
      )
      const error = await expectRejection(running, 'E_FRAME')
      expect(error.message).toMatch(/frame 2, feature frame: .* the frames before lack/)
      await Promise.allSettled(puts)
    })

    it('when the disk is full in the middle', async () => {
      // More frames than are needed to notice; chunks of one event, so that something is written at once.
      const recording = recordingOf(new Array<number>(500_000).fill(1), { threshold: 1 })
      const hdf5DatasetKwargs = { chunks: [1] }
      const { path, writer } = await setUp({ recording, queueBytes: 1, failingWrite: 3, hdf5DatasetKwargs })
      const refusal = thrownBy(produce(recording, writer, 3))
      const error = await expectRejection(writer.run(), 'E_OUT_SPACE')
      expect([error.tag, error.path]).toEqual(['OutputConflict', path])
      expect(await refusal).toBe(error)
      // Nobody takes it for a complete file.
      await expectRejection(lookInto(path, (opened) => opened.names('/')))
    })

    it('when the output cannot be made', async () => {
      const recording = recordingOf(new Array<number>(100_000).fill(1), { threshold: 1 })
      const folder = await makeTemporaryFolder()
      for (const [pathOut, code] of [
        [join(folder, 'absent', 'made.rtdc'), 'E_MISSING'],
        [folder, 'E_EXISTS'],
      ] as const) {
        const { writer } = await setUp({ recording, queueBytes: 1, pathOut })
        const refusal = thrownBy(produce(recording, writer))
        const error = await expectRejection(writer.run(), code)
        expect(await refusal).toBe(error)
        expect(writer.writtenEvents.value).toBe(0)
      }
    })
  })

  it('leaves no process, thread or handle behind, however it ends', async () => {
    const recording = recordingOf([1, 1, 1])
    const before = await listHandles()
    const succeeding = await setUp({ recording })
    await Promise.all([succeeding.writer.run(), produce(recording, succeeding.writer)])
    expect(await listHandles()).toEqual(before)
    const failing = await setUp({ recording, failingWrite: 1 })
    const refusal = thrownBy(produce(recording, failing.writer))
    await expectRejection(failing.writer.run(), 'E_OUT_SPACE')
    await refusal
    expect(await listHandles()).toEqual(before)
    const closed = await setUp({ recording })
    closed.writer.eventQueue.close()
    await expectRejection(closed.writer.run(), 'E_FRAMES')
    expect(await listHandles()).toEqual(before)
  })

  it('refuses a threshold below one frame', () => {
    const setup: QueueWriterSetup = {
      eventQueue: new EventQueue(),
      writeQueueSize: { value: 0 },
      featNevents: new FeatNevents(1),
      pathOut: 'made.rtdc',
      writeThreshold: 0,
    }
    expectError(() => make(setup), 'E_USAGE')
  })
}
