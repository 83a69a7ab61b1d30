import { readdir } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { inspectFile } from './judge/inspect.ts'
import { listFindings } from './judge/judge-output.ts'
import { expect, test } from './weir-test.ts'
import { WeirWindow } from './weir-window.ts'

/** Frames a second: slow enough to be stopped in the middle. */
const RATE = '50'

test('a replayed measurement is recorded through the form, event for event', async ({
  weir,
  folder,
  putInput,
}) => {
  const window = new WeirWindow(weir)
  const source = await putInput('small.rtdc')
  const id = await window.record(source)
  await window.expectState(id, 'done')
  const [output] = (await readdir(folder)).filter((name) => name !== basename(source))
  expect((await inspectFile(join(folder, output!))).events).toBe((await inspectFile(source)).events)
  expect(await listFindings(join(folder, output!))).toEqual([])
})

test('stopped, a recording drains what has come and is done', async ({ weir, folder, putInput }) => {
  const window = new WeirWindow(weir)
  const source = await putInput('medium.rtdc')
  const id = await window.record(source, { rate: RATE })
  await window.waitForFrames(30)
  await window.page.getByRole('button', { name: 'Stop recording' }).click()
  await window.expectState(id, 'done')
  const result = await window.openTab('Result')
  await expect(result.getByRole('heading', { name: /^Stopped by you at frame \d+ of \d+$/ })).toBeVisible()
  await expect(window.row(id)).toContainText(/Stopped/)
  const [output] = (await readdir(folder)).filter((name) => name !== basename(source))
  const { events } = await inspectFile(join(folder, output!))
  expect(events).toBeGreaterThan(0)
  expect(events).toBeLessThan((await inspectFile(source)).events)
  expect(await listFindings(join(folder, output!))).toEqual([])
})

test('aborted, a recording keeps its file under the temporary name and names it', async ({
  weir,
  folder,
  putInput,
}) => {
  const window = new WeirWindow(weir)
  const source = await putInput('medium.rtdc')
  const id = await window.record(source, { rate: RATE })
  await window.waitForFrames(30)
  // Asked first: an aborted recording is not verified and has no name.
  await window.page.getByRole('button', { name: 'Abort…' }).click()
  const question = window.page.getByRole('dialog')
  await question.getByRole('button', { name: 'Go on recording' }).click()
  await expect(question).toHaveCount(0)
  await window.expectState(id, 'running')
  await window.page.getByRole('button', { name: 'Abort…' }).click()
  await question.getByRole('button', { name: 'Abort recording' }).click()
  await window.expectState(id, 'cancelled')
  const kept = (await readdir(folder)).filter((name) => name.endsWith('.rtdc~'))
  expect(kept).toHaveLength(1)
  const result = await window.openTab('Result')
  await expect(result).toContainText(kept[0]!)
  await expect(result).toContainText(/\d+ events were recorded/)
  await expect(result.getByRole('heading', { name: /^Aborted by you at frame \d+ of \d+$/ })).toBeVisible()
  await expect(window.row(id)).toContainText('Aborted')
  await expect(window.row(id)).not.toContainText('about')
})

test('the sample of Weir is made by a click, and can be rewritten', async ({ weir, userDataFolder }) => {
  const window = new WeirWindow(weir)
  await window.page.getByRole('button', { name: 'Try with a sample' }).click()
  await expect(window.rows).toHaveCount(1, { timeout: 30_000 })
  const [id] = await window.listIds()
  await window.run(id!)
  const outputs = (await readdir(userDataFolder, { recursive: true })).filter((name) =>
    name.endsWith('_weir.rtdc'),
  )
  expect(outputs).toHaveLength(1)
  expect(await listFindings(join(userDataFolder, outputs[0]!))).toEqual([])
})
