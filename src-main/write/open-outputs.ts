import { resolve } from 'node:path'
import { OutputConflict } from '../errors.ts'
import type { DiskPort } from '../hdf5/disk/disk-port.ts'
import { askForWriter, describeInUse, readNote } from '../hdf5/unfinished-note.ts'
import type { FileWriter } from '../hdf5/writing/file-writer.ts'

/** Absolute paths that writers of this process are about to write, or write. */
const claimed = new Set<string>()
/** Files of this process that are being written: identity to path. */
const written = new Map<string, string>()
let isWatching = false

/**
 * An output of this process from before it is made until it is closed, so that no two writers work on one file.
 *
 * A process that ends meanwhile says on standard error which outputs it leaves incomplete.
 */
export class OpenOutput {
  readonly path: string
  readonly #disk: DiskPort
  readonly #key: string
  #identity: string | undefined

  private constructor(path: string, disk: DiskPort) {
    this.path = path
    this.#disk = disk
    this.#key = resolve(path)
  }

  /**
   * Before anything is touched. Throws OutputConflict (E_EXISTS) where another writer has the file, of this process or of another one, or a
   * job of Weir that will give it its name.
   */
  static async claim(path: string, disk: DiskPort): Promise<OpenOutput> {
    const output = new OpenOutput(path, disk)
    if (claimed.has(output.#key)) throw refuseSecond(path)
    claimed.add(output.#key)
    try {
      const there = await disk.follow(path)
      if (there && written.has(there.identity)) throw refuseSecond(path)
      for (const name of [path, `${path}~`]) await refuseOtherProcess(name, disk)
      return output
    } catch (thrown) {
      output.release()
      throw thrown
    }
  }

  /** The file is made. */
  async note(h5: FileWriter): Promise<void> {
    this.#identity = (await h5.facts()).identity
    written.set(this.#identity, this.path)
    watchExit()
  }

  /**
   * Does the path still lead to the file that was written? Throws OutputConflict (E_EXCHANGED) if not: what was written is then
   * in no file of this name, or in none at all.
   */
  async requireStillThere(): Promise<void> {
    const there = await this.#disk.follow(this.path)
    if (there?.identity === this.#identity) return
    const what = there ? 'another file was put in its place' : 'it was removed'
    const text = `${this.path}: ${what} while it was written, so what was written is lost; let only one program write there, and write it again`
    throw new OutputConflict('E_EXCHANGED', text, { path: this.path })
  }

  release(): void {
    claimed.delete(this.#key)
    if (this.#identity !== undefined) written.delete(this.#identity)
  }
}

function refuseSecond(path: string): OutputConflict {
  const text = `${path} is being written by another writer of this process; close that one first, or choose another output`
  return new OutputConflict('E_EXISTS', text, { path })
}

/** What this process itself has left unfinished, `claimed` and `written` know of. */
async function refuseOtherProcess(path: string, disk: DiskPort): Promise<void> {
  const note = await readNote(path, disk).catch(() => undefined)
  if (note === undefined || note.pid === process.pid || (await askForWriter(note)) !== 'alive') return
  throw new OutputConflict('E_EXISTS', describeInUse(path, note), { path })
}

function watchExit(): void {
  if (isWatching) return
  isWatching = true
  process.once('exit', () => {
    for (const path of written.values())
      process.stderr.write(
        `weir: ${path} was not closed and is incomplete: nothing can open it. Call close() of its writer, and wait for it.\n`,
      )
  })
}
