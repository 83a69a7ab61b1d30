// `npm run --silent weir -- COMMAND ...`: the command line from a checkout, in this very process.
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { ensureBuild } from './build.mjs'
import { outFolder, Refusal, say } from './project.mjs'
import { ensureNpmPackages } from './setup/npm-packages.mjs'

/** False when the set-up failed; its reason is on standard error then. */
async function setUp() {
  try {
    await ensureNpmPackages()
    await ensureBuild()
    return true
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    say(error.message)
    return false
  }
}

if (await setUp()) {
  const program = join(outFolder, 'weir.js')
  process.argv[1] = program
  await import(pathToFileURL(program).href)
} else {
  process.exitCode = 2
}
