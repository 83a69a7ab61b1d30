import { copyFile, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { lookup3 } from '../../src-main/hdf5/lookup3.ts'
import type * as Library from '../../src-main/write/index.ts'
import { inspectFile } from './judge/inspect.ts'
import { setSurroundings, waitForPhase } from './watch-processes.ts'
import { expect, nameOutput, test } from './weir-test.ts'
import { WeirWindow } from './weir-window.ts'

/** Files that are not whole, and figures when nothing runs any more. */

/** A measurement of which one feature ends early. */
async function writeUneven(path: string): Promise<void> {
  const built = new URL('../../out/write.js', import.meta.url).href
  const { HDF5Writer, fromTypedArray } = (await import(built)) as typeof Library
  const writer = await HDF5Writer.open(path, { mode: 'w' })
  await writer.storeFeatureChunk('deform', fromTypedArray(Float64Array.from({ length: 10 }, () => 0.1)))
  await writer.storeFeatureChunk('area_um', fromTypedArray(Float64Array.from({ length: 7 }, () => 50)))
  await writer.close()
}

/** Spec: superblock 2, byte 11 says that a program has the file open for writing. */
async function markOpen(path: string): Promise<void> {
  const bytes = await readFile(path)
  bytes[11] = 1
  bytes.writeUInt32LE(lookup3(bytes, 0, 44), 44)
  await writeFile(path, bytes)
}

test('features of different lengths: the result offers common rows, the sheet asks for them beforehand', async ({
  weir,
  folder,
}) => {
  const window = new WeirWindow(weir)
  const input = join(folder, 'uneven.rtdc')
  await writeUneven(input)
  const id = await window.addFile(input)
  await window.run(id, 'failed')
  await window.pressResult('Run again with common rows')
  await window.expectState(id, 'done')
  expect((await inspectFile(nameOutput(input))).events).toBe(7)

  const other = join(folder, 'other.rtdc')
  await copyFile(input, other)
  const next = await window.addFile(other)
  const events = await window.openSection('Events')
  await window.setBox(events.getByRole('checkbox', { name: 'Only rows that all features have' }), true)
  await expect(events).toContainText('All events, common rows')
  await window.page.screenshot({
    path: join(process.env['WEIR_PICTURES'] ?? folder, 'sheet-common-rows.png'),
  })
  await window.run(next)
  expect((await inspectFile(nameOutput(other))).events).toBe(7)
})

test('an input that is still open for writing was copied as far as it was there, and is never only called verified', async ({
  weir,
  folder,
  putInput,
}) => {
  const window = new WeirWindow(weir)
  const input = join(folder, 'open.rtdc')
  await writeFile(input, await readFile(await putInput('small.rtdc')))
  await markOpen(input)
  const id = await window.addFile(input)
  await window.run(id)
  const result = await window.openTab('Result')
  const heading = result.getByRole('heading', { name: /^Copied what was there at \d{1,2}:\d{2}/ })
  await expect(heading).toBeVisible()
  const amber = await heading.evaluate((element) => getComputedStyle(element.querySelector('svg')!).color)
  const warn = await window.page.evaluate(() => {
    const probe = document.body.appendChild(document.createElement('i'))
    probe.style.color = 'var(--warn)'
    const { color } = getComputedStyle(probe)
    probe.remove()
    return color
  })
  expect(amber).toBe(warn)
  await expect(window.row(id)).toContainText(/Copied at \d{1,2}:\d{2}.*, not complete/)
  await expect(result.getByRole('heading', { name: /verified/i })).toHaveCount(0)
  await window.page.screenshot({ path: join(process.env['WEIR_PICTURES'] ?? folder, 'growing.png') })
})

test('figures after the end are those of the end; a job that is cancelled promises nothing more', async ({
  weir,
  folder,
  putInput,
}) => {
  const window = new WeirWindow(weir)
  const id = await window.addFile(await putInput('medium.rtdc'))
  await window.run(id)
  await window.select(id)
  await window.openMonitor()
  const panel = window.page.getByRole('region', { name: 'Monitor', exact: true })
  const written = panel.locator('dt', { hasText: 'Written' }).locator('+ dd')
  await expect(window.row(id)).toContainText(`→ ${await written.innerText()}`)
  await expect(panel).not.toContainText(/0(\.0)? of 0(\.0)?/)
  await expect(panel).not.toContainText('Filter threads')
  await expect(panel).not.toContainText(/\d left/)
  await window.page.screenshot({
    path: join(process.env['WEIR_PICTURES'] ?? folder, 'figures-after-the-end.png'),
  })
  await window.closeMonitor()

  const gate = join(folder, 'gate')
  await writeFile(gate, '')
  await setSurroundings(weir.app, { gate, gateAfterBytes: 1e5 })
  const held = await window.addFile(await putInput('large.rtdc'))
  await window.start(held)
  await waitForPhase(weir.app, 'copy')
  await window.cancel(held)
  await rm(gate)
  await window.expectState(held, 'cancelled')
  await expect(window.row(held)).not.toContainText(/about|left|\d ?%/)
})
