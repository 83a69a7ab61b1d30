import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { BasinFolders } from '../../../src-main/bridge/basin-folders.ts'
import { InputRoots } from '../../../src-main/bridge/input-roots.ts'
import { OpenedFiles } from '../../../src-main/bridge/opened-files.ts'
import { tellQueue } from '../../../src-main/bridge/tell-queue.ts'
import { WindowChannel } from '../../../src-main/bridge/window-channel.ts'
import { windowEventSchema, type WindowEvent } from '../../../src-main/jobs/queue-view.ts'
import { progress } from '../jobs/job-samples.ts'
import { makeTemporaryFolder } from '../../helpers/temporary-folder.ts'
import { choose, makePlans, settings } from './queue-fixture.ts'

function makeChannel() {
  const events: WindowEvent[] = []
  const channel = new WindowChannel((event) => events.push(windowEventSchema.parse(event)))
  return { events, channel }
}

test('every change of the queue is told in order, a new row before it is named', async () => {
  const { plans, queue, tokens, emits } = await makePlans()
  const { events, channel } = makeChannel()
  tellQueue({ queue, tokens, channel })
  const { ids } = await plans.addRewrites({
    inputs: [tokens.issueFile('/a/M.rtdc').token],
    settings,
    output: choose(),
  })
  queue.start(ids)
  emits[0]?.({ kind: 'message', message: { kind: 'progress', progress } })
  emits[0]?.({ kind: 'message', message: { kind: 'progress', progress: { ...progress, writtenEvents: 6 } } })
  queue.setJobsAtOnce(2)
  expect(events.map(({ kind }) => kind)).toEqual([
    'row',
    'order',
    'row',
    'row',
    'row',
    'progress',
    'jobs-at-once',
  ])
  expect(events.map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4, 5, 6, 7])
  expect(channel.sequence).toBe(7)
  expect(events[0]).toMatchObject({ row: { id: ids[0], input: tokens.issueFile('/a/M.rtdc') } })
})

test('files that come before the window listens are kept, later ones told, and after a reload kept again', async () => {
  const folder = await makeTemporaryFolder()
  const path = join(folder, 'a.rtdc')
  await writeFile(path, '')
  const { tokens } = await makePlans()
  const { events, channel } = makeChannel()
  const opened = new OpenedFiles({
    tokens,
    channel,
    basinFolders: new BasinFolders(),
    inputRoots: new InputRoots(),
  })
  await opened.open([path, join(folder, 'gone')])
  opened.note({ code: 'W_QUEUE', message: 'kept aside', path: '/queue' })
  expect(events).toEqual([])
  expect(opened.take()).toMatchObject({
    files: [{ path }],
    refused: [{ code: 'E_MISSING' }, { code: 'W_QUEUE' }],
  })
  expect(opened.take()).toEqual({ files: [], refused: [] })
  await opened.open([path, join(folder, 'gone')])
  expect(events.map(({ kind }) => kind)).toEqual(['files-opened', 'notice'])
  opened.stopTelling()
  await opened.open([path])
  expect(events).toHaveLength(2)
  expect(opened.take().files).toEqual([tokens.issueFile(path)])
})
