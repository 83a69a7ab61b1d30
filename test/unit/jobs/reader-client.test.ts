import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { ProcessExit } from '../../../src-main/jobs/job-life.ts'
import type { ChildPort } from '../../../src-main/jobs/process-owner.ts'
import { ReaderClient } from '../../../src-main/jobs/reader-client.ts'
import type { ReaderRequest } from '../../../src-main/jobs/reader-messages.ts'
import { expectRejection } from '../../helpers/expect-error.ts'

/** A process that does what the test says. */
class FakeReader implements ChildPort<ReaderRequest> {
  readonly posted: ReaderRequest[] = []
  isKilled = false
  #hear: (value: unknown) => void = () => undefined
  #exit: (exit: ProcessExit) => void = () => undefined

  post(request: ReaderRequest): void {
    this.posted.push(request)
  }

  onMessage(listener: (value: unknown) => void): void {
    this.#hear = listener
  }

  onExit(listener: (exit: ProcessExit) => void): void {
    this.#exit = listener
  }

  kill(): void {
    this.isKilled = true
    this.leave('killed')
  }

  say(value: unknown): void {
    this.#hear(value)
  }

  /** Twice, as Electron may do. */
  leave(reason: string): void {
    for (let time = 0; time < 2; time += 1) this.#exit({ code: 0, reason, lastWords: '' })
  }

  answer(text: string): void {
    const { number } = this.posted.at(-1) ?? expect.fail('nothing was asked')
    this.say({ kind: 'log', number, log: { lines: [text], lineCount: 1, isCut: false } })
  }
}

function makeClient() {
  const readers: FakeReader[] = []
  const fork = (): FakeReader => {
    const reader = new FakeReader()
    readers.push(reader)
    return reader
  }
  const client = new ReaderClient({ fork, answerMs: 60_000, idleMs: 60_000 })
  const last = (): FakeReader => readers.at(-1) ?? expect.fail('no process was started')
  return { client, readers, last }
}

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

describe('the reader', () => {
  test('is started by the first question, asked one file after the other, and ended when it is idle', async () => {
    const { client, readers, last } = makeClient()
    expect(readers).toEqual([])
    const logs = [client.readLog('/a', 'log'), client.readLog('/b', 'log')]
    expect(last().posted.map(({ request }) => request.path)).toEqual(['/a'])
    last().answer('of a')
    expect(last().posted.map(({ request }) => request.path)).toEqual(['/a', '/b'])
    last().answer('of b')
    expect((await Promise.all(logs)).map(({ lines }) => lines[0])).toEqual(['of a', 'of b'])
    vi.advanceTimersByTime(59_000)
    expect(last().isKilled).toBe(false)
    vi.advanceTimersByTime(2_000)
    expect(last().isKilled).toBe(true)
    void client.readLog('/c', 'log')
    expect(readers).toHaveLength(2)
  })

  test('tells what becomes of the paths of a basin', async () => {
    const { client, last } = makeClient()
    const outputFolder = '/data'
    const asked = client.describeBasinPaths({ paths: ['a', 'b', 'c'], outputFolder, folders: ['/more'] })
    expect(last().posted[0]?.request).toEqual({
      kind: 'describe-basin-paths',
      path: 'a',
      alternatives: ['b', 'c'],
      outputFolder,
      folders: ['/more'],
    })
    const report = {
      ...{ given: 'a', state: 'missing', resolved: '/data/a', folder: null },
      ...{ features: null, events: null, identifier: null, reason: null },
    }
    last().say({ kind: 'basin-paths', number: last().posted[0]?.number, paths: [report] })
    expect(await asked).toEqual([report])
    expect(await client.describeBasinPaths({ paths: [], outputFolder, folders: [] })).toEqual([])
  })

  test('passes on the error that the file has', async () => {
    const { client, last } = makeClient()
    const asked = client.describe('/a', ['/data'])
    expect(last().posted[0]?.request).toEqual({ kind: 'describe', path: '/a', folders: ['/data'] })
    const error = { code: 'E_MAGIC', message: '/a is no HDF5', path: '/a' }
    last().say({ kind: 'failed', number: last().posted[0]?.number, error })
    await expectRejection(asked, 'E_MAGIC')
  })

  test('that gives no answer is killed, and the next file has a new one', async () => {
    const { client, readers, last } = makeClient()
    const slow = client.readLog('/slow', 'log')
    const next = client.readLog('/next', 'log')
    vi.advanceTimersByTime(60_001)
    await expectRejection(slow, 'E_TIMEOUT')
    expect(readers.map(({ isKilled }) => isKilled)).toEqual([true, false])
    readers[0]?.answer('too late')
    last().answer('of next')
    expect((await next).lines).toEqual(['of next'])
  })

  test('that goes fails the file that it read, and after three times this file at once', async () => {
    const { client, readers, last } = makeClient()
    for (let time = 0; time < 3; time += 1) {
      const asked = client.readLog('/evil', 'log')
      last().leave('crashed')
      await expectRejection(asked, 'E_GONE')
    }
    await expectRejection(client.readLog('/evil', 'log'), 'E_GONE')
    expect(readers).toHaveLength(3)
    const good = client.readLog('/good', 'log')
    last().answer('of good')
    expect((await good).lines).toEqual(['of good'])
    vi.advanceTimersByTime(11 * 60_000)
    void client.readLog('/evil', 'log')
    expect(last().posted.at(-1)?.request.path).toBe('/evil')
  })

  test('that speaks no sense is killed', async () => {
    const { client, last } = makeClient()
    const asked = client.readLog('/a', 'log')
    last().say({ kind: 'log', number: 1, log: 'all of it' })
    await expectRejection(asked, 'E_GONE')
    expect(last().isKilled).toBe(true)
  })

  test('that cannot be started is an error of the file, not the end', async () => {
    const fork = (): never => {
      throw new Error('no more processes')
    }
    await expectRejection(new ReaderClient({ fork }).readLog('/a', 'log'), 'E_GONE')
  })

  test('that is closed refuses what waits and asks no more', async () => {
    const { client, last } = makeClient()
    const logs = [client.readLog('/a', 'log'), client.readLog('/b', 'log')]
    client.close()
    for (const log of logs) await expectRejection(log, 'E_GONE')
    expect(last().isKilled).toBe(true)
    expect(last().posted).toHaveLength(1)
  })
})
