import { describe, expect, test } from 'vitest'
import { jobSchema } from '../../../src-main/jobs/job-schema.ts'
import { WAITING, type JobLife } from '../../../src-main/jobs/job-life.ts'
import { inputOf, inputsOf, OutputPlanner } from '../../../src-main/jobs/plan-output.ts'
import type { QueuedJob } from '../../../src-main/jobs/queued-job.ts'
import { figures } from './job-samples.ts'

const done: JobLife = { ...WAITING, state: 'done', figures }

const ROWS = { kind: 'indices', file: '/in/rows' }

function queued(input: string, output: string, life: JobLife = WAITING): QueuedJob {
  const job = jobSchema.parse({ task: 'rewrite', input, output })
  return {
    ...{ id: output, job, collision: 'refuse', life, isReleased: false, isUnfinished: false },
    inputRoot: null,
    wantedName: null,
    nameTemplate: null,
    ...{ leftoverPath: null, addedAt: '', endedAt: null },
  }
}

interface Disk {
  readonly taken?: readonly string[]
  readonly links?: Readonly<Record<string, string>>
}

function plan(rows: readonly QueuedJob[], { taken = [], links = {} }: Disk = {}): Promise<OutputPlanner> {
  return OutputPlanner.create(rows, {
    isTaken: async (path) => taken.includes(path),
    resolveLinks: async (path) => links[path] ?? path,
  })
}

describe('the output of a job', () => {
  test('is numbered where a job that is to come has the name, whatever the policy', async () => {
    for (const collision of ['refuse', 'rename', 'replace'] as const) {
      const planner = await plan([queued('/in/a', '/out/x.rtdc')])
      expect(await planner.choose('/out/x.rtdc', collision)).toBe('/out/x_2.rtdc')
      expect(await planner.choose('/out/x.rtdc', collision)).toBe('/out/x_3.rtdc')
    }
  })

  test('is numbered where the folder is the same by another way', async () => {
    const planner = await plan([queued('/in/a', '/link/x.rtdc')], { links: { '/link': '/out' } })
    expect(await planner.choose('/out/x.rtdc', 'refuse')).toBe('/out/x_2.rtdc')
  })

  test('says for whom it is numbered', async () => {
    const planner = await plan([queued('/in/a.rtdc', '/out/x.rtdc')], { taken: ['/out/y.rtdc'] })
    expect(await planner.place('/out/x.rtdc', 'refuse')).toEqual({
      path: '/out/x_2.rtdc',
      numberedFor: 'job',
    })
    expect(await planner.place('/in/a.rtdc', 'replace')).toMatchObject({ numberedFor: 'input' })
    expect(await planner.place('/out/y.rtdc', 'rename')).toMatchObject({ numberedFor: 'disk' })
    expect(await planner.place('/out/y.rtdc', 'rename')).toMatchObject({
      ...{ path: '/out/y_3.rtdc', numberedFor: 'disk' },
    })
    expect(await planner.place('/out/z.rtdc', 'refuse')).toEqual({ path: '/out/z.rtdc', numberedFor: null })
    expect(await planner.place('/out/z.rtdc', 'refuse')).toMatchObject({ numberedFor: 'job' })
  })

  test('is never the list of events of a job, nor a basin that one reads', async () => {
    const rows = queued('/in/a.rtdc', '/out/a.rtdc', done)
    const job = { ...rows.job, events: { kind: 'indices', file: '/in/list.rtdc' } } as QueuedJob['job']
    const basins = jobSchema.parse({
      task: 'basins',
      output: '/out/b.rtdc',
      sources: [['/in/b.rtdc', '/c.rtdc']],
    })
    const planner = await plan([
      { ...rows, job },
      { ...rows, job: basins },
    ])
    expect(await planner.choose('/in/list.rtdc', 'replace')).toBe('/in/list_2.rtdc')
    expect(await planner.choose('/c.rtdc', 'replace')).toBe('/c_2.rtdc')
  })

  test('is never an input that is not there yet, whatever way leads to its folder', async () => {
    const planner = await plan([], { links: { '/way': '/in' } })
    await planner.noteInput('/way/later.rtdc')
    expect(await planner.choose('/in/later.rtdc', 'replace')).toBe('/in/later_2.rtdc')
  })

  test('may have the name of a job that has ended', async () => {
    const planner = await plan([queued('/in/a', '/out/x.rtdc', done)])
    expect(await planner.choose('/out/x.rtdc', 'replace')).toBe('/out/x.rtdc')
  })

  test('is never an input, nor is its temporary file, nor an input by another way', async () => {
    const planner = await plan([queued('/in/x.rtdc', '/out/y.rtdc', done)], {
      links: { '/alias': '/in/z.rtdc' },
    })
    await planner.noteInput('/in/w.rtdc~')
    await planner.noteInput('/alias')
    expect(await planner.choose('/in/x.rtdc', 'replace')).toBe('/in/x_2.rtdc')
    expect(await planner.choose('/in/w.rtdc', 'replace')).toBe('/in/w_2.rtdc')
    expect(await planner.choose('/in/z.rtdc', 'replace')).toBe('/in/z_2.rtdc')
  })

  test('is nothing that a job of the queue reads, whatever its task', async () => {
    const jobs = [
      { task: 'basins', output: '/out/b', sources: [['/in/a', '/in/b'], ['/in/c']], events: ROWS },
      {
        task: 'rewrite',
        output: '/out/r',
        input: '/in/d',
        events: ROWS,
        relink: [{ key: 'k', paths: ['/in/e'] }],
      },
      { task: 'record', output: '/out/s', source: { kind: 'replay', file: '/in/f' }, metadataFile: '/in/g' },
    ].map((job) => jobSchema.parse(job))
    expect(jobs.map(inputsOf)).toEqual([
      ['/in/a', '/in/b', '/in/c', '/in/rows'],
      ['/in/d', '/in/rows', '/in/e'],
      ['/in/f', '/in/g'],
    ])
    expect(jobs.map(inputOf)).toEqual([null, '/in/d', '/in/f'])
    const planner = await plan(jobs.map((job) => ({ ...queued('/in/x', job.output), job })))
    for (const path of jobs.flatMap(inputsOf)) expect(await planner.choose(path, 'replace')).not.toBe(path)
  })

  test('makes way for what is on the disk, also for a leftover, only if it is to be renamed', async () => {
    const disk = { taken: ['/out/x.rtdc', '/out/x_2.rtdc~'] }
    expect(await (await plan([], disk)).choose('/out/x.rtdc', 'rename')).toBe('/out/x_3.rtdc')
    expect(await (await plan([], disk)).choose('/out/x.rtdc', 'refuse')).toBe('/out/x.rtdc')
  })
})
