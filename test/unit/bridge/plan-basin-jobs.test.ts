import { describe, expect, test } from 'vitest'
import { BasinFolders } from '../../../src-main/bridge/basin-folders.ts'
import { BasinPlans } from '../../../src-main/bridge/plan-basin-jobs.ts'
import type { BasinFileDraft } from '../../../src-main/jobs/job-draft.ts'
import { expectRejection } from '../../helpers/expect-error.ts'
import { choose, makePlans } from './queue-fixture.ts'

async function makeBasinPlans() {
  const made = await makePlans()
  const basinFolders = new BasinFolders()
  const basinPlans = new BasinPlans({ plans: made.plans, tokens: made.tokens, basinFolders })
  return { ...made, basinFolders, basinPlans }
}

function draft(sources: BasinFileDraft['sources'], part: Partial<BasinFileDraft> = {}): BasinFileDraft {
  const output = choose({ name: '{stem}_basins', collision: 'rename' })
  return { sources, paths: 'both', events: { kind: 'all' }, output, ...part }
}

describe('a basin file that the page asks for', () => {
  test('becomes a job beside the first chosen file, with its alternatives in order', async () => {
    const { basinPlans, basinFolders, tokens, queue } = await makeBasinPlans()
    basinFolders.allow(['/mnt'])
    const { token } = tokens.issueFile('/data/M1.rtdc')
    const list = tokens.issueFile('/data/rows.txt').token
    const sources: BasinFileDraft['sources'] = [
      [
        { kind: 'file', file: token },
        { kind: 'typed', path: '/mnt/M1.rtdc' },
        { kind: 'typed', path: 'P:\\M1.rtdc' },
      ],
    ]
    const { ids } = await basinPlans.addBasinFile(draft(sources, { events: { kind: 'indices', file: list } }))
    expect(queue.get(ids[0]!).job).toEqual({
      ...{
        task: 'basins',
        output: '/data/M1_basins.rtdc',
        paths: 'both',
        lengths: 'refuse',
        overwrite: false,
      },
      sources: [['/data/M1.rtdc', '/mnt/M1.rtdc', 'P:\\M1.rtdc']],
      events: { kind: 'indices', file: '/data/rows.txt' },
    })
  })

  test('S23: is refused where a typed path lies in a folder that nobody allowed, or is relative', async () => {
    const { basinPlans, basinFolders, tokens, queue } = await makeBasinPlans()
    basinFolders.allow(['/mnt/ok'])
    const output = choose({ folder: tokens.issueFolder('/out').token })
    for (const path of [
      '/etc/passwd',
      '/mnt/okay/a.rtdc',
      '/mnt/ok/../a.rtdc',
      '//host/share/a.rtdc',
      'a.rtdc',
    ])
      await expectRejection(
        basinPlans.addBasinFile(draft([[{ kind: 'typed', path }]], { output })),
        'E_REQUEST',
      )
    expect(queue.jobs).toEqual([])
    await basinPlans.addBasinFile(draft([[{ kind: 'typed', path: '/mnt/ok/a.rtdc' }]], { output }))
    expect(queue.jobs).toHaveLength(1)
  })

  test('needs a folder, and S10: tokens that were issued', async () => {
    const { basinPlans, basinFolders } = await makeBasinPlans()
    basinFolders.allow(['/mnt'])
    await expectRejection(
      basinPlans.addBasinFile(draft([[{ kind: 'typed', path: '/mnt/a.rtdc' }]])),
      'E_REQUEST',
    )
    const unknown = '3b241101-e2bb-4255-8caf-4136c566a962'
    await expectRejection(basinPlans.addBasinFile(draft([[{ kind: 'file', file: unknown }]])), 'E_REQUEST')
  })
})

test('a relinked copy keeps everything and leads to the chosen file, absolute and relative', async () => {
  const { basinPlans, tokens, queue, plans } = await makeBasinPlans()
  const file = tokens.issueFile('/data/small.rtdc').token
  const target = tokens.issueFile('/raw/M1.rtdc').token
  const output = choose({ name: '{stem}_relinked', collision: 'rename' })
  const { ids } = await basinPlans.relink({ file, links: [{ key: 'k', file: target }], output })
  expect(queue.get(ids[0]!).job).toMatchObject({
    ...{ task: 'rewrite', input: '/data/small.rtdc', output: '/data/small_relinked.rtdc' },
    ...{ features: 'all', events: { kind: 'all' }, basins: 'keep' },
    relink: [{ key: 'k', paths: ['/raw/M1.rtdc', '../raw/M1.rtdc'] }],
  })
  // Where the output goes elsewhere afterwards the relative path goes with it.
  const folder = tokens.issueFolder('/raw').token
  await plans.change(ids, { output: { folder } })
  expect(queue.get(ids[0]!).job).toMatchObject({ relink: [{ key: 'k', paths: ['/raw/M1.rtdc', 'M1.rtdc'] }] })
})
