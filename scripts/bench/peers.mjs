// What Weir is measured beside: dcnum, cp, h5repack. One that cannot be had is an error on CI, elsewhere it is said and left out.
import { join } from 'node:path'
import {
  findPluginFolder,
  JudgeMissing,
  prepareDebianReaders,
  preparePython,
} from '../../test/interop/environment.mjs'
import { projectFolder, Refusal } from '../project.mjs'
import { hasProgram, readCommand } from '../run-command.mjs'

/** dcnum.write doing the same work. */
export const dcnumPeer = join(projectFolder, 'scripts', 'bench', 'programs', 'dcnum_peer.py')

const finders = { dcnum: findDcnum, cp: findCp, h5repack: findH5repack }

/**
 * Looks for the named peers.
 * @param {string[]} names
 * @param {(message: string) => void} tell
 * @returns {Promise<{ found: Record<string, object>, missing: Record<string, string> }>} what they are; or why they are missing
 */
export async function findPeers(names, tell) {
  const found = {}
  const missing = {}
  for (const name of names) {
    try {
      found[name] = await finders[name](found)
    } catch (error) {
      if (!(error instanceof JudgeMissing)) throw error
      if (process.env.CI)
        throw new Refusal(`${name} is missing, and on CI it must be there: ${error.message}`)
      tell(`${name} is left out: ${error.message}`)
      missing[name] = error.message
    }
  }
  return { found, missing }
}

async function findDcnum() {
  const python = preparePython()
  const { code, text } = await readCommand(python, [dcnumPeer, 'versions'], { stderr: 2 })
  if (code !== 0) throw new JudgeMissing('its Python environment does not work')
  const versions = Object.entries(JSON.parse(text)).map(([name, version]) => `${name} ${version}`)
  return { python, version: versions.join(', ') }
}

async function findCp() {
  for (const name of ['cp', 'sync'])
    if (!hasProgram(name)) throw new JudgeMissing(`there is no program ${name}`)
  return { version: await readFirstLine('cp') }
}

/** It comes with h5dump, and takes its zstd from the plugins of the Python environment. */
async function findH5repack({ dcnum }) {
  if (!hasProgram('h5repack')) prepareDebianReaders()
  const plugins = findPluginFolder(dcnum?.python ?? preparePython())
  return { plugins, version: (await readFirstLine('h5repack')).replace(': Version', '') }
}

async function readFirstLine(program) {
  const { text } = await readCommand(program, ['--version'])
  return text.split('\n')[0].trim()
}
