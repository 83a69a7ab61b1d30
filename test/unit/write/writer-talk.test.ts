import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import { EventQueue, countEventBytes } from '../../../src-main/write/event-queue.ts'
import { FeatNevents } from '../../../src-main/write/feat-nevents.ts'
import { fromTypedArray } from '../../../src-main/write/nd-array.ts'
import type { FromWriterProcess, ToWriterProcess } from '../../../src-main/write/queue-writer-messages.ts'
import type { WriterProcess, WriterProcessExit } from '../../../src-main/write/writer-process.ts'
import { WriterTalk } from '../../../src-main/write/writer-talk.ts'
import { thrownBy } from './queue-writer-suite.ts'

const MIB = 2 ** 20

/** A process that does only what the test has it do. */
class StageProcess implements WriterProcess {
  readonly posted: ToWriterProcess[] = []
  kills = 0
  #tell: (message: unknown) => void = () => undefined
  #exit: (exit: WriterProcessExit) => void = () => undefined

  post(message: unknown): void {
    this.posted.push(message as ToWriterProcess)
  }
  onMessage(listener: (value: unknown) => void): void {
    this.#tell = listener
  }
  onExit(listener: (exit: WriterProcessExit) => void): void {
    this.#exit = listener
  }
  kill(): void {
    this.kills += 1
    this.exit({ code: null, reason: 'SIGKILL' })
  }
  say(message: FromWriterProcess): void {
    this.#tell(message)
  }
  exit(exit: Partial<WriterProcessExit> = {}): void {
    this.#exit({ code: 0, reason: null, lastWords: '', ...exit })
  }
  get framesPosted(): number {
    const frames = this.posted.map((message) =>
      message.kind === 'frames' ? message.frames.frames.length : 0,
    )
    return frames.reduce((sum, count) => sum + count, 0)
  }
}

function startTalk(frameCount: number) {
  const process = new StageProcess()
  const eventQueue = new EventQueue()
  const featNevents = new FeatNevents(frameCount)
  const counter = () => ({ value: 0 })
  const counters = { writeQueueSize: counter(), writtenEvents: counter(), writtenFrames: counter() }
  const talk = new WriterTalk({
    ...{ process, eventQueue, featNevents, counters },
    frameOffset: 0,
    onLog: () => undefined,
  })
  return { process, eventQueue, featNevents, counters, running: talk.run({ pathOut: '/data/out.rtdc' }, []) }
}

/** Lets everything that waits for nothing but its turn happen. */
const settle = () => new Promise((resolve) => setImmediate(resolve))

describe('WriterTalk', () => {
  it('has at most 32 MiB on their way, and sends more when frames were taken over', async () => {
    const { process, eventQueue, running } = startTalk(100)
    const events = new Map([['image', fromTypedArray(new Uint8Array(MIB), [1, 1024, 1024])]])
    const room = Math.ceil((32 * MIB) / countEventBytes(events))
    for (let position = 0; position < 50; position++) await eventQueue.put(position, events)
    await settle()
    expect(process.framesPosted).toBe(room)
    expect(eventQueue.length).toBe(50 - room)
    process.say({ kind: 'taken', frames: 5 })
    await settle()
    expect(process.framesPosted).toBe(room + 5)
    process.say({ kind: 'taken', frames: room })
    await settle()
    expect(process.framesPosted).toBe(50)
    process.say({ kind: 'taken', frames: 50 })
    process.say({ kind: 'done' })
    process.exit()
    await running
  })

  it('sends small frames together, counts before the frames that they tell of, each datatype once', async () => {
    const { process, eventQueue, featNevents, running } = startTalk(4)
    for (let position = 0; position < 3; position++) {
      featNevents.set(position, 1)
      await eventQueue.put(position, new Map([['deform', fromTypedArray(Float64Array.of(position))]]))
    }
    await settle()
    eventQueue.close()
    await settle()
    const kinds = process.posted.map(({ kind }) => kind)
    expect(kinds[0]).toBe('start')
    expect(kinds.indexOf('counts')).toBeLessThan(kinds.indexOf('frames'))
    expect(kinds.at(-1)).toBe('end')
    const pairs = process.posted.flatMap((message) => (message.kind === 'counts' ? message.pairs : []))
    expect(pairs).toEqual([0, 1, 1, 1, 2, 1])
    const types = process.posted.flatMap((message) =>
      message.kind === 'frames' ? message.frames.newTypes : [],
    )
    expect(types.length).toBe(1)
    process.say({ kind: 'taken', frames: 3 })
    process.say({ kind: 'done' })
    process.exit()
    await running
  })

  it('says why the process is gone, with its last words', async () => {
    const { process, eventQueue, running } = startTalk(1)
    process.exit({ code: 134, lastWords: 'out of memory' })
    expect(await thrownBy(running)).toMatchObject({ code: 'E_GONE', path: '/data/out.rtdc' })
    expect(String(eventQueue.failure?.error)).toMatch(/gone \(code 134: out of memory\)/)
  })

  it('has found one frame too many even where the process did not see it any more', async () => {
    const { process, eventQueue, running } = startTalk(1)
    for (const position of [0, 0, 5]) await eventQueue.put(position, new Map())
    await settle()
    process.say({ kind: 'taken', frames: 1 })
    process.say({ kind: 'done' })
    process.exit()
    expect(await thrownBy(running)).toMatchObject({ code: 'E_FRAME', message: 'frame 0 was added twice' })
  })

  it('ends the process and rejects with what could not be sent', async () => {
    const { process, eventQueue, running } = startTalk(1)
    process.post = () => {
      throw new Error('could not be cloned')
    }
    await eventQueue.put(0, new Map())
    expect(await thrownBy(running)).toMatchObject({ code: 'E_INTERNAL', message: 'could not be cloned' })
    expect(process.kills).toBe(1)
  })

  describe('with a clock', () => {
    beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }))
    afterEach(() => void vi.useRealTimers())

    it('kills a process that stays after its end message, and leaves no timer', async () => {
      const { process, running } = startTalk(1)
      process.say({ kind: 'done' })
      expect(process.posted.at(-1)).toEqual({ kind: 'acknowledge' })
      vi.advanceTimersByTime(4_999)
      expect(process.kills).toBe(0)
      vi.advanceTimersByTime(1)
      expect(process.kills).toBe(1)
      await running
      const other = startTalk(1)
      other.process.say({ kind: 'done' })
      other.process.exit()
      await other.running
      expect(vi.getTimerCount()).toBe(0)
    })
  })
})
