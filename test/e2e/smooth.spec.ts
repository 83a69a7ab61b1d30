import { mkdir, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { ElectronApplication, Page } from '@playwright/test'
import { closeWeir, launchWeir } from './launch-weir.ts'
import { expect, test } from './weir-test.ts'
import { WeirWindow } from './weir-window.ts'

/** Where the figures are written down. */
const REPORT = fileURLToPath(new URL('../../.cache/test/smoothness.json', import.meta.url))
/** What the design promises on 2 cores. */
const LONGEST_TASK_MS = 100
const USABLE_MS = 3000
/** What else runs on the machine disturbs single runs: so many of three have to be smooth. */
const RUNS = 3
const MAJORITY = 2

interface Smoothness {
  readonly usableAfterMs: number
  readonly longTasksMs: readonly number[]
  readonly mainStallsMs: readonly number[]
}

declare global {
  var weirTestTasks: number[] | undefined
  var weirTestStalls: number[] | undefined
}

test('the window is usable within 3 s and stays smooth while two jobs run on all cores', async ({
  userDataFolder,
  putInput,
}) => {
  test.setTimeout(240_000)
  const inputs = [await putInput('large.rtdc'), await putInput('medium.rtdc')]
  const runs: Smoothness[] = []
  for (let run = 0; run < RUNS; run += 1) {
    runs.push(await measureRun(`${userDataFolder}-${run}`, inputs))
    if (runs.filter(isSmooth).length === MAJORITY) break
  }
  await mkdir(dirname(REPORT), { recursive: true })
  await writeFile(REPORT, JSON.stringify({ limits: { LONGEST_TASK_MS, USABLE_MS }, runs }, null, 2))
  expect(runs.filter(isSmooth).length, JSON.stringify(runs)).toBe(MAJORITY)
})

async function measureRun(userDataFolder: string, inputs: readonly string[]): Promise<Smoothness> {
  const started = performance.now()
  const weir = await launchWeir(userDataFolder)
  const usableAfterMs = Math.round(performance.now() - started)
  const window = new WeirWindow(weir)
  await window.setJobsAtOnce(2)
  const ids = await window.addFiles(...inputs)
  await window.chooseCollision('rename')
  await watchTasks(weir.page)
  await watchStalls(weir.app)
  for (const id of ids) await window.start(id)
  for (const id of ids) await window.expectState(id, 'done')
  const longTasksMs = await weir.page.evaluate(() => globalThis.weirTestTasks ?? [])
  const mainStallsMs = await weir.app.evaluate(() => globalThis.weirTestStalls ?? [])
  await closeWeir(weir)
  return { usableAfterMs, longTasksMs, mainStallsMs }
}

/** Tasks of the page above 50 ms, as Chromium reports them. */
function watchTasks(page: Page): Promise<void> {
  return page.evaluate(() => {
    const tasks: number[] = []
    globalThis.weirTestTasks = tasks
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) tasks.push(Math.round(entry.duration))
    }).observe({ type: 'longtask' })
  })
}

/** How late a timer of 10 ms comes in main, where it comes more than 20 ms late. */
function watchStalls(app: ElectronApplication): Promise<void> {
  return app.evaluate(() => {
    const stalls: number[] = []
    globalThis.weirTestStalls = stalls
    let last = performance.now()
    setInterval(() => {
      const late = performance.now() - last - 10
      last = performance.now()
      if (late > 20) stalls.push(Math.round(late))
    }, 10)
  })
}

function isSmooth({ usableAfterMs, longTasksMs, mainStallsMs }: Smoothness): boolean {
  return usableAfterMs <= USABLE_MS && Math.max(0, ...longTasksMs, ...mainStallsMs) <= LONGEST_TASK_MS
}
