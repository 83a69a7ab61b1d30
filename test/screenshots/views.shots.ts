import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from '@playwright/test'
import { closeWeir, launchWeir } from '../e2e/launch-weir.ts'
import { setSurroundings } from '../e2e/watch-processes.ts'
import { nameOutput } from '../e2e/weir-test.ts'
import { Album, SIZES, THEMES } from './album.ts'
import { showBasins } from './show-basins.ts'

/** Every view and state of the window as a picture. Everything lies in .cache/screenshots; docs/screenshots has a choice of it. */

const inputFolder = fileURLToPath(new URL('../../.cache/test/e2e-inputs/', import.meta.url))

/** Where the pictures' measurements lie: a folder whose path is nobody's. */
const measurementFolder = join(tmpdir(), 'measurements')

/** Names as laboratories give them. */
const INPUTS = {
  'medium.rtdc': '2026-11-20 blood donor 3.rtdc',
  'small.rtdc': '2026-11-20 HL60 Kontrolle größer als erwartet, Kanal 20 µm, 0.16 µl-s, Wiederholung 2.rtdc',
  'large.rtdc': '2026-11-21 bone marrow.rtdc',
  'tiny.rtdc': 'calibration beads.rtdc',
  'other medium.rtdc': 'M002_data.rtdc',
} as const

for (const theme of THEMES) {
  for (const size of SIZES) {
    test(`${theme.toLowerCase()}, ${size.width} x ${size.height}`, async () => {
      await rm(measurementFolder, { recursive: true, force: true })
      await mkdir(measurementFolder)
      for (const [input, name] of Object.entries(INPUTS)) {
        await copyFile(join(inputFolder, input), join(measurementFolder, name))
      }
      const userDataFolder = await mkdtemp(join(tmpdir(), 'weir-pictures-'))
      const first = new Album(await launchWeir(userDataFolder), { theme, ...size })
      await first.begin()
      await showQueue(first)
      await showBasins(first, measurementFolder)
      await showEnds(first)
      await first.leaveInTheMiddle()
      const second = new Album(await launchWeir(userDataFolder), { theme, ...size })
      await second.begin()
      await second.take('16-unfinished', { isForDocs: false })
      await closeWeir(second.weir)
      await rm(userDataFolder, { recursive: true })
      await rm(measurementFolder, { recursive: true })
    })
  }
}

async function showQueue(album: Album): Promise<void> {
  const { window, weir } = album
  await album.take('01-empty')
  const paths = Object.values(INPUTS).map((name) => join(measurementFolder, name))
  const ids = await window.addFiles(...paths)
  await window.select(ids[0]!)
  await window.openTab('Settings')
  await album.take('02-added')
  for (const [place, section] of ['Compression', 'Basins', 'Output', 'Verification'].entries()) {
    await (await window.openSection(section)).scrollIntoViewIfNeeded()
    await album.take(`03-settings-${place + 1}-${section.toLowerCase()}`, { isForDocs: false })
  }
  await window.openTab('Contents')
  await weir.page.getByText('deform').first().waitFor()
  await album.take('04-contents')
  const broken = join(measurementFolder, 'notes.rtdc')
  await writeFile(broken, 'no measurement')
  await window.addFile(broken)
  await window.openRecordForm()
  await album.take('05-record')
  await weir.page.keyboard.press('Escape')
  await weir.page.keyboard.press('F1')
  await weir.page.getByRole('dialog').waitFor()
  await album.take('06-shortcuts', { isForDocs: false })
  await weir.page.keyboard.press('Escape')
}

async function showEnds(album: Album): Promise<void> {
  const { window, weir } = album
  const [medium, long, large, tiny, other, broken] = await window.listIds()
  await window.run(medium!)
  await window.openTab('Result')
  await album.take('07-done')
  await setSurroundings(weir.app, { writeBytesPerSecond: 2.5e6 })
  await window.select(large!)
  // Stored as it is, it would be gone before anyone sees it.
  await window.chooseCard('Compression', 'Small')
  await window.start(large!)
  await expect
    .poll(async () => Number(await window.gauge.getAttribute('aria-valuenow')), { timeout: 30_000 })
    .toBeGreaterThan(25e6)
  await album.take('08-running')
  await window.openMonitor()
  await album.take('09-monitor')
  await window.closeMonitor()
  await window.press('Cancel')
  await window.expectState(large!, 'cancelled')
  await album.take('10-cancelled', { isForDocs: false })
  await setSurroundings(weir.app, {})
  await window.run(broken!, 'failed')
  await window.openTab('Result')
  await album.take('11-failed')
  await writeFile(nameOutput(join(measurementFolder, INPUTS['tiny.rtdc'])), 'an older output')
  await window.select(tiny!)
  await window.chooseCollision('replace')
  await window.press('Start')
  await weir.page.getByRole('dialog').waitFor()
  await album.take('12-replace', { isForDocs: false })
  await weir.page.keyboard.press('Escape')
  const recording = await window.record(join(measurementFolder, INPUTS['small.rtdc']), { rate: '40' })
  await window.waitForFrames(40)
  await album.take('14-recording')
  await weir.page.getByRole('button', { name: 'Abort…' }).click()
  await weir.page.getByRole('dialog').getByRole('button', { name: 'Abort recording' }).click()
  await window.expectState(recording, 'cancelled')
  await album.take('15-recording-kept', { isForDocs: false })
  await setSurroundings(weir.app, { writeBytesPerSecond: 1e6 })
  await window.start(other!)
  await window.expectState(other!, 'running')
  expect(long).toBeDefined()
}
