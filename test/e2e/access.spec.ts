import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import AxeBuilder from '@axe-core/playwright'
import type { Page } from '@playwright/test'
import { answerDialogs } from './answer-dialogs.ts'
import { setSurroundings, waitForPhase } from './watch-processes.ts'
import { expect, nameOutput, test } from './weir-test.ts'
import { WeirWindow } from './weir-window.ts'

/** Names of the faults that axe knows of, with the elements that have them. */
async function listFaults(page: Page): Promise<string[]> {
  // Legacy mode: axe would open a second page otherwise, and the window never opens one.
  const { violations } = await new AxeBuilder({ page }).setLegacyMode().analyze()
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' ')}`)
}

for (const theme of ['Light', 'Dark'] as const) {
  test(`axe finds no fault in any view, ${theme.toLowerCase()}`, async ({ weir, folder, putInput }) => {
    test.setTimeout(120_000)
    const window = new WeirWindow(weir)
    const { page, app } = { page: weir.page, app: weir.app }
    const faults: Record<string, readonly string[]> = {}
    const look = async (view: string): Promise<void> => {
      faults[view] = await listFaults(page)
    }
    await window.chooseTheme(theme)
    await look('empty')

    const inputs = [
      await putInput('medium.rtdc'),
      await putInput('hostile.rtdc'),
      await putInput('tiny.rtdc'),
    ]
    const gate = join(folder, 'gate')
    await writeFile(gate, '')
    await writeFile(nameOutput(inputs[2]!), 'in the way')
    await setSurroundings(app, { gate, gateAfterBytes: 1e6 })
    const ids = await window.addFiles(...inputs)
    await window.select(ids[1]!)
    await window.openTab('Settings')
    await look('settings')
    await writeFile(join(folder, 'events.txt'), '1\n999999\n')
    await answerDialogs(app, { paths: [join(folder, 'events.txt')] })
    await window.chooseCard('Events', 'From a list')
    await page.getByText(/of the list asks for event/).waitFor()
    await look('list of events')
    await window.chooseCard('Events', 'All events')
    await page.getByRole('button', { name: 'Preview names...' }).click()
    const names = page.getByRole('dialog')
    await names.getByLabel('Name', { exact: true }).fill('{run}_{n}')
    // While the names are asked for, the old ones are shown paler than axe allows.
    await expect(names.getByTestId('previewed-name').first()).toContainText('_1.rtdc')
    await look('names')
    await names.getByLabel('Name', { exact: true }).fill('{day}')
    await look('names that are not good')
    await page.keyboard.press('Escape')
    const contents = await window.openTab('Contents')
    await window.openParts(contents)
    await contents.getByText('Not looked for').first().waitFor()
    await look('contents')
    await window.openTab('Result')
    await look('result of a job that waits')

    await window.start(ids[0]!)
    await waitForPhase(app, 'copy')
    await look('running')
    await window.openMonitor()
    await look('monitor')
    await rm(gate)
    await window.expectState(ids[0]!, 'done')
    await window.closeMonitor()
    await look('done')
    await window.run(ids[2]!, 'failed')
    await window.openTab('Result')
    await look('failed')
    await window.openRecordForm()
    await look('record form')
    await page.keyboard.press('Escape')
    const form = await window.openBasinForm()
    await window.addSources(inputs[0]!)
    await form.getByRole('button', { name: 'Type an alternative' }).first().click()
    await form.getByLabel('Path of the alternative').fill('/nowhere/at all.rtdc')
    await form.getByLabel('Path of the alternative').press('Enter')
    await form.getByText('Not looked for').waitFor()
    await form.getByRole('radio', { name: 'A range' }).check()
    await look('basin file form')
    await page.keyboard.press('Escape')
    await window.select(ids[1]!)
    const basins = await window.openTab('Basins')
    await basins.getByText('Not looked for').first().waitFor()
    await answerDialogs(app, { paths: [inputs[2]!] })
    await basins.getByRole('button', { name: 'Choose the file...' }).click()
    await basins.getByTestId('relink-result').getByText(/right/i).first().waitFor()
    await look('basins')
    await page.keyboard.press('F1')
    await page.getByRole('dialog').waitFor()
    await look('shortcuts')
    await page.keyboard.press('Escape')
    expect(Object.entries(faults).filter(([, found]) => found.length > 0)).toEqual([])
  })
}

test('by the keyboard alone: add, choose, change, start, cancel', async ({ weir, putInput }) => {
  const window = new WeirWindow(weir)
  const { page } = weir
  await answerDialogs(weir.app, { paths: [await putInput('tiny.rtdc'), await putInput('large.rtdc')] })
  await page.keyboard.press('Control+o')
  await expect(window.rows).toHaveCount(2)
  const [tiny, large] = await window.listIds()
  await window.tabTo(window.table)
  await page.keyboard.press('Home')
  await page.keyboard.press('ArrowDown')
  await expect(window.row(large!)).toHaveAttribute('aria-selected', 'true')
  await page.keyboard.press('Alt+ArrowUp')
  await expect.poll(() => window.listIds()).toEqual([large, tiny])
  // Into the sheet, to a faster compression.
  const fast = page.getByRole('radio', { name: /^Fast/ })
  await window.tabTo(page.getByRole('radio', { name: /^Balanced/ }))
  await page.keyboard.press('ArrowUp')
  await expect(fast).toBeChecked()
  await setSurroundings(weir.app, { writeBytesPerSecond: 2e6 })
  await page.keyboard.press('Control+Enter')
  await window.expectState(large!, 'running')
  await window.tabTo(window.page.getByRole('button', { name: 'Cancel', exact: true }).first())
  await page.keyboard.press('Enter')
  await window.expectState(large!, 'cancelled')
  await window.tabTo(window.table)
  await page.keyboard.press('Delete')
  await expect.poll(() => window.listIds()).toEqual([tiny])
})

test('every theme can be chosen and is remembered', async ({ weir }) => {
  const window = new WeirWindow(weir)
  for (const [theme, scheme] of [
    ['Dark', 'dark'],
    ['Light', 'light'],
  ] as const) {
    await window.chooseTheme(theme)
    await weir.page.reload()
    await expect
      .poll(() => weir.page.evaluate(() => getComputedStyle(document.documentElement).colorScheme))
      .toBe(scheme)
  }
})

for (const [width, height] of [
  [1280, 720],
  [720, 480],
] as const) {
  test(`nothing scrolls sideways at ${width} x ${height}`, async ({ weir, putInput }) => {
    const window = new WeirWindow(weir)
    await window.resize(width, height)
    const measure = () =>
      weir.page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
    expect(await measure()).toBe(0)
    await window.addFile(await putInput('tiny.rtdc'))
    expect(await measure()).toBe(0)
  })
}
