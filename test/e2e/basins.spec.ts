import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile, rename } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { answerDialogs, listAskedMessages } from './answer-dialogs.ts'
import { compareFeature, hasDclab } from './judge/ask-dclab.ts'
import { inspectFile } from './judge/inspect.ts'
import { listFindings } from './judge/judge-output.ts'
import { expect, hasRealInputs, test } from './weir-test.ts'
import { WeirWindow } from './weir-window.ts'

const REAL = 'real/dclab_fmt-hdf5_fl_2018.rtdc'

async function hashFile(path: string): Promise<string> {
  return createHash('sha256')
    .update(await readFile(path))
    .digest('hex')
}

test('a basin file is made, moved, found broken, relinked, and read by dclab', async ({
  weir,
  folder,
  putInput,
}) => {
  test.setTimeout(120_000)
  const window = new WeirWindow(weir)
  const { page } = weir
  const source = await putInput(hasRealInputs() ? REAL : 'small.rtdc', 'original.rtdc')
  const sourceHash = await hashFile(source)
  const form = await window.openBasinForm()
  await window.addSources(source)
  await expect(form.getByText('Found', { exact: true })).toBeVisible()
  await expect(form.getByText(/\d+ features/)).toBeVisible()
  await form.getByRole('radio', { name: /^Relative/ }).check()
  await expect(form.getByRole('list', { name: 'Stored in the file as:' })).toHaveText('original.rtdc')
  await form.getByLabel('Name', { exact: true }).fill('points to it')
  await form.getByRole('button', { name: 'Start', exact: true }).click()
  const [made] = await window.waitForRows(1)
  await window.expectState(made!, 'done')
  const small = join(folder, 'points to it.rtdc')
  const { events } = await inspectFile(source)
  if (hasDclab()) {
    expect(await compareFeature(small, source, 'deform')).toEqual({
      ...{ events, isOwn: false, isOfBasin: true, isEqual: true },
    })
  }

  // The output of a job that is done can be looked at: here it is whole.
  const panel = await window.openTab('Basins')
  await expect(panel.getByRole('button', { name: /original\.rtdc.*Found/ })).toBeVisible()

  // Moved to another folder it is broken: its path was relative.
  const elsewhere = join(folder, 'elsewhere')
  await mkdir(elsewhere)
  const moved = join(elsewhere, 'moved.rtdc')
  await rename(small, moved)
  const movedHash = await hashFile(moved)
  const id = await window.addFile(moved)
  await window.select(id)
  await expect(panel.getByRole('button', { name: /original\.rtdc.*Broken/ })).toBeVisible()

  // Another measurement is refused in plain words; the right one is taken.
  await answerDialogs(weir.app, { paths: [await putInput('tiny.rtdc', 'another.rtdc')] })
  await panel.getByRole('button', { name: 'Choose the file...' }).click()
  await expect(panel.getByTestId('relink-result')).toContainText('Not the right file')
  await expect(panel.getByRole('button', { name: 'Write repaired copy' })).toHaveCount(0)
  await answerDialogs(weir.app, { paths: [source] })
  await panel.getByRole('button', { name: 'Choose another file...' }).click()
  await expect(panel.getByTestId('relink-result')).toContainText('The right measurement')
  await panel.getByRole('button', { name: 'Write repaired copy' }).click()
  await expect(page.locator('[data-job-id]')).toHaveCount(3)
  const repairing = (await window.listIds()).find((one) => one !== made && one !== id)!
  await window.expectState(repairing, 'done')
  const repaired = join(elsewhere, 'moved_relinked.rtdc')
  expect((await readdir(elsewhere)).sort()).toEqual([basename(moved), basename(repaired)])
  expect(await hashFile(moved)).toBe(movedHash)
  expect(await hashFile(source)).toBe(sourceHash)
  expect(JSON.stringify((await inspectFile(repaired)).basins)).toContain('../original.rtdc')
  expect(await listFindings(repaired)).toEqual([])
  if (hasDclab()) {
    expect(await compareFeature(repaired, source, 'deform')).toEqual({
      ...{ events, isOwn: false, isOfBasin: true, isEqual: true },
    })
  }
})

test('S23: a typed path is looked for only where the user allows it', async ({
  weir,
  folder,
  userDataFolder,
  putInput,
}) => {
  const user = new WeirWindow(weir)
  const source = await putInput('tiny.rtdc')
  const form = await user.openBasinForm()
  await form.getByRole('button', { name: 'Type a path' }).click()
  const field = form.getByLabel('Path of the measurement')
  await field.fill('tiny.rtdc')
  await field.press('Enter')
  await expect(form.getByText(/must be absolute/).first()).toBeVisible()
  await field.fill(source)
  await field.press('Enter')
  await expect(form.getByText('Not looked for')).toBeVisible()
  await expect(form.getByText(/\d+ events/)).toHaveCount(0)
  await form.getByRole('button', { name: /^Look in/ }).click()
  await expect.poll(async () => (await listAskedMessages(weir.app)).length).toBe(1)
  await expect(form.getByText('Not looked for')).toBeVisible()
  await answerDialogs(weir.app, { button: 'Look there', paths: [userDataFolder] })
  await form.getByRole('button', { name: /^Look in/ }).click()
  await expect(form.getByText('Found', { exact: true })).toBeVisible()
  expect((await listAskedMessages(weir.app)).at(-1)?.message).toContain(folder)

  // Main does not take a path that nobody allowed, whatever the page says.
  const refused = await weir.page.evaluate(
    async (path) =>
      window.weir.addBasinFile({
        sources: [[{ kind: 'typed', path }]],
        paths: 'both',
        events: { kind: 'all' },
        output: { folder: null, name: 'x', collision: 'rename' },
      }),
    '/etc/hostname',
  )
  expect(refused).toMatchObject({ ok: false, error: { code: 'E_REQUEST' } })
  await form.getByRole('button', { name: 'Choose folder...' }).click()
  await form.getByRole('radio', { name: 'A range' }).check()
  await form.getByLabel('Every n-th').fill('2')
  await expect(form.getByTestId('event-count')).toHaveText(/^\d+ of \d+ events$/)
  await form.getByRole('button', { name: 'Add to queue' }).click()
  const [id] = await user.waitForRows(1)
  await user.expectState(id!, 'waiting')
  await user.run(id!)
  const output = join(userDataFolder, 'tiny_basins.rtdc')
  const half = Math.ceil((await inspectFile(source)).events / 2)
  expect((await inspectFile(output)).events).toBe(half)
})
