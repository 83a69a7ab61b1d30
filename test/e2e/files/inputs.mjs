// The measurements that the end-to-end tests use: made once, kept in .cache, opened read-only by everybody.
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { chmod, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, join, parse } from 'node:path'
import { cacheFolder, projectFolder } from '../../../scripts/project.mjs'
import { runWeirOnce } from '../../../scripts/run-weir.mjs'
import { unzip } from '../../../scripts/setup/unzip.mjs'
import { addHostileContent, hostileText } from './add-hostile-content.mjs'

export const inputFolder = join(cacheFolder, 'test', 'e2e-inputs')
export const realFolder = join(inputFolder, 'real')
const sharedFolder = process.env.WEIR_SHARED ?? join(dirname(projectFolder), 'shared')

/** Simulated measurements by name: frames, and what else `weir record` is given. */
const simulated = {
  'tiny.rtdc': { frames: 20 },
  'small.rtdc': { frames: 150 },
  'medium.rtdc': { frames: 600, options: ['--compression', 'none'] },
  'other medium.rtdc': { frames: 600, options: ['--compression', 'none', '--seed', '7'] },
  'large.rtdc': { frames: 3000, options: ['--compression', 'none'] },
  'hostile.rtdc': {
    frames: 20,
    metadata: { 'experiment:sample': hostileText, 'setup:identifier': hostileText },
    change: addHostileContent,
  },
}

/** Makes what is missing. */
export default async function prepareInputs() {
  await mkdir(inputFolder, { recursive: true })
  for (const [name, recipe] of Object.entries(simulated)) await makeOnce(join(inputFolder, name), recipe)
  await unpackReal()
}

async function makeOnce(path, { frames, options = [], metadata, change }) {
  if (existsSync(path)) return
  const unfinished = `${path}.unfinished.rtdc`
  const given = ['record', '--simulate', String(frames), '--out', unfinished, '--overwrite', ...options]
  if (metadata !== undefined) {
    await writeFile(`${path}.json`, JSON.stringify(metadata))
    given.push('--metadata', `${path}.json`)
  }
  await runWeirOnce(given)
  await change?.(unfinished)
  await chmod(unfinished, 0o444)
  await rename(unfinished, path)
}

/** Real measurements, where they lie beside the checkout. */
async function unpackReal() {
  const archiveFolder = join(sharedFolder, 'data')
  if (!existsSync(archiveFolder)) {
    if (process.env.CI) throw new Error(`${archiveFolder} with real measurements has to be there on CI`)
    console.log(`e2e: no real measurements, ${archiveFolder} is not there; simulated ones take their place`)
    return
  }
  if (existsSync(realFolder)) return
  const unfinished = `${realFolder}.unfinished`
  await rm(unfinished, { recursive: true, force: true })
  for (const name of await readdir(archiveFolder)) {
    if (name.endsWith('.zip')) await unpack(join(archiveFolder, name), unfinished)
  }
  await rename(unfinished, realFolder)
}

async function unpack(archive, folder) {
  await mkdir(folder, { recursive: true })
  // Archives may call their file alike; the archive's own name tells them apart.
  await unzip(archive, folder, (name) => (name.endsWith('.rtdc') ? `${parse(archive).name}.rtdc` : undefined))
}

/** SHA-256 and permission bits of every input, by path. */
export async function describeInputs() {
  const entries = await readdir(inputFolder, { recursive: true, withFileTypes: true })
  const paths = entries
    .filter((entry) => entry.isFile() && entry.name.endsWith('.rtdc'))
    .map((entry) => join(entry.parentPath, entry.name))
  const described = await Promise.all(
    paths.sort().map(async (path) => {
      const [content, { mode, mtimeMs }] = [await readFile(path), await stat(path)]
      return [path, `${createHash('sha256').update(content).digest('hex')} ${mode.toString(8)} ${mtimeMs}`]
    }),
  )
  return Object.fromEntries(described)
}
