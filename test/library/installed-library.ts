import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll } from 'vitest'

const run = promisify(execFile)
const projectFolder = fileURLToPath(new URL('../..', import.meta.url))

/** A folder of somebody's program that has Weir installed. */
export interface InstalledLibrary {
  readonly folder: string
  /** Writes a file of the program. */
  write(name: string, text: string): Promise<void>
  /** Runs a file of the program with this Node; gives its standard output. Rejects if it writes to standard error or fails. */
  run(name: string): Promise<string>
  /** Has TypeScript check files of the program, which sees no other packages' types but Node's; gives what it says. */
  checkTypes(names: readonly string[], options: CheckOptions): Promise<string>
}

export interface CheckOptions {
  readonly resolution: 'nodenext' | 'preserve'
  /** Also what the declarations of the library say among themselves. */
  readonly withDeclarations?: boolean
}

/** Installs the package that `npm pack` makes, once for all tests of a file. */
export function installLibrary(): InstalledLibrary {
  let folder = ''
  beforeAll(async () => {
    folder = await realpath(await mkdtemp(join(tmpdir(), 'weir-library-')))
    await install(await packTo(folder), folder)
    await writeFile(join(folder, 'package.json'), '{ "type": "module", "private": true }')
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))
  return {
    get folder() {
      return folder
    },
    write: (name, text) => writeFile(join(folder, name), text),
    async run(name) {
      const env = { PATH: process.env['PATH'] ?? '' }
      const { stdout, stderr } = await run(process.execPath, [name], { cwd: folder, env })
      if (stderr !== '') throw new Error(`${name} wrote to standard error: ${stderr}`)
      return stdout
    },
    checkTypes: (names, options) => checkTypes(folder, names, options),
  }
}

async function packTo(folder: string): Promise<string> {
  // The scripts are JavaScript; this is what that function says of itself.
  const { locateNpm } = (await import(new URL('../../scripts/run-command.mjs', import.meta.url).href)) as {
    locateNpm: () => [program: string, leading: string[]]
  }
  const [npm, leading] = locateNpm()
  const packing = [...leading, 'pack', '--json', '--ignore-scripts', '--pack-destination', folder]
  const { stdout } = await run(npm, packing, { cwd: projectFolder })
  const [packed] = JSON.parse(stdout) as { readonly filename: string }[]
  if (!packed) throw new Error('npm packed nothing')
  return join(folder, packed.filename)
}

/**
 * Unpacks the package and puts beside it exactly the packages that it names as its dependencies, as npm would, but without the
 * registry: one that it forgot to name is not found.
 */
async function install(tarball: string, folder: string): Promise<void> {
  const target = join(folder, 'node_modules', 'weir')
  await mkdir(target, { recursive: true })
  await run('tar', ['-xzf', tarball, '--strip-components=1', '-C', target])
  const manifest = JSON.parse(await readFile(join(target, 'package.json'), 'utf8')) as {
    readonly dependencies: Readonly<Record<string, string>>
  }
  for (const name of [...Object.keys(manifest.dependencies), '@types/node']) {
    const link = join(folder, 'node_modules', name)
    await mkdir(dirname(link), { recursive: true })
    await symlink(join(projectFolder, 'node_modules', name), link)
  }
}

async function checkTypes(
  folder: string,
  names: readonly string[],
  { resolution, withDeclarations = false }: CheckOptions,
): Promise<string> {
  const compiler = join(projectFolder, 'node_modules', 'typescript', 'bin', 'tsc')
  const options = ['--noEmit', '--strict', '--target', 'es2023', '--types', 'node', '--module', resolution]
  const checking = [compiler, ...options, '--skipLibCheck', String(!withDeclarations), ...names]
  try {
    return (await run(process.execPath, checking, { cwd: folder })).stdout
  } catch (error) {
    return String((error as { stdout?: string }).stdout)
  }
}
