import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

import { toWeirError } from '../../../src-main/errors.ts'
import { nodeDisk } from '../../../src-main/hdf5/disk/node-disk.ts'
import { ChunkQueue } from '../../../src-main/write/chunk-queue.ts'
import { ChunkWriter } from '../../../src-main/write/chunk-writer.ts'
import { fromTypedArray } from '../../../src-main/write/nd-array.ts'
import { expectRejection } from '../../helpers/expect-error.ts'
import { failOperation, wrapDisk } from '../../helpers/faulty-disk.ts'
import { makeTemporaryFolder } from '../../helpers/temporary-folder.ts'
import { getPool, lookInto, writeFile } from './file-fixture.ts'

const scalars = (...values: number[]) => fromTypedArray(Float64Array.from(values))

describe('ChunkWriter', () => {
  it('stores what comes through the queue until it is told that nothing more will', async () => {
    const dq = new ChunkQueue(8)
    const messages: string[] = []
    const stored: string[] = []
    const logger = {
      info: (text: string) => messages.push(text),
      warning: () => undefined,
      error: () => undefined,
    }
    const path = await writeFile(async (h5) => {
      const writer = new ChunkWriter(
        h5,
        dq,
        { value: 0 },
        { logger, onStored: ({ feature }) => stored.push(feature ?? 'a run') },
      )
      const running = writer.run()
      for (let event = 0; event < 20; event++) await dq.push('deform', scalars(event))
      await dq.push('area_um', scalars(1))
      writer.finishedWhenQueueEmpty()
      await running
      expect(writer.writeQueueSize.value).toBe(0)
    })
    await lookInto(path, async (opened) => {
      expect(await opened.values('/events/deform')).toEqual(Array.from({ length: 20 }, (_, event) => event))
      expect(await opened.values('/events/area_um')).toEqual([1])
    })
    expect(stored).toHaveLength(21)
    expect(messages).toEqual([expect.stringMatching(/^Disk time: \d+\.\ds$/)])
  })

  it('refuses what is pushed after it has ended, in whatever way', async () => {
    for (const stop of ['finishedWhenQueueEmpty', 'abortLoop'] as const) {
      const dq = new ChunkQueue()
      await writeFile(async (h5) => {
        const writer = new ChunkWriter(h5, dq, { value: 0 })
        const running = writer.run()
        await dq.push('deform', scalars(1))
        writer[stop]()
        await running
      })
      await expectRejection(dq.push('deform', scalars(2)), stop === 'abortLoop' ? 'E_CANCELLED' : 'E_CLOSED')
    }
  })

  it('works once: a second run is refused and touches nothing', async () => {
    const path = join(await makeTemporaryFolder(), 'once.rtdc')
    const dq = new ChunkQueue()
    const writer = new ChunkWriter(path, dq, { value: 0 }, { pool: getPool() })
    await dq.push('deform', scalars(1, 2))
    writer.finishedWhenQueueEmpty()
    await writer.run()
    const error = await expectRejection(writer.run(), 'E_USAGE')
    expect(error.message).toContain('only once')
    await lookInto(path, async (opened) => expect(await opened.values('/events/deform')).toEqual([1, 2]))
  })

  it('keeps the number of waiting pieces where others can see it', async () => {
    const dq = new ChunkQueue()
    const size = { value: 0 }
    const seen: number[] = []
    await writeFile(async (h5) => {
      for (let event = 0; event < 3; event++) await dq.push('deform', scalars(event))
      const writer = new ChunkWriter(h5, dq, size, { onStored: () => seen.push(size.value) })
      writer.finishedWhenQueueEmpty()
      await writer.run()
    })
    expect(seen).toEqual([3, 2, 1])
    expect(size.value).toBe(0)
  })

  it('stores what still waits for room before it ends', async () => {
    const dq = new ChunkQueue(8)
    const path = await writeFile(async (h5) => {
      const pushes = [1, 2, 3].map((event) => dq.push('deform', scalars(event)))
      const writer = new ChunkWriter(h5, dq, { value: 0 })
      writer.finishedWhenQueueEmpty()
      await writer.run()
      await Promise.all(pushes)
    })
    await lookInto(path, async (opened) => expect(await opened.values('/events/deform')).toEqual([1, 2, 3]))
  })

  it('ends when its queue is closed', async () => {
    const dq = new ChunkQueue()
    const path = await writeFile(async (h5) => {
      const running = new ChunkWriter(h5, dq, { value: 0 }).run()
      await dq.push('deform', scalars(1))
      dq.close()
      await running
    })
    await lookInto(path, async (opened) => expect(await opened.values('/events/deform')).toEqual([1]))
  })

  it('aborts before the next piece, keeps what is stored and releases producers', async () => {
    const dq = new ChunkQueue(8)
    const path = await writeFile(async (h5) => {
      const writer: ChunkWriter = new ChunkWriter(
        h5,
        dq,
        { value: 0 },
        { onStored: () => writer.abortLoop() },
      )
      await dq.push('deform', scalars(1))
      const waiting = [2, 3, 4].map((event) => dq.push('deform', scalars(event)))
      const settled = Promise.allSettled(waiting)
      await writer.run()
      const outcomes = (await settled).map(({ status }) => status)
      expect(outcomes).toEqual(['fulfilled', 'rejected', 'rejected'])
      await expectRejection(dq.push('deform', scalars(5)), 'E_CANCELLED')
    })
    await lookInto(path, async (opened) => expect(await opened.values('/events/deform')).toEqual([1]))
  })

  it('aborts while it waits', async () => {
    const dq = new ChunkQueue()
    await writeFile(async (h5) => {
      const writer = new ChunkWriter(h5, dq, { value: 0 })
      const running = writer.run()
      await new Promise((resolve) => setImmediate(resolve))
      writer.abortLoop()
      await running
    })
  })

  it('rejects with the first error, tells the producers, and keeps what was stored before', async () => {
    const dq = new ChunkQueue(8)
    const errors: string[] = []
    const logger = {
      info: () => undefined,
      warning: () => undefined,
      error: (text: string) => errors.push(text),
    }
    const path = await writeFile(async (h5) => {
      const running = new ChunkWriter(h5, dq, { value: 0 }, { logger }).run()
      const failed = expectRejection(running, 'E_TYPE')
      await dq.push('deform', scalars(1))
      await dq.push('deform', fromTypedArray(Float32Array.of(2)))
      const waiting = dq.push('deform', scalars(3))
      const error = await failed
      await waiting.catch((thrown: unknown) => expect(thrown).toBe(error))
      await expect(dq.push('deform', scalars(4))).rejects.toBe(error)
    })
    await lookInto(path, async (opened) => expect(await opened.values('/events/deform')).toEqual([1]))
    expect(errors).toEqual([expect.stringMatching(/^Writing stopped: \/events\/deform holds/)])
  })

  it('rejects when its queue failed, after storing what was in it', async () => {
    const dq = new ChunkQueue()
    const failure = new Error('the source is gone')
    const path = await writeFile(async (h5) => {
      await dq.push('deform', scalars(1))
      dq.fail(failure)
      await expect(new ChunkWriter(h5, dq, { value: 0 }).run()).rejects.toBe(failure)
    })
    await lookInto(path, async (opened) => expect(await opened.values('/events/deform')).toEqual([1]))
  })

  it('rejects when the output cannot be created, and releases producers', async () => {
    const dq = new ChunkQueue(1)
    await dq.push('deform', scalars(1))
    const waiting = expectRejection(dq.push('deform', scalars(2)), 'E_MISSING')
    const path = join(await makeTemporaryFolder(), 'no', 'folder', 'out.rtdc')
    await expectRejection(
      new ChunkWriter(path, dq, { value: 0 }, { mode: 'w', pool: getPool() }).run(),
      'E_MISSING',
    )
    await waiting
  })

  it('rejects on a full disk, whichever write fails, and never says that all is well', async () => {
    const folder = await makeTemporaryFolder()
    const codes: string[] = []
    for (let k = 1; ; k++) {
      const dq = new ChunkQueue()
      await dq.push(
        'image',
        fromTypedArray(
          new Uint8Array(20_000).map((_, index) => index * 7),
          [2, 100, 100],
        ),
      )
      await dq.push('deform', scalars(1, 2))
      const disk = wrapDisk(nodeDisk, failOperation(k, 'ENOSPC', ['write']))
      const writer = new ChunkWriter(
        join(folder, `${k}.rtdc`),
        dq,
        { value: 0 },
        { disk, mode: 'w', pool: getPool() },
      )
      writer.finishedWhenQueueEmpty()
      const outcome = await writer.run().then(
        () => 'done',
        (error: unknown) => toWeirError(error).code,
      )
      if (outcome === 'done') break
      codes.push(outcome)
    }
    expect(codes.length).toBeGreaterThan(2)
    expect(new Set(codes)).toEqual(new Set(['E_OUT_SPACE']))
  })
})
