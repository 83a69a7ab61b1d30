// The two packs of one configuration: `shipping`, which users get, and `test`, which Playwright can drive.
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { hashFiles, ignoreMissing, listFiles } from '../hash-files.mjs'
import { withLock } from '../lock.mjs'
import { outFolder, projectFolder, Refusal, say } from '../project.mjs'
import { runCommand, toStandardError } from '../run-command.mjs'
import { checkFuses } from './fuses.mjs'

const platforms = {
  linux: { option: '--linux', folder: 'linux-unpacked', program: 'weir' },
  win32: { option: '--win', folder: 'win-unpacked', program: 'Weir.exe' },
  darwin: {
    option: '--mac',
    folder: process.arch === 'arm64' ? 'mac-arm64' : 'mac',
    program: 'Weir.app/Contents/MacOS/Weir',
  },
}

/** Where each pack goes, and in what it differs from electron-builder.yml. */
const packs = {
  shipping: { folder: join(projectFolder, 'dist'), settings: [] },
  test: {
    folder: join(projectFolder, 'dist', 'test-pack'),
    settings: [
      '-c.electronFuses.enableNodeCliInspectArguments=true',
      '-c.extraMetadata.weirPack=test',
      '-c.directories.output=dist/test-pack',
    ],
  },
}

/**
 * Packs the built program with that Electron unless the pack at hand is of the same parts; its fuses are read in any case.
 * @param {'shipping' | 'test'} kind
 * @param {{ folder: string, version: string }} electron
 * @returns {Promise<string>} the packed program
 */
export async function ensurePack(kind, electron) {
  const platform = platforms[process.platform]
  if (platform === undefined) throw new Refusal(`no package for ${process.platform}`)
  const program = join(packs[kind].folder, platform.folder, platform.program)
  await withLock(`pack-${kind}`, async () => {
    const stamp = await hashParts(kind, electron)
    const stampPath = join(packs[kind].folder, `${platform.folder}.stamp`)
    const present = await readFile(stampPath, 'utf8').catch(ignoreMissing)
    if (present === stamp && existsSync(program)) return
    await rm(stampPath, { force: true })
    await pack(kind, { platform, electron })
    await writeFile(stampPath, stamp)
  })
  await checkFuses(program, kind)
  return program
}

async function pack(kind, { platform, electron }) {
  const { folder, settings } = packs[kind]
  say(`packing the ${kind} pack`)
  await rm(join(folder, platform.folder), { recursive: true, force: true })
  const { code, seconds } = await runCommand(
    process.execPath,
    [
      join(projectFolder, 'node_modules', 'electron-builder', 'cli.js'),
      ...[platform.option, 'dir', '--publish', 'never'],
      ...[`-c.electronDist=${electron.folder}`, `-c.electronVersion=${electron.version}`],
      ...settings,
    ],
    { stdio: toStandardError },
  )
  if (code !== 0) throw new Refusal(`electron-builder ended with code ${code}; see above`)
  say(`packed in ${seconds.toFixed(0)} s: ${join(folder, platform.folder)}`)
}

/** The built program, what is packed with it and how, the packages by their lock, and the Electron. */
async function hashParts(kind, electron) {
  const names = ['electron-builder.yml', 'package.json', 'package-lock.json', 'LICENSE']
  const listed = await Promise.all(['assets', 'scripts/pack'].map(listFiles))
  const paths = [...names.map((name) => join(projectFolder, name)), ...listed.flat()]
  return createHash('sha256')
    .update(await hashFiles([...paths, join(outFolder, 'build-stamp')]))
    .update([electron.folder, electron.version, ...packs[kind].settings].join('\0'))
    .digest('hex')
}
