import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ElectronApplication } from '@playwright/test'
import { askOtherJudge, hasOtherJudge, listDifferences, listNewFindings } from './judge/judge-output.ts'
import { listJobProcesses, setSurroundings, type SeenProcess } from './watch-processes.ts'
import { collectReadings } from './gauge-readings.ts'
import { expect, hasRealInputs, nameOutput, test } from './weir-test.ts'
import { WeirWindow } from './weir-window.ts'

/** Slow enough that the write queue fills, fast enough that the job ends in some seconds. */
const SLOW_DISK = { writeBytesPerSecond: 6e6 }

test('two measurements are added, started, watched on the gauge, and written whole', async ({
  weir,
  putInput,
}) => {
  const window = new WeirWindow(weir)
  const real = [
    'real/dclab_fmt-hdf5_wide-channel_2023.rtdc',
    'real/dcnum_fmt-hdf5_cytoshot_full-features_2023.rtdc',
  ]
  const names = [...(hasRealInputs() ? real : ['small.rtdc', 'tiny.rtdc']), 'large.rtdc']
  const inputs = await Promise.all(names.map((name) => putInput(name)))
  const ids = await window.addFiles(...inputs)
  await setSurroundings(weir.app, SLOW_DISK)
  const readings = await collectReadings(window.page)
  for (const id of ids) await window.start(id)
  for (const id of ids) await window.expectState(id, 'done')
  const values = await readings()

  const told = (await listJobProcesses(weir.app)).flatMap(listProgress)
  const queued = new Set(told.map(({ queuedBytes }) => queuedBytes))
  const limit = Math.max(...told.map(({ queueLimitBytes }) => queueLimitBytes))
  expect(new Set(values).size).toBeGreaterThanOrEqual(5)
  expect(values.filter((value) => !queued.has(value))).toEqual([])
  expect(Math.max(...values)).toBeLessThanOrEqual(limit)

  for (const input of inputs) {
    const output = nameOutput(input)
    expect(await listDifferences(input, output)).toEqual([])
    expect(await listNewFindings(input, output)).toEqual([])
    if (hasOtherJudge()) expect(await askOtherJudge(input, output)).toBe('')
    else test.info().annotations.push({ type: 'skipped', description: 'same.py is not at hand' })
  }
})

test('the gauge rises to its bound behind a slow writer, and the reader waits', async ({
  weir,
  folder,
  putInput,
}) => {
  const window = new WeirWindow(weir)
  const input = await putInput('large.rtdc')
  const gate = join(folder, 'gate')
  await writeFile(gate, '')
  await setSurroundings(weir.app, { gate, gateAfterBytes: 1e6 })
  const id = await window.addFile(input)
  await window.start(id)
  const { gauge } = window
  const limit = await expectBound(weir.app)
  await expect
    .poll(async () => Number(await gauge.getAttribute('aria-valuenow')), { timeout: 20_000 })
    .toBeGreaterThan(0.9 * limit)
  await expect(gauge).toHaveAttribute('aria-valuemax', String(limit))
  await expect(gauge).toHaveAttribute('aria-valuetext', /MB/)
  // Nothing moves while the queue is full: ten messages in a row tell of the same bytes.
  await expect
    .poll(async () => countStill((await listJobProcesses(weir.app)).at(-1)!), { timeout: 10_000 })
    .toBeGreaterThanOrEqual(10)
  await rm(gate)
  await window.expectState(id, 'done')
  expect(await listDifferences(input, nameOutput(input))).toEqual([])
})

function listProgress({ messages }: SeenProcess) {
  return messages.flatMap(({ message }) => (message.kind === 'progress' ? [message.progress] : []))
}

/** How many messages at the end tell of the same bytes read and written. */
function countStill(seen: SeenProcess): number {
  const told = listProgress(seen).reverse()
  const last = told[0]
  const firstOther = told.findIndex(
    ({ bytesRead, bytesWritten }) => bytesRead !== last?.bytesRead || bytesWritten !== last.bytesWritten,
  )
  return firstOther < 0 ? told.length : firstOther
}

async function expectBound(app: ElectronApplication): Promise<number> {
  let limit = 0
  await expect
    .poll(async () => {
      const [seen] = await listJobProcesses(app)
      limit = Math.max(
        0,
        ...(seen === undefined ? [] : listProgress(seen)).map(({ queueLimitBytes }) => queueLimitBytes),
      )
      return limit
    })
    .toBeGreaterThan(0)
  return limit
}
