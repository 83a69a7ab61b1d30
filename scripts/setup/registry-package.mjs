// Packages that only the set-up needs: fetched by the ordinary npm client, checked, unpacked into .cache/.
import { createHash } from 'node:crypto'
import { createReadStream, existsSync } from 'node:fs'
import { mkdir, readdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { cacheFolder, Refusal, say } from '../project.mjs'
import { locateNpm, readCommand, runCommand, toStandardError } from '../run-command.mjs'

/**
 * Folder with the content of a registry package. Fetched once; its tarball must have the pinned sha512.
 * @param {{ name: string, version: string, integrity: string }} wanted
 */
export async function ensureRegistryPackage({ name, version, integrity }) {
  const folder = join(cacheFolder, 'packages', `${name.replace('/', '-').replace('@', '')}-${version}`)
  if (existsSync(join(folder, 'package.json'))) return folder
  const download = `${folder}.download`
  await rm(download, { recursive: true, force: true })
  await mkdir(join(download, 'content'), { recursive: true })
  const tarball = await fetchTarball(`${name}@${version}`, download)
  await checkIntegrity(tarball, integrity)
  await unpackTarball(tarball, join(download, 'content'))
  await rename(join(download, 'content', 'package'), folder)
  await rm(download, { recursive: true, force: true })
  return folder
}

async function fetchTarball(specifier, folder) {
  say(`fetching ${specifier} from the npm registry`)
  const [program, leading] = locateNpm()
  const { code, seconds } = await readCommand(
    program,
    [...leading, 'pack', specifier, '--pack-destination', folder, '--loglevel=error'],
    { cwd: folder, stderr: 2 },
  )
  const name = (await readdir(folder)).find((entry) => entry.endsWith('.tgz'))
  if (code !== 0 || name === undefined) throw new Refusal(`npm could not fetch ${specifier} (code ${code})`)
  say(`fetched ${specifier} in ${seconds.toFixed(0)} s`)
  return join(folder, name)
}

async function checkIntegrity(path, integrity) {
  const hash = createHash('sha512')
  for await (const part of createReadStream(path)) hash.update(part)
  const actual = `sha512-${hash.digest('base64')}`
  if (actual === integrity) return
  await rm(path, { force: true })
  throw new Refusal(
    `integrity check failed for ${path}: expected ${integrity}, got ${actual}; it was deleted`,
  )
}

async function unpackTarball(path, folder) {
  const { code } = await runCommand('tar', ['-xzf', path, '-C', folder], { stdio: toStandardError })
  if (code !== 0) throw new Refusal(`tar could not unpack ${path} (code ${code})`)
}
