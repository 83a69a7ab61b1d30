import { describe, expect, it } from 'vitest'

import { ChunkQueue } from '../../../src-main/write/chunk-queue.ts'
import { fromTypedArray } from '../../../src-main/write/nd-array.ts'

const piece = (bytes: number) => fromTypedArray(new Uint8Array(bytes))

/** Is the promise settled once everything that is due now has run? */
async function isSettled(promise: Promise<unknown>): Promise<boolean> {
  let settled = false
  const note = () => {
    settled = true
  }
  promise.then(note, note)
  await new Promise((resolve) => setImmediate(resolve))
  return settled
}

describe('ChunkQueue', () => {
  it('gives pieces back in the order in which they came and counts them and their bytes', async () => {
    const dq = new ChunkQueue(100)
    await dq.push('deform', piece(40))
    await dq.push('area_um', piece(60))
    expect([dq.length, dq.bytes, dq.limitBytes]).toEqual([2, 100, 100])
    expect(dq.shift()?.feature).toBe('deform')
    expect(dq.shift()?.feature).toBe('area_um')
    expect(dq.shift()).toBeUndefined()
    expect([dq.length, dq.bytes]).toEqual([0, 0])
  })

  it('has room for 256 MiB unless told otherwise', () => {
    expect(new ChunkQueue().limitBytes).toBe(256 * 1024 * 1024)
  })

  it('lets producers wait while it is full, and serves them in the order of their calls', async () => {
    const dq = new ChunkQueue(100)
    await dq.push('a', piece(80))
    const second = dq.push('b', piece(50))
    const third = dq.push('c', piece(10))
    expect(await isSettled(third)).toBe(false)
    expect(dq.length).toBe(1)
    dq.shift()
    await Promise.all([second, third])
    expect([dq.shift()?.feature, dq.shift()?.feature]).toEqual(['b', 'c'])
  })

  it('accepts a piece larger than the bound, but only when it is empty', async () => {
    const dq = new ChunkQueue(100)
    await dq.push('small', piece(1))
    const large = dq.push('large', piece(1000))
    expect(await isSettled(large)).toBe(false)
    dq.shift()
    await large
    expect(dq.bytes).toBe(1000)
  })

  it('wakes whoever waits for the next piece', async () => {
    const dq = new ChunkQueue(100)
    const next = dq.next()
    await dq.push('deform', piece(1))
    expect((await next)?.feature).toBe('deform')
  })

  it('gives out what it holds after it was closed, then undefined, and takes nothing more', async () => {
    const dq = new ChunkQueue(100)
    await dq.push('a', piece(80))
    const waiting = dq.push('b', piece(80))
    dq.close()
    await expect(dq.push('c', piece(1))).rejects.toMatchObject({ code: 'E_CLOSED' })
    expect((await dq.next())?.feature).toBe('a')
    await waiting
    expect((await dq.next())?.feature).toBe('b')
    expect(await dq.next()).toBeUndefined()
  })

  it('releases waiting and later producers with the error it failed with', async () => {
    const dq = new ChunkQueue(100)
    await dq.push('a', piece(80))
    const waiting = dq.push('b', piece(80))
    const failure = new Error('disk full')
    dq.fail(failure)
    dq.fail(new Error('a later one'))
    await expect(waiting).rejects.toBe(failure)
    await expect(dq.push('c', piece(1))).rejects.toBe(failure)
    expect((await dq.next())?.feature).toBe('a')
    await expect(dq.next()).rejects.toBe(failure)
  })

  it('keeps the order of many pieces', async () => {
    const dq = new ChunkQueue(1e6)
    const taken: (string | undefined)[] = []
    for (let index = 0; index < 5000; index++) {
      await dq.push(String(index), piece(1))
      if (index % 3 === 0) taken.push(dq.shift()?.feature)
    }
    while (dq.length > 0) taken.push(dq.shift()?.feature)
    expect(taken).toEqual(Array.from({ length: 5000 }, (_, index) => String(index)))
    expect(dq.bytes).toBe(0)
  })

  it('refuses a bound without room', () => {
    expect(() => new ChunkQueue(0)).toThrow(/at least one byte/)
  })
})
