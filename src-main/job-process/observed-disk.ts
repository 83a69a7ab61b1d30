import type { DiskPort, PathFacts, WritableFile } from '../hdf5/disk/disk-port.ts'
import type { LoadMeter } from './load-meter.ts'

/** The disk of a job's output, with a meter that shows for which share of the time a write or sync was under way. */
export function observeDisk(disk: DiskPort, load: LoadMeter): DiskPort {
  return {
    ...disk,
    createExclusive: async (path) => new ObservedFile(await disk.createExclusive(path), load),
  }
}

class ObservedFile implements WritableFile {
  readonly #file: WritableFile
  readonly #load: LoadMeter
  #underWay = 0

  constructor(file: WritableFile, load: LoadMeter) {
    this.#file = file
    this.#load = load
  }

  get path(): string {
    return this.#file.path
  }

  write(data: Uint8Array, position: number): Promise<void> {
    return this.#observe(() => this.#file.write(data, position))
  }

  sync(): Promise<void> {
    return this.#observe(() => this.#file.sync())
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

  close(): Promise<void> {
    return this.#file.close()
  }

  async #observe(work: () => Promise<void>): Promise<void> {
    this.#count(1)
    try {
      await work()
    } finally {
      this.#count(-1)
    }
  }

  #count(change: number): void {
    this.#underWay += change
    this.#load.set(Math.min(1, this.#underWay))
  }
}
