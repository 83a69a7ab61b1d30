import { mkdir, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { answerDialogs } from './answer-dialogs.ts'
import { inspectFile } from './judge/inspect.ts'
import { setSurroundings, waitForPhase } from './watch-processes.ts'
import { expect, nameOutput, test } from './weir-test.ts'
import { WeirWindow } from './weir-window.ts'

/** What a measuring day showed: names, results and settings that must not surprise. */

test('a broken file never spoils the names of the others, and the template stays as it was typed', async ({
  weir,
  folder,
  putInput,
}) => {
  const window = new WeirWindow(weir)
  await mkdir(join(folder, 'day'))
  for (const name of ['M1.rtdc', 'M2.rtdc']) await putInput('tiny.rtdc', join('day', name))
  await writeFile(join(folder, 'day', 'M3.rtdc'), 'cut off')
  await answerDialogs(weir.app, { paths: [join(folder, 'day')] })
  await window.page.getByRole('button', { name: 'Add folder' }).first().click()
  const ids = await window.waitForRows(3)
  const output = await window.openSection('Output')
  const name = output.getByLabel('Name', { exact: true })
  await name.fill('{sample}_{n}')
  await name.press('Enter')
  await expect(output.getByRole('status').filter({ hasText: '1 of 3 jobs kept its name' })).toContainText(
    'M3.rtdc',
  )
  await expect(name).toHaveValue('{sample}_{n}')

  await output.getByRole('button', { name: 'Preview names...' }).click()
  const dialog = window.page.getByRole('dialog')
  await dialog.getByLabel('Name', { exact: true }).fill('{n}_{sample}')
  await dialog.getByRole('button', { name: 'Apply to 2 of 3' }).click()
  await expect(dialog).toHaveCount(0)
  await expect(name).toHaveValue('{n}_{sample}')
  await window.select(ids[2]!)
  await expect(name).toHaveValue('{stem}_weir')
  for (const id of ids.slice(0, 2)) await window.run(id)
  expect((await readdir(join(folder, 'day'))).sort()).toEqual(
    ['1_simulated cells.rtdc', '2_simulated cells.rtdc', 'M1.rtdc', 'M2.rtdc', 'M3.rtdc'].sort(),
  )
})

test('what is set for one job is not for files added later', async ({ weir, putInput }) => {
  const window = new WeirWindow(weir)
  const [one, two, three] = [
    await putInput('tiny.rtdc', 'one.rtdc'),
    await putInput('tiny.rtdc', 'two.rtdc'),
    await putInput('tiny.rtdc', 'three.rtdc'),
  ]
  await window.addFile(one)
  await window.chooseCard('Compression', 'Small')
  const output = await window.openSection('Output')
  const name = output.getByLabel('Name', { exact: true })
  await name.fill('{stem}_small')
  await name.press('Enter')
  await expect(output.getByText('one_small.rtdc')).toBeVisible()
  const later = await window.addFile(two)
  await expect(name).toHaveValue('{stem}_weir')
  await expect(window.row(later)).toContainText('balanced')
  await window.select((await window.listIds())[0]!)
  await window.page.getByRole('button', { name: 'Use for files added next' }).click()
  const last = await window.addFile(three)
  await expect(name).toHaveValue('{stem}_small')
  await expect(window.row(last)).toContainText('small, all features')
})

test('a result begins with what is in the file, and calls nothing saved that was left out', async ({
  weir,
  putInput,
}) => {
  const window = new WeirWindow(weir)
  const input = await putInput('medium.rtdc')
  const { events, features } = await inspectFile(input)
  const scalars = features.filter(({ shape }) => shape.length === 1).length
  const id = await window.addFile(input)
  await window.chooseCard('What to keep', 'Scalar only')
  await window.chooseCard('Events', 'A range')
  const sheet = await window.openTab('Settings')
  await sheet.getByLabel('From event').fill('100')
  await sheet.getByLabel('To event (not included)').fill('50')
  await expect(sheet.getByText('No event is selected: the range ends before it begins.')).toBeVisible()
  await sheet.getByLabel('From event').fill('10')
  await sheet.getByLabel('To event (not included)').fill('13')
  const all = new Intl.NumberFormat('en').format(events)
  await expect(window.row(id)).toContainText(`of ${all}`)
  await window.run(id)
  const result = await window.openTab('Result')
  await expect(result.getByRole('heading', { name: 'Done, kept data verified' })).toBeVisible()
  const content = result.getByRole('region', { name: 'What is in it' })
  await expect(content).toContainText(`3 of ${all}`)
  await expect(content).toContainText(`${scalars} of ${features.length}`)
  await expect(content).toContainText(/Left out: .*image.*mask/)
  await expect(result.getByRole('region', { name: 'Size' })).toContainText(
    /^Before.*Left out .* of the input/s,
  )
  await expect(window.page.getByRole('contentinfo').last()).not.toContainText('MB saved')
  expect((await inspectFile(nameOutput(input))).events).toBe(3)
})

test('a recording does not wait behind a rewrite', async ({ weir, folder, putInput }) => {
  test.setTimeout(180_000)
  const window = new WeirWindow(weir)
  const gate = join(folder, 'gate')
  await writeFile(gate, '')
  const [large, small] = [await putInput('large.rtdc'), await putInput('tiny.rtdc')]
  // The rewrite stays at the gate until it is opened.
  await setSurroundings(weir.app, { gate, gateAfterBytes: 1e5 })
  const rewrite = await window.addFile(large)
  await window.chooseCard('Compression', 'Small')
  await window.start(rewrite)
  await waitForPhase(weir.app, 'copy')
  await setSurroundings(weir.app, {})
  const recording = await window.record(small)
  await window.expectState(recording, 'done', 60_000)
  expect(await window.readState(rewrite)).toBe('running')
  await rm(gate)
  await window.expectState(rewrite, 'done', 60_000)
})

test('at 200 % in 1280 x 720 every button can be reached, and the settings lie over the queue', async ({
  weir,
  putInput,
}) => {
  const window = new WeirWindow(weir)
  await window.resize(1280, 720)
  const id = await window.addFile(await putInput('tiny.rtdc'))
  await weir.app.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows()[0]!.webContents.setZoomFactor(2),
  )
  await expect.poll(() => window.page.evaluate(() => innerWidth)).toBe(640)
  const sideways = () =>
    window.page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
  expect(await sideways()).toBe(0)
  const isWhole = await window.page.evaluate(() =>
    [...document.querySelectorAll('header button, header select')].every((element) => {
      const { left, right, top, bottom } = element.getBoundingClientRect()
      if (right === left) return true
      const found = document.elementFromPoint((left + right) / 2, (top + bottom) / 2)
      return (
        right <= innerWidth && left >= 0 && (element.contains(found) || found?.contains(element) === true)
      )
    }),
  )
  expect(isWhole).toBe(true)
  await window.page.getByRole('button', { name: 'Show settings, contents and result' }).click()
  await window.chooseCard('Compression', 'Fast')
  expect(await sideways()).toBe(0)
  await window.page.getByRole('button', { name: 'Back to the queue' }).click()
  await expect(window.page.getByRole('tablist')).toBeHidden()
  await window.press('Start')
  await window.expectState(id, 'done')
})
