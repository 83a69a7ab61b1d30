import { existsSync } from 'node:fs'
import { link, mkdir, mkdtemp, realpath, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { test as base } from '@playwright/test'
import { answerDialogs } from './answer-dialogs.ts'
import { closeWeir, launchWeir, type RunningWeir } from './launch-weir.ts'

const cacheFolder = fileURLToPath(new URL('../../.cache/test/', import.meta.url))
/** Made by files/set-up.mjs, of one file system with the folders of the tests. */
const inputFolder = join(cacheFolder, 'e2e-inputs')

/** Do real measurements lie beside the checkout? */
export function hasRealInputs(): boolean {
  return existsSync(join(inputFolder, 'real'))
}

/** Where a rewrite of `input` writes to with the settings that new files get. */
export function nameOutput(input: string): string {
  return input.replace(/\.rtdc$/, '_weir.rtdc')
}

interface Fixtures {
  /** Settings of Weir, fresh for each test. */
  readonly userDataFolder: string
  /** Where inputs lie and outputs are written, fresh for each test. */
  readonly folder: string
  /**
   * Puts a measurement that files/inputs.mjs makes (`real/...`: one that lies beside the checkout) into the folder, by default under its own name; gives its path.
   */
  readonly putInput: (input: string, name?: string) => Promise<string>
  /** A started Weir; the test fails if anything was complained about or a process is left over. */
  readonly weir: RunningWeir
}

export const test = base.extend<Fixtures>({
  // Playwright reads the names of the fixtures that are needed from the pattern.
  userDataFolder: async ({}, use) => {
    const folder = await realpath(await mkdtemp(join(tmpdir(), 'weir-e2e-')))
    await use(folder)
    await rm(folder, { recursive: true, force: true })
  },
  folder: async ({}, use) => {
    await mkdir(join(cacheFolder, 'e2e-work'), { recursive: true })
    const folder = await mkdtemp(join(cacheFolder, 'e2e-work', 'test-'))
    await use(folder)
    await rm(folder, { recursive: true, force: true })
  },
  putInput: async ({ folder }, use) => {
    await use(async (input, name = basename(input)) => {
      const path = join(folder, name)
      await link(join(inputFolder, input), path)
      return path
    })
  },
  weir: async ({ userDataFolder }, use) => {
    const weir = await launchWeir(userDataFolder)
    await answerDialogs(weir.app, {})
    await use(weir)
    await closeWeir(weir)
  },
})

export { expect } from '@playwright/test'
