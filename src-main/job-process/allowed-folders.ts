import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path'
import type { DiskPort, PathFacts } from '../hdf5/disk/disk-port.ts'

/** What became of a path that was not written by the user. */
export type Look =
  /** An ordinary file within the folders; `path` is absolute and free of links. */
  | { readonly kind: 'file'; readonly path: string }
  /** Within the folders there is no ordinary file. */
  | { readonly kind: 'missing'; readonly path: string }
  /** It leads, by itself or by a link, to `path` outside of the folders, which was not looked at. */
  | { readonly kind: 'outside'; readonly path: string }

interface Root {
  readonly given: string
  /** With links resolved. */
  readonly real: string
}

const MOST_LINKS = 40

/**
 * The folders in which paths out of a file may be looked for. Links are taken apart one by one, so that nothing outside is ever asked for,
 * not even whether it exists: on a network that alone would contact another computer.
 */
export class AllowedFolders {
  readonly #disk: DiskPort
  readonly #roots: readonly Root[]

  private constructor(disk: DiskPort, roots: readonly Root[]) {
    this.#disk = disk
    this.#roots = roots
  }

  static async open(disk: DiskPort, folders: readonly string[]): Promise<AllowedFolders> {
    const roots = folders.map(async (folder): Promise<Root> => {
      const given = resolve(folder)
      // A folder that cannot be asked is compared as it is written.
      const real = await disk.resolveLinks(given).catch(() => undefined)
      return { given, real: real ?? given }
    })
    return new AllowedFolders(disk, await Promise.all(roots))
  }

  /** Looks for an ordinary file; never blocks on what is none, and throws nothing for what a path may be. */
  async look(path: string): Promise<Look> {
    let next = resolve(path)
    for (let links = 0; links <= MOST_LINKS; links++) {
      const steps = this.#findSteps(next)
      if (steps === undefined) return { kind: 'outside', path: next }
      const result = await this.#walk(steps)
      if (result.kind !== 'link') return result
      next = result.target
    }
    return { kind: 'missing', path: next }
  }

  /** Names below one of the folders; undefined: the path is not within any. */
  #findSteps(path: string): Steps | undefined {
    for (const { given, real } of this.#roots) {
      for (const root of [given, real]) {
        const below = relative(root, path)
        if (below === '') return { root: real, names: [] }
        if (below !== '..' && !below.startsWith(`..${sep}`) && !isAbsolute(below)) {
          return { root: real, names: below.split(sep) }
        }
      }
    }
    return undefined
  }

  async #walk({ root, names }: Steps): Promise<Look | { readonly kind: 'link'; readonly target: string }> {
    let current = root
    for (const [place, name] of names.entries()) {
      current = join(current, name)
      const facts = await this.#lookAt(current, name)
      if (facts?.kind === 'link') {
        const target = await this.#disk.readLink(current).catch(() => undefined)
        if (target === undefined) return { kind: 'missing', path: current }
        return { kind: 'link', target: resolve(dirname(current), target, ...names.slice(place + 1)) }
      }
      const isLast = place === names.length - 1
      if (facts?.kind === 'file' && isLast) return { kind: 'file', path: current }
      if (facts?.kind !== 'folder') return { kind: 'missing', path: join(current, ...names.slice(place + 1)) }
    }
    return { kind: 'missing', path: current }
  }

  async #lookAt(path: string, name: string): Promise<PathFacts | undefined> {
    if (process.platform === 'win32' && isDeviceName(name)) return undefined
    // A folder that may not be entered, a name too long: the file cannot be had there, which is all that is asked.
    return await this.#disk.lookAt(path).catch(() => undefined)
  }
}

interface Steps {
  readonly root: string
  readonly names: readonly string[]
}

/** Windows: such names mean a device in every folder, whatever their suffix; opening one may block. */
export function isDeviceName(name: string): boolean {
  return /^(con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])\s*([.:]|$)/i.test(name)
}
