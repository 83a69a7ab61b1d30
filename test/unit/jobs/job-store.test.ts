import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Warning } from '../../../src-main/errors.ts'
import { advance, WAITING, type JobEvent, type JobLife } from '../../../src-main/jobs/job-life.ts'
import type { OutcomeFigures } from '../../../src-main/jobs/job-report.ts'
import { JobStore, type QueueFile } from '../../../src-main/jobs/job-store.ts'
import { EMPTY_QUEUE, type QueueContent, type QueuedJob } from '../../../src-main/jobs/queued-job.ts'
import { composeQueue } from '../../../src-main/jobs/stored-queue.ts'
import { findLeftover, useQueueFile } from '../../../src-main/shell/queue-file.ts'
import { makeTemporaryFolder } from '../../helpers/temporary-folder.ts'
import { figures, makeRewrite, progress } from './job-samples.ts'

const start: JobEvent = { kind: 'start' }
const warning = { code: 'W_TEST', message: 'look', path: '/data/in.rtdc' }
const error = { code: 'E_IO', message: 'the disk is gone', path: null, offset: 4096, expected: 'zstd' }

function row(id: string, ...events: readonly JobEvent[]): QueuedJob {
  const life = events.reduce<JobLife>(advance, WAITING)
  const times = { addedAt: '2026-01-01T00:00:00.000Z', endedAt: null }
  const job = makeRewrite()
  return {
    id,
    job,
    collision: 'rename',
    inputRoot: id === 'waits' ? '/data' : null,
    wantedName: id === 'waits' ? 'M_weir.rtdc' : null,
    nameTemplate: id === 'waits' ? '{stem}_weir' : null,
    life,
    isReleased: true,
    isUnfinished: false,
    leftoverPath: null,
    ...times,
  }
}

const content: QueueContent = {
  jobsAtOnce: 3,
  jobs: [
    row('waits'),
    row('runs', start, { kind: 'message', message: { kind: 'progress', progress } }),
    row('done', start, ...say({ kind: 'warning', warning }), ...say({ kind: 'done', figures })),
    row('failed', start, ...say({ kind: 'failed', error })),
    row('cancelled', { kind: 'cancel' }),
  ],
}

function say(message: (JobEvent & { readonly kind: 'message' })['message']): JobEvent[] {
  return [{ kind: 'message', message }]
}

async function makeStore(text?: string, change: Partial<QueueFile> = {}) {
  const folder = await makeTemporaryFolder()
  const path = join(folder, 'queue.json')
  if (text !== undefined) await writeFile(path, text)
  const troubles: Warning[] = []
  const store = new JobStore({ ...useQueueFile(path), ...change }, (trouble) => troubles.push(trouble))
  return { folder, path, store, troubles }
}

describe('the stored queue', () => {
  test('is empty where there was none', async () => {
    const { store, troubles } = await makeStore()
    expect(await store.load()).toEqual(EMPTY_QUEUE)
    expect(troubles).toEqual([])
  })

  test('comes back with every end, error and warning, and what ran is interrupted', async () => {
    const { store, troubles } = await makeStore(composeQueue(content))
    const { jobs, jobsAtOnce } = await store.load()
    expect(jobsAtOnce).toBe(3)
    expect(
      jobs.map(({ id, life, isReleased, isUnfinished }) => [id, life.state, isReleased, isUnfinished]),
    ).toEqual([
      ['waits', 'waiting', false, true],
      ['runs', 'failed', false, true],
      ['done', 'done', false, false],
      ['failed', 'failed', false, false],
      ['cancelled', 'cancelled', false, false],
    ])
    expect(jobs[1]?.life).toMatchObject({ error: { code: 'E_GONE', path: '/data/out.rtdc' } })
    expect(jobs[2]?.life).toMatchObject({ figures, warnings: [warning], warningCount: 1 })
    expect(jobs[3]?.life).toMatchObject({ error })
    expect(jobs[0]?.job).toEqual(makeRewrite())
    expect(troubles).toEqual([])
  })

  test('of a version that did not count the features that were copied as stored comes back whole', async () => {
    const stored = JSON.parse(composeQueue(content)) as {
      jobs: { end: { figures: Partial<Record<keyof OutcomeFigures, unknown>> } }[]
    }
    const earlier = stored.jobs[2]!.end.figures
    delete earlier.features
    delete earlier.featuresAsStored
    delete earlier.content
    delete earlier.recording
    const { store, folder, troubles } = await makeStore(JSON.stringify(stored))
    const { jobs } = await store.load()
    expect(jobs).toHaveLength(content.jobs.length)
    expect(jobs[2]?.life).toMatchObject({
      figures: { ...earlier, features: 0, featuresAsStored: 0, content: null, recording: null },
    })
    expect(await readdir(folder)).toEqual(['queue.json'])
    expect(troubles).toEqual([])
  })

  test('is saved as the newest of several quick changes, with nothing left beside it', async () => {
    const { store, folder, path } = await makeStore()
    await store.load()
    for (const jobsAtOnce of [1, 2, 3, 4]) store.save({ ...content, jobsAtOnce })
    await store.saved()
    expect(await readFile(path, 'utf8')).toBe(composeQueue({ ...content, jobsAtOnce: 4 }))
    expect(await readdir(folder)).toEqual(['queue.json'])
  })

  const newer = JSON.stringify({ format: 'weir-queue', version: 2, jobs: { other: 'shape' } })
  test.each([
    ['cut off', composeQueue(content).slice(0, 200)],
    ['empty', ''],
    ['not ours', '{"name": "something"}'],
    ['of a newer version', newer],
    ['of a wrong shape', '{"format": "weir-queue", "version": 1, "jobsAtOnce": 0, "jobs": []}'],
  ])('that is %s is kept aside byte for byte, with a warning', async (_name, text) => {
    const { store, folder, path, troubles } = await makeStore(text)
    expect(await store.load()).toEqual(EMPTY_QUEUE)
    store.save(content)
    await store.saved()
    expect(await readFile(path, 'utf8')).toBe(composeQueue(content))
    const kept = (await readdir(folder)).filter((name) => name !== 'queue.json')
    expect(kept).toHaveLength(1)
    expect(await readFile(join(folder, kept[0] ?? ''), 'utf8')).toBe(text)
    expect(troubles).toMatchObject([{ code: 'W_QUEUE', message: expect.stringContaining(kept[0] ?? '') }])
  })

  test('keeps the good jobs beside damaged or doubled ones, and the whole file aside', async () => {
    const stored = JSON.parse(composeQueue(content)) as { jobs: { job: object; id: string }[] }
    stored.jobs[0]!.job = { task: 'format-disk' }
    stored.jobs[4]!.id = 'done'
    const { store, folder, troubles } = await makeStore(JSON.stringify(stored))
    expect((await store.load()).jobs.map(({ id }) => id)).toEqual(['runs', 'done', 'failed'])
    expect(await readdir(folder)).toEqual([expect.stringContaining('queue.json.kept-')])
    expect(troubles).toHaveLength(1)
  })

  test('that cannot be kept aside is never written over', async () => {
    const setAside = () => Promise.reject(new Error('read-only'))
    const { store, path, troubles } = await makeStore('damaged', { setAside })
    expect(await store.load()).toEqual(EMPTY_QUEUE)
    store.save(content)
    await store.saved()
    expect(await readFile(path, 'utf8')).toBe('damaged')
    expect(troubles).toMatchObject([{ message: expect.stringContaining('will not last') }])
  })

  test('that cannot be read is kept aside', async () => {
    const read = () => Promise.reject(new Error('EIO'))
    const { store, folder, troubles } = await makeStore('whole', { read })
    expect(await store.load()).toEqual(EMPTY_QUEUE)
    expect(await readdir(folder)).toEqual([expect.stringContaining('queue.json.kept-')])
    expect(troubles).toHaveLength(1)
  })

  test('that cannot be saved is told, and saved at the next change', async () => {
    let failures = 1
    const folder = await makeTemporaryFolder()
    const file = useQueueFile(join(folder, 'deep', 'queue.json'))
    const write = (text: string) => (failures-- > 0 ? Promise.reject(new Error('ENOSPC')) : file.write(text))
    const troubles: Warning[] = []
    const store = new JobStore({ ...file, write }, (trouble) => troubles.push(trouble))
    await store.load()
    store.save(EMPTY_QUEUE)
    await store.saved()
    expect(troubles).toMatchObject([{ message: expect.stringContaining('ENOSPC') }])
    store.save(content)
    await store.saved()
    expect(await readFile(file.path, 'utf8')).toBe(composeQueue(content))
  })

  test('before it was loaded nothing is written', async () => {
    const { store, path } = await makeStore('precious')
    store.save(content)
    await store.saved()
    expect(await readFile(path, 'utf8')).toBe('precious')
  })
})

test('a leftover is found under the temporary name of the output', async () => {
  const output = join(await makeTemporaryFolder(), 'out.rtdc')
  expect(await findLeftover(output)).toBeNull()
  expect(await findLeftover(join(output, 'deeper.rtdc'))).toBeNull()
  await writeFile(`${output}~`, '')
  expect(await findLeftover(output)).toBe(`${output}~`)
})
