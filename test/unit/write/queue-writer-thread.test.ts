import { describe, expect, it } from 'vitest'

import { nodeDisk } from '../../../src-main/hdf5/disk/node-disk.ts'
import type { FileWriter } from '../../../src-main/hdf5/writing/file-writer.ts'
import { ChunkQueue } from '../../../src-main/write/chunk-queue.ts'
import { EventQueue } from '../../../src-main/write/event-queue.ts'
import { FeatNevents } from '../../../src-main/write/feat-nevents.ts'
import { QueueWriterThread } from '../../../src-main/write/queue-writer-thread.ts'
import { expectRejection } from '../../helpers/expect-error.ts'
import { failOperation, wrapDisk } from '../../helpers/faulty-disk.ts'
import { getPool, writeFile } from './file-fixture.ts'
import { describeFrameSorting } from './frame-sorting-suite.ts'
import { expectedContents, makeEvents, produce, recordingOf } from './frame-source.ts'
import { describeQueueWriterCalls } from './queue-writer-calls-suite.ts'
import {
  describeQueueWriter,
  listHandles,
  readContents,
  setUpWriter,
  sorterOf,
  type QueueWriterSetup,
} from './queue-writer-suite.ts'

function makeThread({ failingWrite, ...setup }: QueueWriterSetup): QueueWriterThread {
  const plan = failingWrite === undefined ? {} : failOperation(failingWrite, 'ENOSPC', ['write'])
  return new QueueWriterThread({ ...setup, pool: getPool(), disk: wrapDisk(nodeDisk, plan) })
}

/** Into an open file, of frames with one event each. */
function makeOpenWriter(pathOut: FileWriter, frameCount: number, queueBytes?: number): QueueWriterThread {
  return new QueueWriterThread({
    eventQueue: new EventQueue(queueBytes),
    writeQueueSize: { value: -1 },
    featNevents: new FeatNevents(frameCount),
    pathOut,
    writeThreshold: 1,
  })
}

describe('QueueWriterThread', () => {
  describeFrameSorting(sorterOf(makeThread), { numRuns: 40 })
  describeQueueWriter(makeThread)
  describeQueueWriterCalls(makeThread)

  it('sends pieces through a queue that is given', async () => {
    const recording = recordingOf([1, 1, 1, 1])
    const { path, writer } = await setUpWriter(makeThread, { recording })
    const seen: string[] = []
    class WatchedQueue extends ChunkQueue {
      override give(...piece: Parameters<ChunkQueue['give']>): Promise<void> {
        seen.push(piece[0])
        return super.give(...piece)
      }
    }
    await Promise.all([writer.run({ writerDq: new WatchedQueue(1) }), produce(recording, writer)])
    expect(seen).toEqual(['deform', 'index_unmapped', 'nevents', 'deform', 'index_unmapped', 'nevents'])
    expect(await readContents(path, recording)).toEqual(expectedContents(recording))
  })

  it('counts what was stored, not what was queued', async () => {
    await writeFile(async (h5) => {
      const writer = makeOpenWriter(h5, 3)
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

  it('keeps frames of a slice whose counts are all known', async () => {
    const { path, writer } = await setUpWriter(makeThread, { recording: recordingOf([1, 1, 1]) })
    for (const position of [0, 1, 2]) writer.featNevents.set(position, 1)
    const running = writer.run()
    for (const position of [2, 0]) await writer.eventQueue.put(position, makeEvents(position, 1, ['deform']))
    writer.eventQueue.close()
    const error = await expectRejection(running, 'E_FRAMES')
    expect(error.message).toMatch(/^frame 1 of 3 never arrived/)
    const kept = recordingOf([1, 0, 1])
    expect(await readContents(path, kept)).toEqual(expectedContents(kept))
  })

  it('stops when the writer fails while it waits for the next frame', async () => {
    await writeFile(async (h5) => {
      const writer = makeOpenWriter(h5, 2)
      // Something of another kind is there already, so that the first piece cannot be stored.
      h5.root.requireGroup('events').requireGroup('deform')
      const running = expectRejection(writer.run(), 'E_TYPE')
      writer.featNevents.set(0, 1)
      await writer.eventQueue.put(0, makeEvents(0, 1, ['deform']))
      await running
    })
  })

  it('ends the filter threads that it started itself', async () => {
    const recording = recordingOf([1, 1])
    const before = await listHandles()
    const { writer } = await setUpWriter((setup) => new QueueWriterThread(setup), { recording })
    await Promise.all([writer.run(), produce(recording, writer)])
    expect(await listHandles()).toEqual(before)
  })

  it('refuses indices that are none', async () => {
    const queue = new EventQueue()
    for (const index of [-1, 0.5, 2 ** 32]) await expectRejection(queue.put(index, new Map()), 'E_FRAME')
  })
})
