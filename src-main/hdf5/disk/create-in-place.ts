import { randomBytes } from 'node:crypto'
import type { DiskPort, PathFacts, WritableFile } from './disk-port.ts'

/**
 * A new file in place of whatever file is at the path: made beside it, then given its name, so that the old one stays where no
 * new one can be made. Throws as `DiskPort.createExclusive` and `DiskPort.rename`.
 */
export async function createInPlace(disk: DiskPort, path: string): Promise<WritableFile> {
  const beside = `${path}.${randomBytes(6).toString('hex')}~`
  const file = await disk.createExclusive(beside)
  try {
    await disk.rename(beside, path)
  } catch (thrown) {
    await file.close()
    await disk.remove(beside)
    throw thrown
  }
  return new RenamedFile(path, file)
}

/** An open file that has another name by now. */
class RenamedFile implements WritableFile {
  readonly #file: WritableFile

  constructor(
    readonly path: string,
    file: WritableFile,
  ) {
    this.#file = file
  }

  size(): Promise<number> {
    return this.#file.size()
  }

  facts(): Promise<PathFacts> {
    return this.#file.facts()
  }

  readExactly(into: Uint8Array, position: number): Promise<void> {
    return this.#file.readExactly(into, position)
  }

  write(data: Uint8Array, position: number): Promise<void> {
    return this.#file.write(data, position)
  }

  sync(): Promise<void> {
    return this.#file.sync()
  }

  close(): Promise<void> {
    return this.#file.close()
  }
}
