import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import type { Tasks } from '../../../src-main/cli/surroundings.ts'
import type { Job } from '../../../src-main/jobs/job-schema.ts'
import { fakeCheckedJob, makeTemporaryFolder, runFake, type TemporaryFolder } from './fake-surroundings.ts'

let folder: TemporaryFolder

beforeEach(async () => {
  folder = await makeTemporaryFolder()
})

afterEach(() => folder.remove())

async function runJobFile(content: unknown, tasks: Partial<Tasks> = {}) {
  const text = typeof content === 'string' ? content : JSON.stringify(content)
  await folder.makeFile('jobs.json', text)
  return runFake(['run', 'jobs.json', '--json'], { baseFolder: folder.path, tasks })
}

const REWRITE = { task: 'rewrite', input: 'a.rtdc', output: 'b.rtdc' }

describe('a job file', () => {
  it('holds one job or an array of them, with paths from where the user is', async () => {
    const seen: Job[] = []
    const check = (job: Job) => {
      seen.push(job)
      return Promise.resolve(fakeCheckedJob(job))
    }
    const tasks: Partial<Tasks> = { checkRewrite: check, checkRecord: check, checkBasinsJob: check }
    const record = {
      task: 'record',
      output: '/far/c.rtdc',
      source: { kind: 'replay', file: 'd.rtdc' },
      metadataFile: 'm.json',
    }
    const selected = { ...REWRITE, events: { kind: 'indices', file: 'rows.txt' } }
    expect((await runJobFile(`\ufeff${JSON.stringify(selected)}`, tasks)).code).toBe(0)
    expect((await runJobFile([REWRITE, record], tasks)).code).toBe(0)
    const basins = { task: 'basins', output: 'e.rtdc', sources: [['f.rtdc', 'C:\\f.rtdc'], ['/far/g.rtdc']] }
    const relinked = { ...REWRITE, relink: [{ key: 'k', paths: ['h.rtdc'] }] }
    expect((await runJobFile([basins, relinked], tasks)).code).toBe(0)
    const at = (name: string) => `${folder.path}/${name}`
    expect(seen).toMatchObject([
      { input: at('a.rtdc'), output: at('b.rtdc'), events: { file: at('rows.txt') } },
      { input: at('a.rtdc'), events: { kind: 'all' } },
      { output: '/far/c.rtdc', source: { file: at('d.rtdc') }, metadataFile: at('m.json') },
      { output: at('e.rtdc'), sources: [[at('f.rtdc'), 'C:\\f.rtdc'], ['/far/g.rtdc']], paths: 'both' },
      { input: at('a.rtdc'), relink: [{ key: 'k', paths: [at('h.rtdc')] }] },
    ])
  })

  it.each([
    ['is no JSON', '{"task": ', /not valid JSON/],
    ['holds no jobs', '[]', /holds no jobs/],
  ])('that %s is refused', async (_name, text, message) => {
    const run = await runJobFile(text)
    expect(run.code).toBe(2)
    expect(run.stderr.text).toMatch(message)
    expect(run.stderr.text).toMatch(/\(E_USAGE\)\n$/)
    expect(run.stdout.text).toBe('')
  })

  it('that is missing is refused', async () => {
    const run = await runFake(['run', 'absent.json'], { baseFolder: folder.path })
    expect(run.code).toBe(2)
    expect(run.stderr.text).toMatch(/\(E_MISSING\)\n$/)
  })

  it.each([
    ['an unknown task', { ...REWRITE, task: 'join' }, /task/],
    ['an unknown key', { ...REWRITE, speed: 3 }, /speed/],
    ['no output', { task: 'rewrite', input: 'a.rtdc' }, /output/],
    ['a wrong type', { ...REWRITE, overwrite: 'yes' }, /overwrite/],
    [
      'a level beyond its codec',
      { ...REWRITE, compression: { codec: 'gzip', level: 10 } },
      /gzip has levels from 0 to 9/,
    ],
    ['a level of 0 for zstd', { ...REWRITE, compression: { level: 0 } }, /zstd has levels from 1 to 22/],
    [
      'a level for auto',
      { ...REWRITE, compression: { codec: 'auto', level: 9 } },
      /level 9: needs another codec than auto/,
    ],
    [
      'shuffle for auto',
      { ...REWRITE, compression: { codec: 'auto', shuffle: true } },
      /shuffle: needs another codec than auto/,
    ],
    [
      'an aim for a level',
      { ...REWRITE, compression: { level: 9, aim: 'small' } },
      /aim: needs the codec auto, not zstd/,
    ],
    [
      'by frame for gzip',
      { ...REWRITE, compression: { codec: 'gzip', byFrame: true } },
      /byFrame: needs the codec auto, not gzip/,
    ],
    ['an unknown aim', { ...REWRITE, compression: { aim: 'tiny' } }, /aim/],
    ['no object', 'rewrite', /expected object/],
  ])('with %s is refused, and none of its jobs runs', async (_name, wrong, message) => {
    const run = await runJobFile([REWRITE, wrong])
    expect(run.code).toBe(2)
    const [good, bad] = run.results()
    expect(good).toMatchObject({ status: 'refused', input: 'a.rtdc', error: { code: 'E_USAGE' } })
    expect(bad).toMatchObject({ job: 2, status: 'refused', error: { code: 'E_USAGE' } })
    expect((bad?.['error'] as { message: string }).message).toMatch(message)
    const { stderr } = await runFake(['run', 'jobs.json'], { baseFolder: folder.path })
    expect(stderr.text).toMatch(/weir: error: \S*jobs\.json: job 2: /)
    expect(stderr.text).not.toMatch(/weir: error: a\.rtdc/)
  })

  it.each(['none', 'auto'])('takes the saved form of a job with %s, level and all', async (codec) => {
    const tasks: Partial<Tasks> = { checkRewrite: (job) => Promise.resolve(fakeCheckedJob(job)) }
    const saved = { ...REWRITE, compression: { codec, level: 5, shuffle: false, checksum: true } }
    expect((await runJobFile(saved, tasks)).code).toBe(0)
  })

  const auto = { codec: 'auto', level: 5, shuffle: false, checksum: true }
  it.each([
    [undefined, auto],
    [{}, auto],
    [{ checksum: false }, { ...auto, checksum: false }],
    [
      { aim: 'small', byFrame: true },
      { ...auto, aim: 'small', byFrame: true },
    ],
    // As it was meant before there was auto.
    [{ level: 7 }, { ...auto, codec: 'zstd', level: 7 }],
    [{ shuffle: true }, { ...auto, codec: 'zstd', shuffle: true }],
    [{ codec: 'zstd' }, { ...auto, codec: 'zstd' }],
  ])('makes of compression %o what was meant', async (compression, expected) => {
    const seen: Job[] = []
    const check = (job: Job) => {
      seen.push(job)
      return Promise.resolve(fakeCheckedJob(job))
    }
    const record = { task: 'record', output: 'c.rtdc', source: { kind: 'simulate', frames: 1 } }
    const jobs = [REWRITE, record].map((job) => ({ ...job, ...(compression && { compression }) }))
    const tasks: Partial<Tasks> = { checkRewrite: check, checkRecord: check }
    expect((await runJobFile(jobs, tasks)).code).toBe(0)
    expect(seen.map((job) => job.task !== 'basins' && job.compression)).toEqual([expected, expected])
  })

  it('whose jobs share an output, also as a temporary name, is refused', async () => {
    for (const output of ['b.rtdc', './b.rtdc', 'b.rtdc~']) {
      const run = await runJobFile([REWRITE, { ...REWRITE, input: 'c.rtdc', output }])
      expect(run.code).toBe(2)
      expect(run.results()).toMatchObject([{ error: { code: 'E_EXISTS' } }, { error: { code: 'E_EXISTS' } }])
    }
  })

  it.each([true, false])(
    'is never written over by one of its own jobs (overwrite: %s)',
    async (overwrite) => {
      const tasks = { checkRewrite: (job: Job) => Promise.resolve(fakeCheckedJob(job)) }
      for (const output of ['jobs.json', './jobs.json', `${folder.path}/jobs.json`]) {
        const run = await runJobFile({ ...REWRITE, output, overwrite }, tasks)
        expect(run.code).toBe(2)
        expect(run.results()).toMatchObject([{ status: 'refused', error: { code: 'E_SAME' } }])
      }
    },
  )

  it('starts nothing where one job would write over what another finds out to read', async () => {
    await folder.makeFile('basin.rtdc', 'dear')
    const basin = `${folder.path}/basin.rtdc`
    const run = (): Promise<never> => Promise.reject(new Error('nothing was to be started'))
    const tasks = {
      checkRewrite: (job: Job) => Promise.resolve({ ...fakeCheckedJob(job, run), reads: [basin] }),
      checkBasinsJob: (job: Job) => Promise.resolve(fakeCheckedJob(job, run)),
    }
    const basins = { task: 'basins', output: 'basin.rtdc', sources: [['x.rtdc']], overwrite: true }
    const end = await runJobFile([REWRITE, basins], tasks)
    expect(end.code).toBe(2)
    const refused = { status: 'refused', error: { code: 'E_SAME', path: basin } }
    expect(end.results()).toMatchObject([refused, refused])
  })

  it('starts nothing where one job would write what another is to refer to', async () => {
    const basins = { task: 'basins', output: 'c.rtdc', sources: [['x.rtdc', REWRITE.output]] }
    const end = await runJobFile([REWRITE, basins])
    expect(end.code).toBe(2)
    expect(end.results()).toMatchObject([{ error: { code: 'E_SAME' } }, { error: { code: 'E_SAME' } }])
  })
})
