import type { Worker } from 'node:worker_threads'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { keepThread, reserveThread, takeThread } from '../../../../src-main/hdf5/h5wasm/h5wasm-threads.ts'

const LONG_MS = 3_600_000

const taken: Worker[] = []
function take(): Worker {
  const worker = takeThread()
  taken.push(worker)
  return worker
}

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }))
afterEach(async () => {
  vi.useRealTimers()
  await Promise.all(taken.splice(0).map((worker) => worker.terminate()))
})

function untilGone(worker: Worker): Promise<unknown> {
  return new Promise((resolve) => worker.once('exit', resolve))
}

describe('threads of the HDF5 library', () => {
  test('one that was given back is taken again', async () => {
    const worker = take()
    await keepThread(worker)
    expect(take()).toBe(worker)
  })

  test('one that nobody takes ends after a while', async () => {
    const worker = take()
    await keepThread(worker)
    const gone = untilGone(worker)
    vi.advanceTimersByTime(LONG_MS)
    await gone
    expect(take()).not.toBe(worker)
  })

  test('one that is reserved gets ready by itself, waits however long it takes, and goes from file to file', async () => {
    const free = reserveThread()
    vi.advanceTimersByTime(LONG_MS)
    const worker = take()
    await keepThread(worker)
    vi.advanceTimersByTime(LONG_MS)
    // The next job begins before the one before it has let go.
    const freeNext = reserveThread()
    free()
    free()
    vi.advanceTimersByTime(LONG_MS)
    expect(take()).toBe(worker)
    await keepThread(worker)
    const gone = untilGone(worker)
    freeNext()
    vi.advanceTimersByTime(LONG_MS)
    await gone
    expect(take()).not.toBe(worker)
  })

  test('none is started where one is at work, which waits then for as long as it is reserved', async () => {
    const worker = take()
    const free = reserveThread()
    await keepThread(worker)
    vi.advanceTimersByTime(LONG_MS)
    expect(take()).toBe(worker)
    const other = take()
    expect(other).not.toBe(worker)
    free()
  })

  test('one that ended while it waited is never handed out', async () => {
    const free = reserveThread()
    const worker = take()
    await keepThread(worker)
    await worker.terminate()
    expect(take()).not.toBe(worker)
    free()
  })
})
