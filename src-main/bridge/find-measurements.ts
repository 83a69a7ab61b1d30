import type { Dirent } from 'node:fs'
import { opendir, stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { InvalidInput, toErrorData } from '../errors.ts'
import type { RefusedFile } from '../jobs/job-draft.ts'

export interface FoundPaths {
  readonly files: readonly string[]
  /** The given folder in which a file was found, by the file. */
  readonly roots: ReadonlyMap<string, string>
  /** Folders among the given paths. */
  readonly folders: readonly string[]
  readonly refused: readonly RefusedFile[]
}

/** How far a folder is searched. */
export interface SearchLimits {
  readonly depth: number
  readonly files: number
  /** Of all kinds. */
  readonly entries: number
}

const USUAL_LIMITS: SearchLimits = { depth: 32, files: 10_000, entries: 500_000 }
/** A folder with ten thousand forbidden ones in it says so a hundred times. */
const MAX_REFUSED = 100

/**
 * The measurements that paths chosen by the user mean: regular files whatever their name, and all `.rtdc` files in folders and
 * below. Nothing is opened, links inside a folder are not followed, and what is not taken is named. Never rejects.
 */
export async function findMeasurements(
  paths: readonly string[],
  limits: SearchLimits = USUAL_LIMITS,
): Promise<FoundPaths> {
  const search = new Search(limits)
  for (const path of paths) await search.take(path)
  return search.found
}

interface Place {
  /** The given folder. */
  readonly root: string
  readonly folder: string
  readonly depth: number
}

class Search {
  readonly #limits: SearchLimits
  readonly #files = new Set<string>()
  readonly #roots = new Map<string, string>()
  readonly #folders = new Set<string>()
  readonly #refused: RefusedFile[] = []
  #entryCount = 0

  constructor(limits: SearchLimits) {
    this.#limits = limits
  }

  get found(): FoundPaths {
    return {
      files: [...this.#files],
      roots: this.#roots,
      folders: [...this.#folders],
      refused: this.#refused,
    }
  }

  async take(given: string): Promise<void> {
    const path = resolve(given)
    try {
      if (given.includes('\0')) throw new InvalidInput('E_MISSING', 'no path has a null character in it')
      const facts = await stat(path)
      if (facts.isFile()) this.#files.add(path)
      else if (facts.isDirectory()) await this.#searchAll(path)
      else throw new InvalidInput('E_KIND', `${path}: neither a file nor a folder`, { path })
    } catch (thrown) {
      this.#refuse(path, thrown)
    }
  }

  async #searchAll(root: string): Promise<void> {
    this.#folders.add(root)
    const countBefore = this.#files.size
    const left: Place[] = [{ root, folder: root, depth: 0 }]
    for (let place = left.pop(); place !== undefined; place = left.pop()) {
      left.push(...(await this.#searchOne(place)).reverse())
      if (this.#isFull()) {
        this.#refuse(root, makeLimitRefusal(root, this.#limits))
        return
      }
    }
    if (this.#files.size === countBefore) {
      this.#refuse(
        root,
        new InvalidInput('E_MISSING', `${root}: no .rtdc files in it that were not there already`),
      )
    }
  }

  /** The folders in it that are to be searched next. */
  async #searchOne({ root, folder, depth }: Place): Promise<Place[]> {
    try {
      const entries = await this.#list(folder)
      for (const entry of entries) this.#judge({ root, folder }, entry)
      const inner = entries.filter((entry) => entry.isDirectory())
      if (inner.length > 0 && depth >= this.#limits.depth) {
        this.#refuse(folder, makeLimitRefusal(folder, this.#limits))
        return []
      }
      return inner.map(({ name }) => ({ root, folder: join(folder, name), depth: depth + 1 }))
    } catch (thrown) {
      this.#refuse(folder, thrown)
      return []
    }
  }

  async #list(folder: string): Promise<Dirent[]> {
    const entries: Dirent[] = []
    for await (const entry of await opendir(folder, { bufferSize: 256 })) {
      this.#entryCount += 1
      if (this.#isFull()) break
      entries.push(entry)
    }
    return entries.sort((one, other) => one.name.localeCompare(other.name, 'en', { numeric: true }))
  }

  #judge({ root, folder }: Omit<Place, 'depth'>, entry: Dirent): void {
    if (!entry.name.toLowerCase().endsWith('.rtdc') || entry.isDirectory() || this.#isFull()) return
    const path = join(folder, entry.name)
    if (entry.isFile()) this.#note(path, root)
    else if (entry.isSymbolicLink()) {
      const message = `${path}: a link, and links are not followed when a folder is searched; add the file itself`
      this.#refuse(path, new InvalidInput('E_LINK', message, { path }))
    } else this.#refuse(path, new InvalidInput('E_KIND', `${path}: not a regular file`, { path }))
  }

  /** Also where it was found before, in a folder that was given earlier. */
  #note(path: string, root: string): void {
    this.#files.add(path)
    this.#roots.set(path, root)
  }

  #isFull(): boolean {
    return this.#files.size >= this.#limits.files || this.#entryCount >= this.#limits.entries
  }

  #refuse(path: string, thrown: unknown): void {
    if (this.#refused.length >= MAX_REFUSED) return
    this.#refused.push({ path, ...describeRefusal(path, thrown) })
  }
}

function makeLimitRefusal(path: string, { files, depth, entries }: SearchLimits): InvalidInput {
  const bounds = `${files} files, ${entries} entries or ${depth} folders deep`
  const message = `${path}: searched only in part, because there is more in it than ${bounds}; add smaller folders`
  return new InvalidInput('E_LIMIT', message, { path })
}

function describeRefusal(path: string, thrown: unknown): { readonly code: string; readonly message: string } {
  const systemCode =
    thrown instanceof Error && 'syscall' in thrown && 'code' in thrown ? thrown.code : undefined
  switch (systemCode) {
    case undefined: {
      const { code, message } = toErrorData(thrown)
      return { code, message }
    }
    case 'ENOENT':
    case 'ENOTDIR':
      return { code: 'E_MISSING', message: `${path}: does not exist; was it moved?` }
    case 'EACCES':
    case 'EPERM':
      return { code: 'E_PERM', message: `${path}: no permission to read it` }
    case 'ENAMETOOLONG':
      return { code: 'E_MISSING', message: 'the path is longer than this system allows' }
    default:
      return { code: 'E_IO', message: `${path}: cannot be looked at (${String(systemCode)})` }
  }
}
