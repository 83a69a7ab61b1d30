import { mkdtempSync, rmSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { app, BrowserWindow } from 'electron'
import { type ErrorData, Internal, toErrorData } from '../errors.ts'
import type { OutcomeFigures } from '../jobs/job-report.ts'
import { VERSION } from '../version.ts'
import { makeSample, PageAsker, rewriteInQueue } from './self-test-steps.ts'
import type { StartRequest } from './start-request.ts'

type SelfTestRequest = Extract<StartRequest, { readonly kind: 'self-test' }>

/** What the self-test writes, as JSON. */
interface SelfTestResult {
  readonly version: string
  readonly electron: string
  readonly platform: string
  /** In order; the one that failed is not among them. */
  readonly steps: { readonly name: string; readonly seconds: number }[]
  passed: boolean
  error: ErrorData | null
  /** Of the rewrite. */
  figures: OutcomeFigures | null
}

/** For everything; a machine that needs longer has failed. */
const TIME_LIMIT_MS = 180_000

/**
 * Starts the application in a folder of its own, has it make a sample and rewrite it as a user would, writes the result (and a picture
 * of the window) and ends the program: exit 0 if all went well, else 1. To be called
 * before the application is ready.
 */
export function startSelfTest(request: SelfTestRequest, start: () => Promise<unknown>): void {
  const folder = mkdtempSync(join(tmpdir(), 'weir-self-test-'))
  app.setPath('userData', folder)
  app.setPath('sessionData', folder)
  const running = runWithinLimit(request, start).catch((thrown: unknown) => {
    process.stderr.write(`weir: error: ${toErrorData(thrown).message} (E_OUT)\n`)
    return false
  })
  void running.then((hasPassed) => leave(hasPassed ? 0 : 1, folder))
}

/** In good order, so that nobody writes any more when the folder is removed. Chromium itself may put a few small files back at its end. */
function leave(code: number, folder: string): void {
  app.on('will-quit', (event) => {
    event.preventDefault()
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 })
    app.exit(code)
  })
  app.quit()
}

async function runWithinLimit(
  { resultPath, picturePath }: SelfTestRequest,
  start: () => Promise<unknown>,
): Promise<boolean> {
  const result = createResult()
  try {
    await Promise.race([runSteps(result, { start, picturePath }), failLater()])
    result.passed = true
  } catch (thrown) {
    result.error = toErrorData(thrown)
  }
  await writeFile(resolve(resultPath), `${JSON.stringify(result, null, 2)}\n`)
  return result.passed
}

interface Surroundings {
  readonly start: () => Promise<unknown>
  readonly picturePath: string | null
}

async function runSteps(result: SelfTestResult, { start, picturePath }: Surroundings): Promise<void> {
  const step = async <Value>(name: string, work: () => Promise<Value>): Promise<Value> => {
    const startedMs = performance.now()
    const value = await work()
    result.steps.push({ name, seconds: Math.round(performance.now() - startedMs) / 1000 })
    return value
  }
  const window = await step('window', async () => {
    await start()
    return requireWindow()
  })
  const page = new PageAsker(window.webContents)
  await step('bridge', () => page.ask('weir:read-app-info'))
  const sample = await step('sample', () => makeSample(page))
  result.figures = await step('rewrite', () => rewriteInQueue(page, sample))
  if (picturePath !== null) await step('picture', () => photograph(window, resolve(picturePath)))
}

function createResult(): SelfTestResult {
  return {
    version: VERSION,
    electron: process.versions.electron,
    platform: `${process.platform}-${process.arch}`,
    steps: [],
    passed: false,
    error: null,
    figures: null,
  }
}

function requireWindow(): BrowserWindow {
  const [window] = BrowserWindow.getAllWindows()
  if (window) return window
  throw new Internal('the application started without a window')
}

async function photograph(window: BrowserWindow, path: string): Promise<void> {
  const picture = await window.webContents.capturePage()
  if (picture.isEmpty()) throw new Internal('the picture of the window is empty')
  await writeFile(path, picture.toPNG())
}

async function failLater(): Promise<never> {
  await delay(TIME_LIMIT_MS, undefined, { ref: false })
  throw new Internal(`the self-test took longer than ${TIME_LIMIT_MS / 1000} s`)
}
