import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  advance,
  hasEnded,
  isActive,
  isInterrupted,
  WAITING,
  type JobEvent,
  type JobLife,
} from '../../../src-main/jobs/job-life.ts'
import type { MessageFromProcess } from '../../../src-main/jobs/job-messages.ts'
import { figures, progress } from './job-samples.ts'

const error = { code: 'E_IO', message: 'the disk is gone', path: '/data/in.rtdc' }
const warning = { code: 'W_TEST', message: 'look', path: '/data/in.rtdc' }
const checked = { input: '/data/in.rtdc', output: '/data/out.rtdc', totalEvents: 10, estimatedBytes: 500 }

const messages: readonly MessageFromProcess[] = [
  { kind: 'checked', figures: checked },
  { kind: 'progress', progress },
  { kind: 'warning', warning },
  { kind: 'done', figures },
  { kind: 'failed', error },
  { kind: 'cancelled', error },
]
const exited: JobEvent = {
  kind: 'exited',
  exit: { code: 0, reason: null, lastWords: '' },
  path: '/data/out.rtdc',
}

function say(kind: MessageFromProcess['kind']): JobEvent {
  const message = messages.find((candidate) => candidate.kind === kind)
  if (message === undefined) throw new Error(`no message ${kind}`)
  return { kind: 'message', message }
}

const anyEvent = fc.constantFrom<JobEvent>(
  { kind: 'start' },
  { kind: 'stop' },
  { kind: 'cancel' },
  { kind: 'broken', error },
  exited,
  ...messages.map((message): JobEvent => ({ kind: 'message', message })),
)

function live(...events: readonly JobEvent[]): JobLife {
  return events.reduce(advance, WAITING)
}

describe('whatever happens, in whatever order', () => {
  test('a job ends at most once, and nothing changes it afterwards', () => {
    fc.assert(
      fc.property(fc.array(anyEvent, { maxLength: 30 }), (events) => {
        const lives = events.reduce<JobLife[]>(
          (known, event) => [...known, advance(known.at(-1)!, event)],
          [WAITING],
        )
        const end = lives.find(hasEnded)
        if (end === undefined) return
        expect(new Set(lives.filter(hasEnded))).toEqual(new Set([end]))
        expect(lives.slice(lives.indexOf(end)).every((life) => life === end)).toBe(true)
      }),
    )
  })

  test('only the signed-off message of a started process makes a job done', () => {
    fc.assert(
      fc.property(fc.array(anyEvent, { maxLength: 30 }), (events) => {
        const started = events.findIndex(({ kind }) => kind === 'start')
        const signed = events.findIndex(
          (event, index) => index > started && event.kind === 'message' && event.message.kind === 'done',
        )
        const isDone = live(...events).state === 'done'
        if (isDone) expect(started >= 0 && signed > started).toBe(true)
      }),
    )
  })

  test('a started job whose process is gone has ended', () => {
    fc.assert(
      fc.property(fc.array(anyEvent, { maxLength: 30 }), (events) => {
        expect(hasEnded(live({ kind: 'start' }, ...events, exited))).toBe(true)
      }),
    )
  })

  test('a job that nobody started or cancelled goes on waiting', () => {
    const idle = anyEvent.filter(({ kind }) => kind !== 'start' && kind !== 'cancel')
    fc.assert(
      fc.property(fc.array(idle, { maxLength: 10 }), (events) => {
        expect(live(...events)).toBe(WAITING)
      }),
    )
  })
})

describe('the life of a job', () => {
  test('goes from waiting over starting and running with its phase to done', () => {
    const starting = live({ kind: 'start' })
    expect(starting).toMatchObject({ state: 'starting', isStopping: false })
    const checking = advance(starting, say('checked'))
    expect(checking).toMatchObject({ state: 'running', phase: 'check', checked })
    const copying = advance(checking, say('progress'))
    expect(copying).toMatchObject({ state: 'running', phase: 'copy', progress })
    expect(isActive(copying)).toBe(true)
    expect(advance(copying, say('done'))).toMatchObject({ state: 'done', figures, checked, progress })
  })

  test('an exit with code 0 without sign-off is an interruption that names the file', () => {
    const life = live({ kind: 'start' }, say('progress'), exited)
    expect(life).toMatchObject({ state: 'failed', error: { code: 'E_GONE', path: '/data/out.rtdc' } })
    expect(isInterrupted(life)).toBe(true)
    expect(isInterrupted(live({ kind: 'start' }, say('failed')))).toBe(false)
  })

  test('keeps the reason and the last words of a process that crashed', () => {
    const exit = { code: 133, reason: 'oom', lastWords: 'heap out of memory' }
    const life = live({ kind: 'start' }, { kind: 'exited', exit, path: '/data/out.rtdc' })
    expect(life).toMatchObject({ state: 'failed', lastWords: 'heap out of memory' })
    expect(life).toMatchObject({ error: { message: expect.stringContaining('oom, exit code 133') } })
  })

  test('a job that only waits is cancelled at once, a running one when its process says so', () => {
    expect(live({ kind: 'cancel' })).toMatchObject({ state: 'cancelled', error: { code: 'E_CANCELLED' } })
    const cancelling = live({ kind: 'start' }, say('progress'), { kind: 'cancel' })
    expect(cancelling.state).toBe('cancelling')
    expect(advance(cancelling, say('progress')).state).toBe('cancelling')
    expect(advance(cancelling, say('cancelled'))).toMatchObject({ state: 'cancelled', error })
  })

  test('a cancel that comes too late finds the job done', () => {
    expect(live({ kind: 'start' }, { kind: 'cancel' }, say('done')).state).toBe('done')
  })

  test('a stopped recording runs on until it is done, and can still be cancelled', () => {
    const stopping = live({ kind: 'start' }, { kind: 'stop' }, say('progress'))
    expect(stopping).toMatchObject({ state: 'running', isStopping: true })
    expect(advance(stopping, { kind: 'cancel' }).state).toBe('cancelling')
    expect(advance(stopping, say('done')).state).toBe('done')
  })

  test('keeps the first thousand warnings and counts them all', () => {
    const life = live({ kind: 'start' }, ...Array.from({ length: 1500 }, () => say('warning')))
    expect(life.warnings).toHaveLength(1000)
    expect(life.warningCount).toBe(1500)
  })
})
