import { once } from 'node:events'
import { describe, expect, test } from 'vitest'
import { advance, WAITING, type JobEvent, type JobLife } from '../../../src-main/jobs/job-life.ts'
import { ProcessOwner } from '../../../src-main/jobs/process-owner.ts'
import { forkNode, own } from './fork-node-process.ts'
import { makeRewrite } from './job-samples.ts'

const hasty = { exitMs: 20, cancelMs: 20, killMs: 60_000 }

function forkUnruly(behaviour: string) {
  return forkNode('./unruly-process.mjs', behaviour)
}

function ownUnruly(behaviour: string, limits = { exitMs: 60_000, cancelMs: 60_000, killMs: 60_000 }) {
  const forked = forkUnruly(behaviour)
  return { ...forked, ...own(makeRewrite(), () => forked.process, limits) }
}

function liveThrough(events: readonly JobEvent[]): JobLife {
  return events.reduce(advance, advance(WAITING, { kind: 'start' }))
}

function kindsOf(events: readonly JobEvent[]): string[] {
  return events.map((event) => (event.kind === 'message' ? event.message.kind : event.kind))
}

describe('a process that', () => {
  test('leaves with exit code 0 and without a word has failed', async () => {
    const { owner, events } = ownUnruly('leaves with 0')
    await owner.gone
    expect(kindsOf(events)).toEqual(['exited'])
    expect(liveThrough(events)).toMatchObject({ state: 'failed', error: { code: 'E_GONE' } })
  })

  test('crashes has failed, with its last words', async () => {
    const { owner, events } = ownUnruly('crashes')
    await owner.gone
    const life = liveThrough(events)
    expect(life).toMatchObject({ state: 'failed', error: { message: expect.stringContaining('SIGABRT') } })
    expect(life).toMatchObject({ lastWords: expect.stringContaining('the disk is on fire') })
  })

  test('is killed from outside has failed, and nothing is posted to it afterwards', async () => {
    const { owner, events, waitFor, child, posted } = ownUnruly('waits')
    await waitFor('warning')
    child.kill('SIGKILL')
    await owner.gone
    const count = posted.length
    owner.cancel()
    owner.stop()
    owner.kill()
    expect(posted).toHaveLength(count)
    expect(kindsOf(events)).toEqual(['warning', 'exited'])
    expect(liveThrough(events)).toMatchObject({ state: 'failed', error: { code: 'E_GONE' } })
  })

  test('answers twice is heard once, and its exit code does not matter', async () => {
    const { owner, events, posted } = ownUnruly('answers twice')
    await owner.gone
    expect(kindsOf(events)).toEqual(['done', 'exited'])
    expect(posted).toEqual([{ kind: 'start', job: makeRewrite() }, { kind: 'acknowledge' }])
    expect(liveThrough(events).state).toBe('done')
  })

  test('never leaves after its end is killed, and the job stays done', async () => {
    const { owner, events, child } = ownUnruly('never leaves', hasty)
    await owner.gone
    expect(child.signalCode).toBe('SIGKILL')
    expect(liveThrough(events).state).toBe('done')
  })

  test('does not hear a cancel is killed, which leaves the job failed', async () => {
    const { owner, events, waitFor, child } = ownUnruly('waits', hasty)
    await waitFor('warning')
    owner.cancel()
    await owner.gone
    expect(child.signalCode).toBe('SIGKILL')
    expect(liveThrough(events)).toMatchObject({ state: 'failed', error: { code: 'E_GONE' } })
  })

  test('obeys a cancel has been cancelled', async () => {
    const { owner, events, waitFor, child } = ownUnruly('obeys a cancel')
    await waitFor('warning')
    owner.cancel()
    await owner.gone
    expect(child.exitCode).toBe(0)
    expect(liveThrough(events)).toMatchObject({ state: 'cancelled' })
  })

  test('says what is no message is killed; what it says then is not heard', async () => {
    const { owner, events, child } = ownUnruly('babbles')
    await owner.gone
    expect(child.signalCode).toBe('SIGKILL')
    expect(kindsOf(events)).toEqual(['broken', 'exited'])
    expect(liveThrough(events)).toMatchObject({ error: { code: 'E_MESSAGE', path: '/data/out.rtdc' } })
  })

  test('cannot be killed is taken for gone', async () => {
    const forked = forkUnruly('waits')
    const immortal = { ...forked.process, kill: () => undefined }
    const { owner, events } = own(makeRewrite(), () => immortal, { ...hasty, killMs: 10 })
    owner.kill()
    await owner.gone
    forked.child.kill('SIGKILL')
    await once(forked.child, 'close')
    expect(kindsOf(events)).toEqual(['exited'])
  })

  test('cannot be started is the caller to hear of', () => {
    const fork = (): never => {
      throw new Error('no more processes')
    }
    expect(() => new ProcessOwner(makeRewrite(), { fork, onEvent: () => undefined })).toThrow('no more')
  })
})
