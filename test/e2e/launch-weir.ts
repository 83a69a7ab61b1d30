import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { test as base, _electron, type ElectronApplication, type Page } from '@playwright/test'

const projectFolder = fileURLToPath(new URL('../..', import.meta.url))

/** Chromium does not start its sandbox for root; the shipped application never gets this switch. */
export const rootSwitches: readonly string[] = process.getuid?.() === 0 ? ['--no-sandbox'] : []

export interface RunningWeir {
  readonly app: ElectronApplication
  readonly page: Page
  /** What the page wrote to its console as warning or error, and its uncaught errors. */
  readonly complaints: string[]
}

/** Where scripts/test.mjs found Electron. */
export function nameElectronProgram(): string {
  const program = process.env['WEIR_TEST_ELECTRON']
  if (program === undefined) throw new Error('WEIR_TEST_ELECTRON is not set: run the tests with npm test')
  return program
}

/** Arguments that start Weir from this checkout with settings of its own in `userDataFolder`. */
export function listStartArguments(userDataFolder: string): string[] {
  return [projectFolder, `--user-data-dir=${userDataFolder}`, ...rootSwitches]
}

/** A started Weir for each test, with a fresh folder for its settings; a test fails if its page complained. */
export const test = base.extend<{ weir: RunningWeir; userDataFolder: string }>({
  // Playwright reads the names of the fixtures that are needed from the pattern.
  userDataFolder: async ({}, use) => {
    const folder = await mkdtemp(join(tmpdir(), 'weir-e2e-'))
    await use(folder)
    await rm(folder, { recursive: true, force: true })
  },
  weir: async ({ userDataFolder }, use) => {
    const app = await _electron.launch({
      executablePath: nameElectronProgram(),
      args: listStartArguments(userDataFolder),
      cwd: projectFolder,
    })
    const complaints: string[] = []
    app.on('console', (message) => complaints.push(`main: ${message.text()}`))
    const page = await app.firstWindow()
    page.on('console', (message) => {
      if (message.type() === 'warning' || message.type() === 'error') complaints.push(message.text())
    })
    page.on('pageerror', (error) => complaints.push(error.message))
    await page.waitForSelector('footer >> text=Electron')
    await use({ app, page, complaints })
    await app.close()
    base.expect(complaints).toEqual([])
  },
})

export { expect } from '@playwright/test'
