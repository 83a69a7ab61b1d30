import { describe, expect, test } from 'vitest'
import type { JobQueue } from '../../../src-main/jobs/job-queue.ts'
import { expectError, expectRejection } from '../../helpers/expect-error.ts'
import { choose, makePlans, settings } from './queue-fixture.ts'

function outputsOf(queue: JobQueue): string[] {
  return queue.jobs.map(({ job }) => job.output)
}

const record = {
  seed: 42,
  threshold: 500,
  verify: 'standard',
  threads: null,
  compression: settings.compression,
} as const

describe('rewrites that the page asks for', () => {
  test('become jobs beside their inputs, in the order given', async () => {
    const { plans, tokens, queue } = await makePlans()
    const inputs = ['/a/M1.rtdc', '/b/M2.rtdc'].map((path) => tokens.issueFile(path).token)
    const { ids, refused } = await plans.addRewrites({ inputs, settings, output: choose() })
    expect(queue.jobs.map(({ id }) => id)).toEqual(ids)
    expect(outputsOf(queue)).toEqual(['/a/M1_weir.rtdc', '/b/M2_weir.rtdc'])
    expect(refused).toEqual([])
  })

  test('go to the chosen folder under names that the measurement gives, and never the same one', async () => {
    const { plans, tokens, queue } = await makePlans()
    const folder = tokens.issueFolder('/out').token
    const inputs = ['/a/M.rtdc', '/b/M.rtdc'].map((path) => tokens.issueFile(path).token)
    await plans.addRewrites({ inputs, settings, output: choose({ folder, name: '{sample}_{id7}_{run}' }) })
    expect(outputsOf(queue)).toEqual([
      '/out/HL60 _ 1_0123456_unknown.rtdc',
      '/out/HL60 _ 1_0123456_unknown_2.rtdc',
    ])
  })

  test('that are in the queue already are refused, by name, until they have ended', async () => {
    const { plans, tokens, queue } = await makePlans()
    const { token } = tokens.issueFile('/a/M.rtdc')
    const draft = { inputs: [token, token], settings, output: choose() }
    const first = await plans.addRewrites(draft)
    expect(first.refused).toMatchObject([{ path: '/a/M.rtdc', code: 'E_QUEUE' }])
    const other = await plans.addRewrites({
      ...draft,
      inputs: [token],
      settings: { ...settings, verify: 'none' },
    })
    expect(other.refused).toEqual([])
    queue.cancel(first.ids[0] ?? '')
    expect((await plans.addRewrites({ ...draft, inputs: [token] })).refused).toEqual([])
  })

  test('asked for at the same moment see each other', async () => {
    const { plans, tokens, queue } = await makePlans()
    const folder = tokens.issueFolder('/out').token
    const ask = (path: string) =>
      plans.addRewrites({
        inputs: [tokens.issueFile(path).token],
        settings,
        output: choose({ folder, name: 'x' }),
      })
    await Promise.all([ask('/a'), ask('/b'), ask('/c')])
    expect(outputsOf(queue)).toEqual(['/out/x.rtdc', '/out/x_2.rtdc', '/out/x_3.rtdc'])
  })

  test('never write over an input, and replace only where that was asked for', async () => {
    const { plans, tokens, queue } = await makePlans()
    const inputs = [tokens.issueFile('/a/M.rtdc').token]
    await plans.addRewrites({ inputs, settings, output: choose({ name: '{stem}', collision: 'replace' }) })
    await plans.addRewrites({ inputs, settings: { ...settings, verify: 'none' }, output: choose() })
    expect(queue.jobs.map(({ job }) => [job.output, job.overwrite])).toEqual([
      ['/a/M_2.rtdc', true],
      ['/a/M_weir.rtdc', false],
    ])
  })

  test('S10: of a token that was never issued are refused, and of a name with an unknown part', async () => {
    const { plans, tokens, queue } = await makePlans()
    const stranger = '00000000-0000-4000-8000-000000000000'
    const inputs = [tokens.issueFile('/a').token]
    expectError(() => plans.addRewrites({ inputs: [stranger], settings, output: choose() }), 'E_REQUEST')
    expectError(
      () => plans.addRewrites({ inputs, settings, output: choose({ folder: stranger }) }),
      'E_REQUEST',
    )
    expectError(() => plans.addRewrites({ inputs, settings, output: choose({ name: '{day}' }) }), 'E_USAGE')
    expect(queue.jobs).toEqual([])
  })
})

describe('a recording', () => {
  test('that is simulated needs a folder; a replayed one stands beside its measurement', async () => {
    const { plans, tokens, queue } = await makePlans()
    const simulate = { kind: 'simulate', frames: 5, rate: null } as const
    expectError(
      () => plans.addRecording({ source: simulate, settings: record, output: choose() }),
      'E_REQUEST',
    )
    const file = tokens.issueFile('/a/M.rtdc').token
    const replay = { kind: 'replay', file, rate: null, readers: 2 } as const
    await plans.addRecording({ source: replay, settings: record, output: choose({ name: '{stem}_{task}' }) })
    expect(queue.jobs[0]?.job).toMatchObject({ output: '/a/M_record.rtdc', source: { file: '/a/M.rtdc' } })
  })
})

describe('a change', () => {
  test('leaves alone what it does not name', async () => {
    const { plans, tokens, queue } = await makePlans()
    const inputs = [tokens.issueFile('/a/M.rtdc').token]
    const { ids } = await plans.addRewrites({
      inputs,
      settings: { ...settings, features: 'scalar' },
      output: choose(),
    })
    await plans.change(ids, { rewrite: { verify: 'none' } })
    expect(queue.jobs[0]?.job).toMatchObject({ features: 'scalar', verify: 'none', output: '/a/M_weir.rtdc' })
  })

  test('moves outputs into one folder under names of their own, and back beside the inputs', async () => {
    const { plans, tokens, queue } = await makePlans()
    const inputs = ['/a/M.rtdc', '/b/M.rtdc'].map((path) => tokens.issueFile(path).token)
    const { ids } = await plans.addRewrites({ inputs, settings, output: choose() })
    await plans.change(ids, { output: { folder: tokens.issueFolder('/out').token, collision: 'replace' } })
    expect(outputsOf(queue)).toEqual(['/out/M_weir.rtdc', '/out/M_weir_2.rtdc'])
    expect(queue.jobs.map(({ job, collision }) => [job.overwrite, collision])).toEqual(
      Array(2).fill([true, 'replace']),
    )
    await plans.change(ids, { output: { folder: null, name: '{stem}-{n}' } })
    expect(outputsOf(queue)).toEqual(['/a/M-1.rtdc', '/b/M-2.rtdc'])
  })

  test('is all or none: one that runs, or settings of another task, change nothing', async () => {
    const { plans, tokens, queue } = await makePlans()
    const inputs = ['/a/M.rtdc', '/b/M.rtdc'].map((path) => tokens.issueFile(path).token)
    const { ids } = await plans.addRewrites({ inputs, settings, output: choose() })
    queue.start(ids.slice(1))
    const before = queue.jobs
    await expectRejection(plans.change(ids, { rewrite: { verify: 'none' } }), 'E_QUEUE')
    await expectRejection(plans.change(ids.slice(0, 1), { record: { seed: 1 } }), 'E_QUEUE')
    expect(queue.jobs).toEqual(before)
  })
})

describe('a job that is run again', () => {
  const failure = { kind: 'exited', exit: { code: 1, reason: null, lastWords: '' }, path: '/a' } as const

  async function makeFailed(collision: 'refuse' | 'rename') {
    const taken: string[] = []
    const made = await makePlans(taken)
    const inputs = [made.tokens.issueFile('/a/M.rtdc').token]
    const { ids } = await made.plans.addRewrites({ inputs, settings, output: choose({ collision }) })
    made.queue.start(ids)
    made.emits[0]?.(failure)
    taken.push('/a/M_weir.rtdc~')
    return { ...made, id: ids[0] ?? expect.fail('no job was added') }
  }

  test('keeps its name, and may replace what it left only where somebody says so, for this run', async () => {
    const { plans, queue, id, emits } = await makeFailed('refuse')
    await plans.retry(id, { mayReplace: false })
    expect(queue.get(id).job).toMatchObject({ output: '/a/M_weir.rtdc', overwrite: false })
    emits[1]?.(failure)
    await plans.retry(id, { mayReplace: true })
    expect(queue.get(id).job).toMatchObject({ output: '/a/M_weir.rtdc', overwrite: true })
    emits[2]?.(failure)
    await plans.retry(id, { mayReplace: false })
    expect(queue.get(id).job.overwrite).toBe(false)
  })

  test('takes what it was refused for, where somebody says so', async () => {
    const { plans, queue, id, emits } = await makeFailed('refuse')
    expect(queue.get(id).job).toMatchObject({ lengths: 'refuse', holes: 'refuse' })
    await plans.retry(id, { mayReplace: false, tolerate: 'lengths' })
    expect(queue.get(id).job).toMatchObject({ lengths: 'cut', holes: 'refuse', overwrite: false })
    emits[1]?.(failure)
    await plans.retry(id, { mayReplace: false, tolerate: 'holes' })
    expect(queue.get(id).job).toMatchObject({ lengths: 'cut', holes: 'fill' })
  })

  test('takes a free name beside what it left where its outputs are to be numbered', async () => {
    const { plans, queue, id } = await makeFailed('rename')
    await plans.retry(id, { mayReplace: false })
    expect(queue.get(id).job.output).toBe('/a/M_weir_2.rtdc')
  })
})
