import { EventEmitter } from 'node:events'
import { PassThrough, Writable } from 'node:stream'
import { describe, expect, it } from 'vitest'

import { ProgressThrottle } from '../../../src-main/cli/progress-throttle.ts'
import { escapeText } from '../../../src-main/jobs/safe-text.ts'
import { listenToSignals, SignalCounter } from '../../../src-main/cli/signal-steps.ts'
import { StreamSink } from '../../../src-main/cli/text-sink.ts'
import { toJsonLine } from '../../../src-main/cli/to-json-line.ts'
import type { JobProgress } from '../../../src-main/job-process/job-context.ts'
import { makeProgress } from './fake-surroundings.ts'

describe('a text sink', () => {
  it('goes on without a word when its reader is gone', async () => {
    const broken = new Writable({
      write: (_chunk, _encoding, done) => done(Object.assign(new Error('gone'), { code: 'EPIPE' })),
    })
    const sink = new StreamSink(broken)
    sink.write('first\n')
    await new Promise((resolve) => broken.once('close', resolve))
    sink.write('second\n')
    await sink.flush()
    expect(sink.isBusy).toBe(false)
  })

  it('knows a loss from a reader that left', async () => {
    for (const [code, isLoss] of [
      ['ENOSPC', true],
      ['EPIPE', false],
      ['EIO', false],
    ] as const) {
      const error = Object.assign(new Error(code), { code })
      const stream = new Writable({ write: (_chunk, _encoding, done) => done(error) })
      const sink = new StreamSink(stream)
      sink.write('text')
      await new Promise((resolve) => stream.once('close', resolve))
      expect(sink.loss === error).toBe(isLoss)
    }
  })

  it('is busy while its reader does not take what was written, and flushes when it does', async () => {
    const pipe = new PassThrough({ highWaterMark: 1024 })
    const sink = new StreamSink(pipe)
    expect(sink.isBusy).toBe(false)
    sink.write('x'.repeat(200_000))
    sink.write('y')
    sink.write('z'.repeat(200_000))
    expect(sink.isBusy).toBe(true)
    const flushed = sink.flush()
    pipe.resume()
    await flushed
    expect(sink.isBusy).toBe(false)
  })
})

describe('signals', () => {
  it('count in two steps', () => {
    let nowMs = 0
    const signals = new SignalCounter(() => nowMs)
    expect([signals.first.aborted, signals.second.aborted]).toEqual([false, false])
    signals.raise('SIGINT')
    expect([signals.first.aborted, signals.second.aborted]).toEqual([true, false])
    nowMs += 500
    signals.raise('SIGINT')
    expect([signals.first.aborted, signals.second.aborted]).toEqual([true, true])
  })

  it('that a launcher forwards beside the terminal count once', () => {
    let nowMs = 0
    const signals = new SignalCounter(() => nowMs)
    signals.raise('SIGINT')
    nowMs += 20
    signals.raise('SIGINT')
    expect(signals.second.aborted).toBe(false)
    signals.raise('SIGTERM')
    expect(signals.second.aborted).toBe(true)
  })

  it('are heard until nobody wants them any more', () => {
    const emitter = new EventEmitter()
    const heard: string[] = []
    const stop = listenToSignals(emitter, (name) => heard.push(name))
    for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) emitter.emit(name, name)
    stop()
    emitter.emit('SIGINT', 'SIGINT')
    expect(heard).toEqual(['SIGINT', 'SIGTERM', 'SIGHUP'])
    expect(emitter.eventNames()).toEqual([])
  })
})

describe('progress', () => {
  function throttle(isBusy = () => false) {
    const clock = { nowMs: 0 }
    const seen: JobProgress[] = []
    const gate = new ProgressThrottle((_job, progress) => seen.push(progress), {
      isBusy,
      now: () => clock.nowMs,
    })
    return { clock, seen, gate }
  }

  it('is told at most ten times a second, changes of phase and the last word included', () => {
    const { clock, seen, gate } = throttle()
    const phases = ['check', 'copy', 'metadata', 'verify', 'commit'] as const
    const seenAtMs: number[] = []
    for (clock.nowMs = 0; clock.nowMs < 1000; clock.nowMs += 10) {
      const phase = phases[Math.floor(clock.nowMs / 200)] ?? 'commit'
      gate.offer(1, makeProgress({ phase, writtenEvents: clock.nowMs }))
      while (seenAtMs.length < seen.length) seenAtMs.push(clock.nowMs)
    }
    gate.flush()
    expect(seen.length).toBeLessThanOrEqual(10)
    expect([...new Set(seen.map(({ phase }) => phase))]).toEqual(phases)
    expect(seen.at(-1)?.writtenEvents).toBe(990)
  })

  it('keeps to ten a second also for many small jobs', () => {
    const { clock, seen, gate } = throttle()
    const phases = ['check', 'copy', 'metadata', 'verify', 'commit'] as const
    const timesMs: number[] = []
    for (let job = 1; job <= 100; job += 1) {
      for (const phase of phases) {
        clock.nowMs += 10
        gate.offer(job, makeProgress({ phase }))
        while (timesMs.length < seen.length) timesMs.push(clock.nowMs)
      }
      gate.flush()
      while (timesMs.length < seen.length) timesMs.push(clock.nowMs)
    }
    for (const [index, timeMs] of timesMs.entries()) {
      expect(timeMs - (timesMs[index - 10] ?? Number.NEGATIVE_INFINITY)).toBeGreaterThanOrEqual(1000)
    }
    expect(seen.length).toBeGreaterThan(40)
  })

  it('tells each change of phase at once', () => {
    const { seen, gate } = throttle()
    for (const phase of ['check', 'copy', 'copy', 'metadata', 'verify', 'verify', 'commit'] as const) {
      gate.offer(1, makeProgress({ phase }))
    }
    expect(seen.map(({ phase }) => phase)).toEqual(['check', 'copy', 'metadata', 'verify', 'commit'])
  })

  it('leaves out all but changes of phase and the last word while the reader is behind', () => {
    const { clock, seen, gate } = throttle(() => true)
    for (let count = 0; count < 10; count += 1) {
      clock.nowMs += 1000
      gate.offer(1, makeProgress({ writtenEvents: count }))
    }
    gate.offer(1, makeProgress({ phase: 'verify' }))
    gate.flush()
    expect(seen.map(({ phase, writtenEvents }) => [phase, writtenEvents])).toEqual([
      ['copy', 0],
      ['verify', 2],
    ])
  })
})

describe('text for a terminal', () => {
  it('has no power over it', () => {
    expect(escapeText('a\u001b[2Jb\nc\td\u0085\u202ee\ud800f')).toBe(
      'a\\u001b[2Jb\\nc\\td\\u0085\\u202ee\\ud800f',
    )
  })

  it('stays as it is otherwise', () => {
    const text = 'Zellen µm²; 細胞 👩‍🔬'
    expect(escapeText(text)).toBe(text)
  })
})

describe('a line of JSON', () => {
  it('holds what JSON has no form for as text', () => {
    const line = toJsonLine({ a: 5n, b: 2n ** 63n, c: Number.NaN, d: [Number.NEGATIVE_INFINITY], e: 'x\ny' })
    expect(line).toBe('{"a":5,"b":"9223372036854775808","c":"NaN","d":["-Infinity"],"e":"x\\ny"}\n')
  })
})
