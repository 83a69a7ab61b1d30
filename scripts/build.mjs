// `npm run build`: bundles the program into out/. A build that fails leaves the last good one in place.
import { readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { hashFiles, ignoreMissing, listFiles } from './hash-files.mjs'
import { withLock } from './lock.mjs'
import { cacheFolder, outFolder, projectFolder, Refusal, runScript, say } from './project.mjs'
import { runCommand, toStandardError } from './run-command.mjs'
import { ensureNpmPackages } from './setup/npm-packages.mjs'

const sourceFolders = ['src-main', 'src-preload', 'src-renderer']
const sourceFiles = [
  'electron.vite.config.ts',
  'tsconfig.base.json',
  'tsconfig.types.json',
  'package.json',
  'package-lock.json',
]
const stampName = 'build-stamp'

/** Builds unless out/ already holds what the sources give. */
export async function ensureBuild() {
  if (await isFresh()) return
  await withLock('build', async () => {
    if (!(await isFresh())) await build()
  })
}

async function build() {
  const stamp = await hashSources()
  const folder = join(cacheFolder, 'build')
  const former = join(cacheFolder, 'build-former')
  say('building the program into out/')
  await rm(folder, { recursive: true, force: true })
  const program = join(projectFolder, 'node_modules', 'electron-vite', 'bin', 'electron-vite.js')
  const { code, seconds } = await runCommand(process.execPath, [program, 'build', '--logLevel', 'warn'], {
    env: { WEIR_BUILD_FOLDER: folder },
    stdio: toStandardError,
  })
  if (code !== 0) throw new Refusal(`the build ended with code ${code}; see above`)
  await declareTypes(join(folder, 'types'))
  await writeFile(join(folder, stampName), stamp)
  await rm(former, { recursive: true, force: true })
  await rename(outFolder, former).catch(ignoreMissing)
  await rename(folder, outFolder)
  await rm(former, { recursive: true, force: true })
  say(`built in ${seconds.toFixed(1)} s`)
}

/** What TypeScript needs to know of the library (`weir/write`). */
async function declareTypes(folder) {
  const compiler = join(projectFolder, 'node_modules', 'typescript', 'bin', 'tsc')
  const { code } = await runCommand(
    process.execPath,
    [compiler, '-p', 'tsconfig.types.json', '--outDir', folder],
    { stdio: toStandardError },
  )
  if (code !== 0) throw new Refusal(`the library's types ended with code ${code}; see above`)
}

async function isFresh() {
  const [present, wanted] = await Promise.all([
    readFile(join(outFolder, stampName), 'utf8').catch(ignoreMissing),
    hashSources(),
  ])
  return present === wanted
}

async function hashSources() {
  const listed = await Promise.all(sourceFolders.map(listFiles))
  return hashFiles([...sourceFiles.map((name) => join(projectFolder, name)), ...listed.flat()])
}

if (process.argv[1] === import.meta.filename) {
  await runScript(async () => {
    await ensureNpmPackages()
    if (await isFresh()) say('out/ is up to date')
    await ensureBuild()
  })
}
