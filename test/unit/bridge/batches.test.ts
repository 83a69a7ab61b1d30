import { describe, expect, test } from 'vitest'
import type { JobQueue } from '../../../src-main/jobs/job-queue.ts'
import { composeRow } from '../../../src-main/bridge/compose-row.ts'
import { expectError, expectRejection } from '../../helpers/expect-error.ts'
import { choose, makePlans, settings } from './queue-fixture.ts'

function outputsOf(queue: JobQueue): string[] {
  return queue.jobs.map(({ job }) => job.output)
}

/** Two files in an added folder, one added by itself, all waiting in the queue. */
async function addTree(output = {}, taken: readonly string[] = []) {
  const made = await makePlans(taken)
  const { tokens, inputRoots, plans } = made
  inputRoots.note(
    new Map([
      ['/data/day/M1.rtdc', '/data/day'],
      ['/data/day/chip/M1.rtdc', '/data/day'],
    ]),
  )
  const paths = ['/data/day/M1.rtdc', '/data/day/chip/M1.rtdc', '/alone/M1.rtdc']
  const inputs = paths.map((path) => tokens.issueFile(path).token)
  const folder = tokens.issueFolder('/out').token
  const { ids } = await plans.addRewrites({ inputs, settings, output: choose({ folder, ...output }) })
  return { ...made, ids, folder }
}

describe('outputs that keep the folders of their inputs', () => {
  test('lie below the chosen folder as the inputs do below theirs; a file that was added by itself lies in it', async () => {
    const { queue } = await addTree({ mirror: true })
    expect(outputsOf(queue)).toEqual([
      '/out/day/M1_weir.rtdc',
      '/out/day/chip/M1_weir.rtdc',
      '/out/M1_weir.rtdc',
    ])
    expect(queue.jobs.map(({ job }) => job)).toMatchObject([
      { outputRoot: '/out' },
      { outputRoot: '/out' },
      expect.not.objectContaining({ outputRoot: '/out' }),
    ])
    expect(queue.jobs.map(({ inputRoot }) => inputRoot)).toEqual(['/data/day', '/data/day', null])
  })

  test('go flat and back, to another folder, and beside the input', async () => {
    const { queue, plans, ids, tokens } = await addTree({ mirror: true })
    await plans.change(ids, { output: { mirror: false } })
    expect(outputsOf(queue)).toEqual(['/out/M1_weir.rtdc', '/out/M1_weir_2.rtdc', '/out/M1_weir_3.rtdc'])
    await plans.change(ids, { output: { mirror: true } })
    // Numbers were only there for want of free names.
    expect(outputsOf(queue)[1]).toBe('/out/day/chip/M1_weir.rtdc')
    expect(queue.jobs.map(({ wantedName }) => wantedName)).toEqual([null, null, null])
    await plans.change(ids, { output: { mirror: true, name: 'x' } })
    expect(outputsOf(queue)).toEqual(['/out/day/x.rtdc', '/out/day/chip/x.rtdc', '/out/x.rtdc'])
    await plans.change(ids, { output: { folder: tokens.issueFolder('/else').token } })
    expect(outputsOf(queue)).toEqual(['/else/day/x.rtdc', '/else/day/chip/x.rtdc', '/else/x.rtdc'])
    await plans.change(ids, { output: { name: 'y' } })
    expect(outputsOf(queue)[1]).toBe('/else/day/chip/y.rtdc')
    await plans.change(ids, { output: { folder: null } })
    expect(outputsOf(queue)).toEqual(['/data/day/y.rtdc', '/data/day/chip/y.rtdc', '/alone/y.rtdc'])
    expect(queue.jobs[0]?.job).not.toHaveProperty('outputRoot')
  })

  test('are not made where nobody chose a folder', async () => {
    const { queue, plans, ids } = await addTree({ folder: null, mirror: true })
    await plans.change(ids, { output: { mirror: true } })
    expect(outputsOf(queue)[1]).toBe('/data/day/chip/M1_weir.rtdc')
  })

  test('of two folders of one name never take one name', async () => {
    const { plans, tokens, inputRoots, queue } = await makePlans()
    inputRoots.note(
      new Map([
        ['/a/day/M.rtdc', '/a/day'],
        ['/b/day/M.rtdc', '/b/day'],
      ]),
    )
    const inputs = ['/a/day/M.rtdc', '/b/day/M.rtdc'].map((path) => tokens.issueFile(path).token)
    const folder = tokens.issueFolder('/out').token
    await plans.addRewrites({ inputs, settings, output: choose({ folder, mirror: true }) })
    expect(outputsOf(queue)).toEqual(['/out/day/M_weir.rtdc', '/out/day/M_weir_2.rtdc'])
  })
})

describe('no output', () => {
  test('takes the place of an input that was named after it, although it may replace', async () => {
    const { plans, tokens, queue } = await makePlans()
    const inputs = ['/a/M.rtdc', '/a/M_weir.rtdc'].map((path) => tokens.issueFile(path).token)
    await plans.addRewrites({ inputs, settings, output: choose({ collision: 'replace' }) })
    expect(outputsOf(queue)).toEqual(['/a/M_weir_2.rtdc', '/a/M_weir_weir.rtdc'])
  })
})

describe('a look at names before they are given', () => {
  test('says what a change would do, and changes nothing', async () => {
    const { plans, queue, ids } = await addTree({ mirror: true }, ['/out', '/out/Z.rtdc'])
    const before = queue.jobs
    const previews = await plans.preview(ids, { name: '{sample}_{run}' })
    expect(previews).toMatchObject([
      {
        ...{ id: ids[0], input: '/data/day/M1.rtdc', current: '/out/day/M1_weir.rtdc' },
        ...{ output: '/out/day/HL60 _ 1_unknown.rtdc', root: '/out', isNewFolder: true, failure: null },
        ...{ numberedFor: null, exists: false, unknownTokens: ['run'] },
      },
      { output: '/out/day/chip/HL60 _ 1_unknown.rtdc' },
      { output: '/out/HL60 _ 1_unknown.rtdc', root: null, isNewFolder: false },
    ])
    expect(queue.jobs).toEqual(before)
    await plans.change(ids, { output: { name: '{sample}_{run}' } })
    expect(outputsOf(queue)).toEqual(previews.map(({ output }) => output))
  })

  test('shows what is numbered and for whom, and what stands there', async () => {
    const { plans, ids } = await addTree({}, ['/out', '/out/x.rtdc', '/out/x_2.rtdc~'])
    const preview = (collision: 'refuse' | 'rename') => plans.preview(ids, { name: 'x', collision })
    expect(await preview('refuse')).toMatchObject([
      { output: '/out/x.rtdc', exists: true, hasLeftover: false, numberedFor: null },
      { output: '/out/x_2.rtdc', exists: false, hasLeftover: true, numberedFor: 'job' },
      { output: '/out/x_3.rtdc', exists: false, numberedFor: 'job' },
    ])
    expect((await preview('rename')).map(({ output, numberedFor }) => [output, numberedFor])).toEqual([
      ['/out/x_3.rtdc', 'disk'],
      ['/out/x_4.rtdc', 'disk'],
      ['/out/x_5.rtdc', 'disk'],
    ])
  })

  test('names a file that cannot be read, and goes on with the others', async () => {
    const { plans, ids, unreadable } = await addTree()
    unreadable.add('/data/day/chip/M1.rtdc')
    const previews = await plans.preview(ids, { name: '{sample}' })
    expect(previews.map(({ output }) => output)).toEqual(['/out/HL60 _ 1.rtdc', null, '/out/HL60 _ 1_2.rtdc'])
    expect(previews[1]).toMatchObject({ failure: { code: 'E_MISSING' } })
  })

  test('leaves a job whose file cannot be read as it was, and names it; the others take the name', async () => {
    const { plans, queue, ids, unreadable } = await addTree({ name: '{stem}_weir' })
    unreadable.add('/data/day/chip/M1.rtdc')
    const [, before] = queue.jobs
    const { refused } = await plans.change(ids, { output: { name: '{sample}', collision: 'rename' } })
    expect(refused).toMatchObject([{ id: ids[1], path: '/data/day/chip/M1.rtdc', code: 'E_MISSING' }])
    expect(outputsOf(queue)).toEqual(['/out/HL60 _ 1.rtdc', before?.job.output, '/out/HL60 _ 1_2.rtdc'])
    expect(queue.jobs[1]).toEqual(before)
    expect(queue.jobs.map(({ nameTemplate }) => nameTemplate)).toEqual([
      '{sample}',
      '{stem}_weir',
      '{sample}',
    ])
  })

  test('gives no job the name that one which was left out keeps', async () => {
    const { plans, queue, ids, unreadable } = await addTree({ name: 'HL60 _ 1' })
    unreadable.add('/data/day/M1.rtdc')
    await plans.change(ids, { output: { name: '{sample}' } })
    expect(outputsOf(queue)).toEqual(['/out/HL60 _ 1.rtdc', '/out/HL60 _ 1_2.rtdc', '/out/HL60 _ 1_3.rtdc'])
  })

  test('keeps the template through changes of something else', async () => {
    const { plans, queue, ids } = await addTree({ name: '{n}_{stem}' })
    await plans.change(ids.slice(1, 2), { output: { folder: null } })
    expect(queue.jobs[1]).toMatchObject({
      nameTemplate: '{n}_{stem}',
      job: { output: '/data/day/chip/2_M1.rtdc' },
    })
  })

  test('is made before what is asked for after it', async () => {
    const { plans, queue, ids } = await addTree()
    const changing = plans.change(ids, { output: { name: 'late' } })
    const seen = plans.afterChanges(() => queue.jobs[2]?.job.output)
    expect(await seen).toBe('/out/late_3.rtdc')
    await changing
  })

  test('is ended by a newer one; an unknown token is refused', async () => {
    const { plans, ids } = await addTree()
    const first = plans.preview(ids, { name: 'a' })
    const second = plans.preview(ids, { name: 'b' })
    await expectRejection(first, 'E_CANCELLED')
    expect((await second)[0]?.output).toBe('/out/b.rtdc')
    await expectRejection(plans.preview(ids, { name: '{day}' }), 'E_USAGE')
  })

  test('opens each file once as long as it is the same', async () => {
    const { plans, ids, described, stamps } = await addTree()
    for (const path of ['/data/day/M1.rtdc', '/data/day/chip/M1.rtdc', '/alone/M1.rtdc'])
      stamps.set(path, '1')
    await plans.preview(ids, { name: '{sample}' })
    await plans.preview(ids, { name: '{sample}_{id7}' })
    await plans.change(ids, { output: { name: '{sample}_{id7}' } })
    expect(described).toHaveLength(3)
    stamps.set('/alone/M1.rtdc', '2')
    await plans.preview(ids, { name: '{sample}' })
    expect(described.slice(3)).toEqual(['/alone/M1.rtdc'])
  })
})

describe('a list of events', () => {
  test('comes by its token and stands in the job by its path; the row has the token again', async () => {
    const { plans, tokens, queue, ids } = await addTree()
    const list = tokens.issueFile('/lists/rows.txt')
    const events = { kind: 'indices', file: list.token } as const
    await plans.change(ids.slice(0, 1), { rewrite: { events } })
    expect(queue.jobs[0]?.job).toMatchObject({ events: { kind: 'indices', file: '/lists/rows.txt' } })
    expect(composeRow(queue.get(ids[0] ?? ''), tokens).indexFile).toEqual(list)
    expect(composeRow(queue.get(ids[1] ?? ''), tokens).indexFile).toBeNull()
    const inputs = [tokens.issueFile('/b/N.rtdc').token]
    const added = await plans.addRewrites({ inputs, settings: { ...settings, events }, output: choose() })
    expect(queue.get(added.ids[0] ?? '').job).toMatchObject({ events: { file: '/lists/rows.txt' } })
  })

  test('S10: whose token was never issued is refused', async () => {
    const { plans, ids } = await addTree()
    const events = { kind: 'indices', file: '00000000-0000-4000-8000-000000000000' } as const
    expectError(() => plans.change(ids, { rewrite: { events } }), 'E_REQUEST')
  })
})
