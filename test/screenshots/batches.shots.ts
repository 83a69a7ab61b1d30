import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from '@playwright/test'
import { answerDialogs } from '../e2e/answer-dialogs.ts'
import { closeWeir, launchWeir } from '../e2e/launch-weir.ts'
import { Album, SIZES, THEMES } from './album.ts'

/** Pictures of many files at once: names before they are given, folders that are kept, events from a list. */

const inputFolder = fileURLToPath(new URL('../../.cache/test/e2e-inputs/', import.meta.url))
const batchFolder = join(tmpdir(), 'measurements of a day')

const TREE = [
  ...['blood donor 3/M001_data.rtdc', 'blood donor 3/M002_data.rtdc', 'blood donor 3/M003_data.rtdc'],
  ...['blood donor 3/wide channel/M001_data.rtdc', 'calibration beads, before the first run/M001_data.rtdc'],
  ...['HL60 Kontrolle größer als erwartet, Kanal 20 µm, 0.16 µl-s, Wiederholung 2.rtdc', 'overview.rtdc'],
]

for (const theme of THEMES) {
  for (const size of SIZES) {
    test(`batches, ${theme.toLowerCase()}, ${size.width} x ${size.height}`, async () => {
      await makeTree()
      const userDataFolder = await mkdtemp(join(tmpdir(), 'weir-pictures-'))
      const album = new Album(await launchWeir(userDataFolder), { theme, ...size })
      await album.begin()
      await showBatch(album)
      await closeWeir(album.weir)
      await rm(userDataFolder, { recursive: true })
      await rm(batchFolder, { recursive: true })
    })
  }
}

async function makeTree(): Promise<void> {
  await rm(batchFolder, { recursive: true, force: true })
  for (const [index, name] of TREE.entries()) {
    const path = join(batchFolder, '2026-11-24', name)
    await mkdir(dirname(path), { recursive: true })
    await copyFile(join(inputFolder, index === 4 ? 'small.rtdc' : 'tiny.rtdc'), path)
  }
  await mkdir(join(batchFolder, 'rewritten', '2026-11-24'), { recursive: true })
  await writeFile(
    join(batchFolder, 'rewritten', '2026-11-24', '2_overview_simulated cells.rtdc'),
    'an older output',
  )
  await writeFile(join(batchFolder, 'chosen events.txt'), '# single cells\n4\n17\n3\n2000\n')
}

async function showBatch(album: Album): Promise<void> {
  const { weir, window } = album
  const { app, page } = weir
  await answerDialogs(app, { paths: [join(batchFolder, '2026-11-24')] })
  await page.getByRole('button', { name: 'Add folder' }).first().click()
  await expect(window.rows).toHaveCount(TREE.length)
  await answerDialogs(app, { paths: [join(batchFolder, 'rewritten')] })
  await window.chooseCard('Output', 'Another folder')
  const output = await window.openSection('Output')
  await window.setBox(output.getByRole('checkbox', { name: 'Keep the folders of the input' }), true)
  await output.scrollIntoViewIfNeeded()
  await output.getByRole('button', { name: 'Preview names...' }).scrollIntoViewIfNeeded()
  await album.take('17-kept-folders', { isForDocs: false })
  await output.getByRole('button', { name: 'Preview names...' }).click()
  const dialog = page.getByRole('dialog')
  await expect(dialog.getByTestId('previewed-name')).toHaveCount(TREE.length)
  await album.take('18-names-untouched', { isForDocs: false })
  await dialog.getByLabel('Name', { exact: true }).fill('{n}_{stem}_{sample}')
  await expect(dialog.getByText(/names? changes?\./)).toBeVisible()
  await album.take('19-names')
  await dialog.getByLabel('Name', { exact: true }).fill('{stem}_{day}')
  await dialog.getByText('In braces there can only be').waitFor()
  await album.take('20-names-wrong', { isForDocs: false })
  await dialog.getByLabel('Name', { exact: true }).fill('all')
  await expect(dialog.getByText(/numbered/).first()).toBeVisible()
  await album.take('21-names-numbered', { isForDocs: false })
  await page.keyboard.press('Escape')
  await answerDialogs(app, { paths: [join(batchFolder, 'chosen events.txt')] })
  await window.chooseCard('Events', 'From a list')
  const events = await window.openSection('Events')
  await events.getByText(/of the list asks for event/).waitFor()
  await events.scrollIntoViewIfNeeded()
  await album.take('22-list-of-events', { isForDocs: false })
}
