// npm packages: installed when `node_modules` is not what package-lock.json says.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { withLock } from '../lock.mjs'
import { projectFolder, Refusal, say } from '../project.mjs'
import { runNpm } from '../run-command.mjs'

const oldestNode = [20, 19]

/** Makes sure that Node is new enough and the packages of the lock file are installed. */
export async function ensureNpmPackages() {
  checkNodeVersion(process.versions.node)
  if (await areInstalled()) return
  await withLock('npm-packages', async () => {
    if (await areInstalled()) return
    say('installing the npm packages of package-lock.json (npm ci, checks their integrity)')
    const { code, seconds } = await runNpm(['ci', '--no-progress', '--loglevel=error'])
    if (code !== 0) throw new Refusal(`npm ci ended with code ${code}; see above`)
    say(`npm packages installed in ${seconds.toFixed(0)} s`)
  })
}

export function checkNodeVersion(version) {
  const [major, minor] = version.split('.').map(Number)
  if (major > oldestNode[0] || (major === oldestNode[0] && minor >= oldestNode[1])) return
  throw new Refusal(`Weir needs Node ${oldestNode.join('.')} or newer; this is ${version}`)
}

/** npm keeps what it installed in node_modules/.package-lock.json: the same entries, less those of other platforms. */
async function areInstalled() {
  const [wanted, present] = await Promise.all([
    readPackages(join(projectFolder, 'package-lock.json')),
    readPackages(join(projectFolder, 'node_modules', '.package-lock.json')),
  ])
  if (wanted === null) throw new Refusal('package-lock.json is missing')
  return present !== null && isSameInstallation(wanted, present)
}

export function isSameInstallation(wanted, present) {
  const names = Object.keys(wanted).filter((name) => name !== '')
  const complete = names.every((name) => isSamePackage(wanted[name], present[name]))
  return complete && Object.keys(present).every((name) => name in wanted)
}

function isSamePackage(wanted, present) {
  if (present === undefined)
    return wanted.optional === true || wanted.devOptional === true || wanted.peer === true
  return wanted.version === present.version && wanted.integrity === present.integrity
}

async function readPackages(path) {
  try {
    return JSON.parse(await readFile(path, 'utf8')).packages
  } catch (error) {
    if (error.code === 'ENOENT') return null
    throw error
  }
}
