// Debian packages: looked for by what they provide, installed by apt-get as root, else the command is shown.
import { existsSync } from 'node:fs'
import { mkdir, open } from 'node:fs/promises'
import { join } from 'node:path'
import { cacheFolder, Refusal, say } from '../project.mjs'
import { hasProgram, isRoot, readCommand, runCommand } from '../run-command.mjs'

const logPath = join(cacheFolder, 'apt-get.log')
const installOptions = ['--yes', '--no-install-recommends']

/** What the Electron binary and a virtual display need on Debian 12. */
const displayPackages = [
  'xvfb',
  'xauth',
  'libgtk-3-0',
  'libnss3',
  'libasound2',
  'libgbm1',
  'libatk-bridge2.0-0',
  'libdrm2',
  'libxss1',
  'libxtst6',
]

/** Makes sure that `electronProgram` finds its libraries and, if asked for, that a virtual display can be started. */
export async function ensureDisplayPackages(electronProgram, { virtualDisplay = true } = {}) {
  if (process.platform !== 'linux') return
  const missing = await findMissing(electronProgram, virtualDisplay)
  if (missing.length === 0) return
  await installSystemPackages(displayPackages, missing)
  const still = await findMissing(electronProgram, virtualDisplay)
  if (still.length > 0) throw new Refusal(`still missing after the installation: ${still.join(', ')}`)
}

/**
 * Installs Debian packages. `reasons` (programs or libraries that were not found) are told to the user.
 * Throws a `Refusal` with the exact command where this process may not install.
 */
export async function installSystemPackages(names, reasons) {
  const command = `apt-get install --yes --no-install-recommends ${names.join(' ')}`
  if (!hasProgram('apt-get')) {
    throw new Refusal(
      `missing: ${reasons.join(', ')}. Install with your system's package manager what Debian calls: ${names.join(' ')}`,
    )
  }
  if (!isRoot())
    throw new Refusal(
      `missing: ${reasons.join(', ')}. Please run this once, then try again:\n  sudo apt-get update && sudo ${command}`,
    )
  say(`installing system packages for ${reasons.join(', ')} (apt-get)`)
  await mkdir(cacheFolder, { recursive: true })
  if ((await runAptGet(['install', ...installOptions, ...names])) === 0) return
  say('the package lists may be old: apt-get update')
  await runAptGet(['update'])
  const code = await runAptGet(['install', ...installOptions, ...names])
  if (code !== 0)
    throw new Refusal(
      `apt-get ended with code ${code}; what it said: ${logPath}; the command was: ${command}`,
    )
}

/** What apt-get says goes to a file: many lines, for those only who look for a reason. */
async function runAptGet(commandArguments) {
  const log = await open(logPath, 'a')
  try {
    const { code } = await runCommand('apt-get', ['-o', 'DPkg::Lock::Timeout=300', ...commandArguments], {
      env: { DEBIAN_FRONTEND: 'noninteractive' },
      stdio: ['ignore', log.fd, log.fd],
    })
    return code
  } finally {
    await log.close()
  }
}

async function findMissing(electronProgram, virtualDisplay) {
  const programs = virtualDisplay ? ['Xvfb', 'xauth'].filter((name) => !hasProgram(name)) : []
  const libraries = await findMissingLibraries(electronProgram)
  const shown =
    libraries.length > 3 ? [...libraries.slice(0, 2), `${libraries.length - 2} more libraries`] : libraries
  return [...programs, ...shown]
}

async function findMissingLibraries(program) {
  if (!existsSync(program) || !hasProgram('ldd')) return []
  const { text } = await readCommand('ldd', [program])
  return [...text.matchAll(/^\s*(\S+) => not found$/gm)].map((match) => match[1])
}
