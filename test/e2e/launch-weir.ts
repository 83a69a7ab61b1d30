import { fileURLToPath } from 'node:url'
import { _electron, expect, type ElectronApplication, type Page } from '@playwright/test'
import { isAlive, listProcesses, watchProcesses } from './watch-processes.ts'

const projectFolder = fileURLToPath(new URL('../..', import.meta.url))

/** Chromium does not start its sandbox for root; the shipped application never gets this switch. */
const rootSwitches: readonly string[] = process.getuid?.() === 0 ? ['--no-sandbox'] : []

/** The executable of the packed test pack; undefined: Weir is started from this checkout. */
const testPack = process.env['WEIR_TEST_PACK']

const START_LIMIT_MS = 30_000

export interface RunningWeir {
  readonly app: ElectronApplication
  readonly page: Page
  /** What page and main wrote to their consoles as warning or error, and their uncaught errors. */
  readonly complaints: string[]
}

/** The program of the application: Electron as scripts/test.mjs found it, or the test pack. */
export function nameProgram(): string {
  const program = testPack ?? process.env['WEIR_TEST_ELECTRON']
  if (program === undefined) throw new Error('WEIR_TEST_ELECTRON is not set: run the tests with npm test')
  return program
}

/** Arguments that start Weir with settings of its own in `userDataFolder`. */
export function listStartArguments(userDataFolder: string): string[] {
  const checkout = testPack === undefined ? [projectFolder] : []
  return [...checkout, `--user-data-dir=${userDataFolder}`, ...rootSwitches]
}

/** Starts Weir and waits until it can be used. Its end is the caller's. */
export async function launchWeir(
  userDataFolder: string,
  options: { readonly files?: readonly string[] } = {},
): Promise<RunningWeir> {
  const app = await _electron.launch({
    executablePath: nameProgram(),
    args: [...listStartArguments(userDataFolder), ...(options.files ?? [])],
    cwd: projectFolder,
    timeout: START_LIMIT_MS,
  })
  const complaints: string[] = []
  app.on('console', (message) => complaints.push(`main: ${message.text()}`))
  app.on('window', (page) => collectComplaints(page, complaints))
  await watchProcesses(app)
  const page = await app.firstWindow()
  collectComplaints(page, complaints)
  await waitUntilUsable(page)
  return { app, page, complaints }
}

/** Resolves when the page has its frame and can be used. */
export async function waitUntilUsable(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Add files' }).first().waitFor({ timeout: START_LIMIT_MS })
}

const watchedPages = new WeakSet<Page>()

function collectComplaints(page: Page, complaints: string[]): void {
  if (watchedPages.has(page)) return
  watchedPages.add(page)
  page.on('console', (message) => {
    if (message.type() === 'warning' || message.type() === 'error') complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(error.message))
}

/**
 * Ends Weir without the question about running jobs, and looks whether it leaves a process behind. Nothing may have been
 * complained about: violations of the page's content security policy are complaints too.
 */
export async function closeWeir({ app, complaints }: RunningWeir): Promise<void> {
  const processes = await listProcesses(app)
  const pids = processes.map(({ pid }) => pid).filter((pid) => pid !== null)
  await endApplication(app)
  await expect.poll(() => pids.filter(isAlive), { timeout: 10_000 }).toEqual([])
  expect(processes.filter(({ postsAfterExit }) => postsAfterExit > 0)).toEqual([])
  expect(complaints).toEqual([])
}

/** Kills the main process if it is still there: what it does about running jobs when it is asked is a test of its own. */
async function endApplication(app: ElectronApplication): Promise<void> {
  const main = app.process()
  if (main.exitCode !== null || main.signalCode !== null) return
  await app.evaluate(({ app: application }) => application.exit(0)).catch(ignoreClosed)
  await app.close()
}

/** The application is gone before it can answer. */
function ignoreClosed(error: unknown): void {
  if (!String(error).includes('closed')) throw error
}
