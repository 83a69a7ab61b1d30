import { describe, expect, test } from 'vitest'
import type { JobEvent } from '../../../src-main/jobs/job-life.ts'
import type { MessageFromProcess } from '../../../src-main/jobs/job-messages.ts'
import { JobQueue, type QueueEvent } from '../../../src-main/jobs/job-queue.ts'
import { JobStore, type QueueFile } from '../../../src-main/jobs/job-store.ts'
import type { Job } from '../../../src-main/jobs/job-schema.ts'
import { expectError } from '../../helpers/expect-error.ts'
import { figures, makeRecording, makeRewrite, progress } from './job-samples.ts'

const cancelledError = { code: 'E_CANCELLED', message: 'cancelled', path: null }

/** A process that does what the test says. */
class FakeProcess {
  readonly calls: string[] = []
  readonly gone: Promise<void>
  readonly job: Job
  readonly #emit: (event: JobEvent) => void
  #leave: () => void = () => undefined

  constructor(job: Job, emit: (event: JobEvent) => void) {
    this.job = job
    this.#emit = emit
    this.gone = new Promise((resolve) => (this.#leave = resolve))
  }

  cancel(): void {
    this.calls.push('cancel')
  }

  stop(): void {
    this.calls.push('stop')
  }

  kill(): void {
    this.calls.push('kill')
    void this.exit()
  }

  say(message: MessageFromProcess): void {
    this.#emit({ kind: 'message', message })
  }

  async exit(): Promise<void> {
    this.#emit({ kind: 'exited', exit: { code: 0, reason: null, lastWords: '' }, path: this.job.output })
    this.#leave()
    // The queue goes on when it heard that the process is gone, and looked for what it left.
    for (let turn = 0; turn < 5; turn += 1) await Promise.resolve()
  }

  async finish(): Promise<void> {
    this.say({ kind: 'done', figures })
    await this.exit()
  }
}

interface Setting {
  readonly file?: { text: string | undefined }
  readonly leftovers?: readonly string[]
  readonly refuse?: (job: Job) => boolean
}

async function makeQueue({ file = { text: undefined }, leftovers = [], refuse }: Setting = {}) {
  const queueFile: QueueFile = {
    path: '/data/queue.json',
    read: async () => file.text,
    write: async (text) => {
      file.text = text
    },
    setAside: async () => '/data/kept.json',
  }
  const processes: FakeProcess[] = []
  const store = new JobStore(queueFile, (trouble) => expect.fail(trouble.message))
  const queue = await JobQueue.open({
    store,
    startProcess: (job, onEvent) => {
      if (refuse?.(job)) throw new Error('no more processes')
      const process = new FakeProcess(job, onEvent)
      processes.push(process)
      return process
    },
    findLeftover: async (output) => (leftovers.includes(output) ? `${output}~` : null),
  })
  const events: QueueEvent[] = []
  queue.subscribe((event) => events.push(event))
  return { queue, processes, events, store, file }
}

function outputs(...names: readonly string[]): Job[] {
  return names.map((name) => makeRewrite(`/data/${name}.rtdc`))
}

function statesOf(queue: JobQueue): string[] {
  return queue.jobs.map(({ life }) => life.state)
}

function idsOf(queue: JobQueue): string[] {
  return queue.jobs.map(({ id }) => id)
}

function idAt(queue: JobQueue, place: number): string {
  return queue.jobs[place]?.id ?? expect.fail(`no job at ${place}`)
}

describe('the queue', () => {
  test('starts nothing unasked, then one after another, in order', async () => {
    const { queue, processes } = await makeQueue()
    queue.add(outputs('a', 'b', 'c'))
    expect(processes).toEqual([])
    queue.start(idsOf(queue))
    expect(statesOf(queue)).toEqual(['starting', 'waiting', 'waiting'])
    await processes[0]?.finish()
    expect(statesOf(queue)).toEqual(['done', 'starting', 'waiting'])
    await processes[1]?.exit()
    expect(statesOf(queue)).toEqual(['done', 'failed', 'starting'])
    expect(processes.map(({ job }) => job.output)).toEqual(['/data/a.rtdc', '/data/b.rtdc', '/data/c.rtdc'])
  })

  test('gives no room to the next before a process that has said its end is gone', async () => {
    const { queue, processes } = await makeQueue()
    queue.add(outputs('a', 'b'))
    queue.start(idsOf(queue))
    processes[0]?.say({ kind: 'done', figures })
    expect(statesOf(queue)).toEqual(['done', 'waiting'])
    await processes[0]?.exit()
    expect(statesOf(queue)).toEqual(['done', 'starting'])
  })

  test('runs as many at once as is set, at once when it is set higher', async () => {
    const { queue, processes, events } = await makeQueue()
    queue.add(outputs('a', 'b', 'c'))
    queue.start(idsOf(queue))
    queue.setJobsAtOnce(2)
    expect(statesOf(queue)).toEqual(['starting', 'starting', 'waiting'])
    expect(events).toContainEqual({ kind: 'jobs-at-once', jobsAtOnce: 2 })
    expectError(() => queue.setJobsAtOnce(0), 'E_QUEUE')
    expect(processes).toHaveLength(2)
  })

  test('lets no recording wait behind a rewrite, nor a rewrite behind a recording', async () => {
    const { queue, processes } = await makeQueue()
    const record = (name: string) => makeRecording(`/data/${name}.rtdc`, { frames: 10, rate: 1 })
    queue.add([...outputs('a', 'b'), record('r1'), record('r2')])
    queue.start(idsOf(queue))
    expect(statesOf(queue)).toEqual(['starting', 'waiting', 'starting', 'waiting'])
    await processes[1]?.exit()
    expect(statesOf(queue)).toEqual(['starting', 'waiting', 'failed', 'starting'])
  })

  test('changes places, and what comes first starts first', async () => {
    const { queue, processes, events } = await makeQueue()
    queue.add(outputs('a', 'b', 'c'))
    const [a, b, c] = idsOf(queue)
    queue.move(idAt(queue, 2), 0)
    expect(idsOf(queue)).toEqual([c, a, b])
    expect(events.at(-1)).toEqual({ kind: 'order', ids: [c, a, b] })
    queue.start(idsOf(queue))
    expect(processes[0]?.job.output).toBe('/data/c.rtdc')
  })

  test('removes what does not run', async () => {
    const { queue } = await makeQueue()
    queue.add(outputs('a', 'b'))
    queue.start([idAt(queue, 0)])
    expectError(() => queue.remove(idsOf(queue)), 'E_QUEUE')
    queue.remove([idAt(queue, 1)])
    expect(statesOf(queue)).toEqual(['starting'])
  })

  test('cancels one that waits at once, and asks the process of one that runs', async () => {
    const { queue, processes } = await makeQueue()
    queue.add(outputs('a', 'b'))
    queue.start(idsOf(queue))
    queue.cancel(idAt(queue, 1))
    queue.cancel(idAt(queue, 0))
    expect(statesOf(queue)).toEqual(['cancelling', 'cancelled'])
    expect(processes[0]?.calls).toEqual(['cancel'])
    processes[0]?.say({ kind: 'cancelled', error: cancelledError })
    await processes[0]?.exit()
    expect(statesOf(queue)).toEqual(['cancelled', 'cancelled'])
  })

  test('stops only what records', async () => {
    const { queue, processes } = await makeQueue()
    queue.add([makeRecording('/data/r.rtdc', { frames: 5, rate: null }), ...outputs('a')])
    queue.setJobsAtOnce(2)
    queue.start(idsOf(queue))
    queue.stop(idAt(queue, 0))
    expect(processes[0]?.calls).toEqual(['stop'])
    expectError(() => queue.stop(idAt(queue, 1)), 'E_QUEUE')
  })

  test('names what an interrupted job left behind, and runs it again only when asked', async () => {
    const { queue, processes } = await makeQueue({ leftovers: ['/data/a.rtdc'] })
    queue.add(outputs('a'))
    const id = idAt(queue, 0)
    queue.start([id])
    expectError(() => queue.retry(id), 'E_QUEUE')
    await processes[0]?.exit()
    expect(queue.jobs[0]).toMatchObject({
      life: { error: { code: 'E_GONE' } },
      leftoverPath: '/data/a.rtdc~',
    })
    expect(processes).toHaveLength(1)
    queue.retry(id, { ...makeRewrite('/data/b.rtdc'), overwrite: true })
    expect(processes[1]?.job).toMatchObject({ output: '/data/b.rtdc', overwrite: true })
    expect(queue.jobs[0]).toMatchObject({ life: { state: 'starting' }, leftoverPath: null })
  })

  test('a process that cannot be started fails its job, and the next one starts', async () => {
    const { queue } = await makeQueue({ refuse: (job) => job.output === '/data/a.rtdc' })
    queue.add(outputs('a', 'b'))
    queue.start(idsOf(queue))
    expect(statesOf(queue)).toEqual(['failed', 'starting'])
  })

  test('tells progress apart from changes, and saves the changes alone', async () => {
    const { queue, processes, events, store, file } = await makeQueue()
    queue.add(outputs('a'))
    queue.start(idsOf(queue))
    processes[0]?.say({ kind: 'progress', progress })
    await store.saved()
    const saved = file.text
    processes[0]?.say({ kind: 'progress', progress: { ...progress, writtenEvents: 6 } })
    await store.saved()
    expect(events.at(-1)).toMatchObject({ kind: 'progress', progress: { writtenEvents: 6 } })
    expect(queue.jobs[0]?.life.progress?.writtenEvents).toBe(6)
    expect(file.text).toBe(saved)
  })

  test('changes a job that waits and refuses one that does not exist', async () => {
    const { queue } = await makeQueue()
    queue.add(outputs('a'))
    queue.change([{ id: idAt(queue, 0), job: makeRewrite('/data/z.rtdc'), collision: 'rename' }])
    expect(queue.jobs[0]).toMatchObject({ job: { output: '/data/z.rtdc' }, collision: 'rename' })
    expectError(() => queue.cancel('nobody'), 'E_QUEUE')
  })

  test('changes all jobs or none', async () => {
    const { queue } = await makeQueue()
    queue.add(outputs('a', 'b'))
    queue.start([idAt(queue, 1)])
    queue.setJobsAtOnce(2)
    const before = queue.jobs
    const changes = before.map(({ id }) => ({
      id,
      job: makeRewrite('/data/z.rtdc'),
      collision: 'refuse' as const,
    }))
    expectError(() => queue.change(changes), 'E_QUEUE')
    expect(queue.jobs).toEqual(before)
  })

  test('holds what has not begun, and lets go on what has', async () => {
    const { queue, processes } = await makeQueue()
    queue.add(outputs('a', 'b'))
    queue.start(idsOf(queue))
    queue.hold(idsOf(queue))
    expect(statesOf(queue)).toEqual(['starting', 'waiting'])
    await processes[0]?.finish()
    expect(statesOf(queue)).toEqual(['done', 'waiting'])
  })
})

describe('after a crash of Weir', () => {
  test('what ran and what waited is offered again, with what was left behind, and nothing starts by itself', async () => {
    const before = await makeQueue()
    before.queue.add(outputs('a', 'b', 'c'))
    before.queue.start(idsOf(before.queue).slice(0, 2))
    await before.store.saved()
    const after = await makeQueue({ file: before.file, leftovers: ['/data/a.rtdc'] })
    expect(idsOf(after.queue)).toEqual(idsOf(before.queue))
    expect(statesOf(after.queue)).toEqual(['failed', 'waiting', 'waiting'])
    expect(after.queue.jobs.map(({ isUnfinished }) => isUnfinished)).toEqual([true, true, true])
    expect(after.queue.jobs[0]?.leftoverPath).toBe('/data/a.rtdc~')
    expect(after.processes).toEqual([])
    after.queue.retry(idAt(after.queue, 0))
    after.queue.start([idAt(after.queue, 1)])
    expect(after.queue.jobs.map(({ isUnfinished }) => isUnfinished)).toEqual([false, false, true])
  })
})

describe('closing the queue', () => {
  test('cancels rewrites so that they are offered again, and lets recordings end in order', async () => {
    const { queue, processes, file } = await makeQueue()
    queue.add([...outputs('a'), makeRecording('/data/r.rtdc', { frames: 5, rate: null }), ...outputs('b')])
    queue.start(idsOf(queue))
    const closed = queue.close(60_000)
    expect(processes.map(({ calls }) => calls)).toEqual([['cancel'], ['stop']])
    processes[0]?.say({ kind: 'cancelled', error: cancelledError })
    await processes[0]?.exit()
    await processes[1]?.finish()
    await closed
    expect(processes).toHaveLength(2)
    const { queue: next } = await makeQueue({ file })
    expect(statesOf(next)).toEqual(['failed', 'done', 'waiting'])
    expect(next.jobs.map(({ isUnfinished }) => isUnfinished)).toEqual([true, false, true])
  })

  test('kills what does not go in time', async () => {
    const { queue, processes, file } = await makeQueue()
    queue.add(outputs('a'))
    queue.start(idsOf(queue))
    await queue.close(1)
    expect(processes[0]?.calls).toEqual(['cancel', 'kill'])
    expect((await makeQueue({ file })).queue.jobs[0]).toMatchObject({ isUnfinished: true })
  })

  test('a job that the user had cancelled stays cancelled', async () => {
    const { queue, processes, file } = await makeQueue()
    queue.add(outputs('a'))
    queue.start(idsOf(queue))
    queue.cancel(idAt(queue, 0))
    const closed = queue.close(60_000)
    processes[0]?.say({ kind: 'cancelled', error: cancelledError })
    await processes[0]?.exit()
    await closed
    expect(statesOf((await makeQueue({ file })).queue)).toEqual(['cancelled'])
  })
})
