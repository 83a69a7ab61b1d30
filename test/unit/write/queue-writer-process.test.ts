import type { ChildProcess } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

import { InvalidInput } from '../../../src-main/errors.ts'
import { nodeDisk } from '../../../src-main/hdf5/disk/node-disk.ts'
import { ChunkQueue } from '../../../src-main/write/chunk-queue.ts'
import { EventQueue } from '../../../src-main/write/event-queue.ts'
import { FeatNevents } from '../../../src-main/write/feat-nevents.ts'
import type { LogRecord } from '../../../src-main/write/logger.ts'
import { fromTypedArray } from '../../../src-main/write/nd-array.ts'
import {
  QueueWriterProcess,
  type QueueWriterProcessArguments,
} from '../../../src-main/write/queue-writer-process.ts'
import type { QueueWriterBase } from '../../../src-main/write/queue-writer-base.ts'
import type { FromWriterProcess } from '../../../src-main/write/queue-writer-messages.ts'
import { startNodeProcess } from '../../../src-main/write/writer-process.ts'
import { expectError, expectRejection } from '../../helpers/expect-error.ts'
import { makeTemporaryFolder } from '../../helpers/temporary-folder.ts'
import { getPool } from './file-fixture.ts'
import { describeFrameSorting } from './frame-sorting-suite.ts'
import { expectedContents, makeEvents, produce, recordingOf, type Recording } from './frame-source.ts'
import { describeQueueWriterCalls } from './queue-writer-calls-suite.ts'
import {
  describeQueueWriter,
  listHandles,
  readContents,
  setUpWriter,
  sorterOf,
  thrownBy,
  type QueueWriterSetup,
} from './queue-writer-suite.ts'
import { bundleChildPrograms } from './writer-process-fixture.ts'

const programs = bundleChildPrograms()

function makeProcess(setup: QueueWriterSetup): QueueWriterProcess {
  return new QueueWriterProcess({ ...withoutPool(setup), startProcess: programs.start(setup.failingWrite) })
}

const setUp = (recording: Recording, queueBytes?: number) =>
  setUpWriter(makeProcess, { recording, queueBytes })

/** The process that was started last, once it has taken over so many frames. */
function lastChild(frames: number): Promise<ChildProcess> {
  const child = programs.children.at(-1)
  if (!child) throw new Error('no process was started')
  let taken = 0
  return new Promise((resolve) => {
    child.on('message', (message: FromWriterProcess) => {
      if (message.kind === 'taken') taken += message.frames
      if (taken >= frames) resolve(child)
    })
  })
}

const putOne = (writer: QueueWriterBase, position: number) => {
  writer.featNevents.set(position, 1)
  return writer.eventQueue.put(position, makeEvents(position, 1, ['deform']))
}

describe('QueueWriterProcess', () => {
  describeFrameSorting(sorterOf(makeProcess), { numRuns: 6 })
  describeQueueWriter(makeProcess)
  describeQueueWriterCalls(makeProcess)

  it('starts a child process of plain Node by itself', async () => {
    const recording = recordingOf([2, 0, 1], { features: ['image', 'mask'], order: [2, 0, 1] })
    const before = await listHandles()
    const { path, writer } = await setUpWriter((setup) => new QueueWriterProcess(withoutPool(setup)), {
      recording,
    })
    await Promise.all([writer.run(), produce(recording, writer)])
    expect(await readContents(path, recording)).toEqual(expectedContents(recording))
    expect(await listHandles()).toEqual(before)
  })

  it('sends what the process logs to the log queue', async () => {
    const records: LogRecord[] = []
    const recording = recordingOf([1, 1])
    const started = Date.now()
    const { writer } = await setUpWriter(
      (setup) =>
        new QueueWriterProcess({
          ...withoutPool(setup),
          startProcess: programs.start(),
          logQueue: { put: (record) => records.push(record) },
        }),
      { recording },
    )
    await Promise.all([writer.run(), produce(recording, writer)])
    expect(records.map(({ level, message }) => [level, message])).toEqual([
      ['info', expect.stringMatching(/^Disk time/)],
      ['info', 'Counted 2 events in 2 frames'],
    ])
    for (const { createdMs } of records) expect(createdMs).toBeGreaterThanOrEqual(started)
  })

  it('writes large frames whole, also those that are parts of larger or shared memory', async () => {
    const images = 3
    const pixels = 2 ** 20
    const shared = new Uint8Array(new SharedArrayBuffer(pixels + 5), 5).fill(7)
    const part = new Uint8Array(pixels + 5).subarray(2, pixels + 2).fill(8)
    const path = join(await makeTemporaryFolder(), 'made.rtdc')
    const writer = makeProcess({
      eventQueue: new EventQueue(),
      writeQueueSize: { value: 0 },
      featNevents: FeatNevents.of(new Array<number>(images).fill(1)),
      pathOut: path,
    })
    const running = writer.run()
    for (const [index, bytes] of [shared, part, new Uint8Array(pixels).fill(9)].entries())
      await writer.eventQueue.put(index, new Map([['image', fromTypedArray(bytes, [1, 1024, 1024])]]))
    await running
    const { image } = await readContents(path, recordingOf([1, 1, 1], { features: ['image'] }))
    expect(image?.length).toBe(images * pixels)
    expect([0, 1, 2].map((index) => new Set(image?.slice(index * pixels, (index + 1) * pixels)))).toEqual(
      [7, 8, 9].map((value) => new Set([value])),
    )
    // The caller still has its data.
    expect([shared.length, shared[0]]).toEqual([pixels, 7])
  })

  describe('when the process', () => {
    it('dies: ProcessGone, waiting producers are released, nothing is left behind', async () => {
      const before = await listHandles()
      const recording = recordingOf(new Array<number>(200_000).fill(1))
      const { path, writer } = await setUp(recording, 1)
      const running = thrownBy(writer.run())
      const refusal = thrownBy(produce(recording, writer, 3))
      const child = await lastChild(1)
      child.kill('SIGKILL')
      const error = await running
      expect(error).toMatchObject({ tag: 'ProcessGone', code: 'E_GONE', path })
      expect(String(error)).toMatch(/made\.rtdc is gone \(SIGKILL\); the output is incomplete/)
      expect(await refusal).toBe(error)
      expect([child.signalCode, child.connected]).toEqual(['SIGKILL', false])
      expect(await listHandles()).toEqual(before)
    })

    it('cannot be started: rejects with the reason, and releases producers', async () => {
      const recording = recordingOf([1])
      const reason = new InvalidInput('E_USAGE', 'there is no program')
      const absent = join(await makeTemporaryFolder(), 'absent.js')
      const refusing = await setUpWriter(
        (setup) =>
          new QueueWriterProcess({
            ...withoutPool(setup),
            startProcess: () => {
              throw reason
            },
          }),
        { recording },
      )
      await expect(refusing.writer.run()).rejects.toBe(reason)
      await expect(refusing.writer.eventQueue.put(0, new Map())).rejects.toBe(reason)
      const missing = await setUpWriter(
        (setup) =>
          new QueueWriterProcess({
            ...withoutPool(setup),
            startProcess: () => startNodeProcess(absent),
          }),
        { recording },
      )
      const error = await expectRejection(missing.writer.run(), 'E_GONE')
      expect(error.message).toMatch(/code 1: [^]*absent\.js/)
    })

    it('is told that its parent is gone: completes the file with what it has, and ends', async () => {
      const { path, writer } = await setUp(recordingOf([1, 1, 1, 1]))
      const running = thrownBy(writer.run())
      await putOne(writer, 2)
      await putOne(writer, 0)
      const child = await lastChild(2)
      // What happens when the parent dies: its end of the channel closes.
      child.disconnect()
      expect(await running).toMatchObject({ code: 'E_GONE' })
      expect(child.exitCode).toBe(0)
      const kept = recordingOf([1, 0, 1])
      expect(await readContents(path, kept)).toEqual(expectedContents(kept))
    })
  })

  describe('refuses what cannot cross to another process:', () => {
    const given: QueueWriterProcessArguments = {
      eventQueue: new EventQueue(),
      writeQueueSize: { value: 0 },
      featNevents: new FeatNevents(0),
      pathOut: 'made.rtdc',
    }

    it('a pool, a disk, an open file', () => {
      const make = (more: object) => () => new QueueWriterProcess({ ...given, ...more })
      expect(expectError(make({ pool: getPool() }), 'E_USAGE').message).toMatch(/^pool cannot be given/)
      expect(expectError(make({ disk: nodeDisk }), 'E_USAGE').message).toMatch(/^disk cannot be given/)
      expect(expectError(make({ pathOut: {} }), 'E_USAGE').message).toMatch(/^pathOut cannot be given/)
    })

    it('the queue of what waits to be written', async () => {
      const running = new QueueWriterProcess(given).run({ writerDq: new ChunkQueue() })
      expect((await expectRejection(running, 'E_USAGE')).message).toMatch(/^writerDq cannot be given/)
    })
  })
})

function withoutPool({ failingWrite: _write, pool: _pool, disk: _disk, ...setup }: QueueWriterSetup) {
  return setup
}
