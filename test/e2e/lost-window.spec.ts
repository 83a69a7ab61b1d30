import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { waitUntilUsable } from './launch-weir.ts'
import { listContents, listDifferences } from './judge/judge-output.ts'
import { chooseSeed, makeRandom } from './random.ts'
import { listJobProcesses, setSurroundings } from './watch-processes.ts'
import { expect, nameOutput, test } from './weir-test.ts'
import { WeirWindow } from './weir-window.ts'

const RELOADS = 20
const PROMISED_MS = 1000

test(`P14: reloaded ${RELOADS} times, the window shows the right progress again within 1 s, and the outputs are the same`, async ({
  weir,
  putInput,
}) => {
  test.setTimeout(120_000)
  const random = makeRandom(chooseSeed())
  const window = new WeirWindow(weir)
  const inputs = [
    await putInput('large.rtdc'),
    await putInput('medium.rtdc'),
    await putInput('other medium.rtdc'),
  ]
  await window.setJobsAtOnce(3)
  // Slow enough for all the reloads.
  await setSurroundings(weir.app, { writeBytesPerSecond: 2e6 })
  const ids = await window.addFiles(...inputs)
  for (const id of ids) await window.start(id)
  await window.expectState(ids[0]!, 'running')
  // A job looks at its input before anything is queued.
  await expect
    .poll(async () => Math.max(...(await listShown(weir.page))), { timeout: 20_000 })
    .toBeGreaterThan(0)
  const delays: number[] = []
  for (let round = 0; round < RELOADS; round += 1) {
    await weir.page.waitForTimeout(random() * 100)
    await weir.page.reload()
    const loadedAt = Date.now()
    await expect(window.row(ids[0]!)).toHaveAttribute('data-state', 'running', { timeout: 5000 })
    await expectFreshReading(weir.page, async () => {
      const messages = (await listJobProcesses(weir.app)).flatMap((seen) => seen.messages)
      return messages
        .filter(({ at }) => at >= loadedAt - 200)
        .flatMap(({ message }) => (message.kind === 'progress' ? [message.progress.queuedBytes] : []))
    })
    delays.push(Date.now() - loadedAt)
  }
  expect(Math.max(...delays)).toBeLessThan(PROMISED_MS)
  await setSurroundings(weir.app, {})
  for (const id of ids) await window.expectState(id, 'done', 60_000)
  for (const input of inputs) expect(await listDifferences(input, nameOutput(input))).toEqual([])
})

/** Queued bytes of all gauges. */
function listShown(page: Page): Promise<number[]> {
  return page
    .locator('[data-queued-bytes]')
    .evaluateAll((gauges) => gauges.map((gauge) => Number(gauge.getAttribute('data-queued-bytes'))))
}

/** Resolves when a gauge shows a value that a job has just told; an empty queue is what a gauge shows that was told nothing. */
async function expectFreshReading(page: Page, listTold: () => Promise<readonly number[]>): Promise<void> {
  await expect
    .poll(
      async () => {
        const shown = await listShown(page)
        const told = new Set(await listTold())
        return shown.some((value) => value > 0 && told.has(value))
      },
      { intervals: [20], timeout: 5000 },
    )
    .toBe(true)
}

test('P14: when the page crashes, jobs go on and the window comes back', async ({
  weir,
  folder,
  putInput,
}) => {
  const window = new WeirWindow(weir)
  const input = await putInput('medium.rtdc')
  const gate = join(folder, 'gate')
  await writeFile(gate, '')
  await setSurroundings(weir.app, { gate, gateAfterBytes: 1e6 })
  const id = await window.addFile(input)
  await window.start(id)
  await window.expectState(id, 'running')
  const crashed = weir.page.waitForEvent('crash')
  await weir.app.evaluate(({ BrowserWindow }) => {
    BrowserWindow.getAllWindows()[0]!.webContents.forcefullyCrashRenderer()
  })
  await crashed
  const page = await findLivingPage(() => weir.app.windows())
  await waitUntilUsable(page)
  const again = new WeirWindow({ ...weir, page })
  await again.expectState(id, 'running')
  await rm(gate)
  await again.expectState(id, 'done')
  expect(await listDifferences(input, nameOutput(input))).toEqual([])
  expect(Object.keys(await listContents(nameOutput(input))).length).toBeGreaterThan(0)
})

async function findLivingPage(list: () => readonly Page[]): Promise<Page> {
  let found: Page | undefined
  await expect
    .poll(
      async () => {
        for (const page of list()) {
          const isAlive = await Promise.race([
            page.evaluate(() => true).catch(() => false),
            new Promise<boolean>((resolve) => setTimeout(() => resolve(false), 500)),
          ])
          if (isAlive) found = page
        }
        return found !== undefined
      },
      { timeout: 10_000 },
    )
    .toBe(true)
  return found!
}
