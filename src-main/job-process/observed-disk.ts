import type { DiskPort, WritableFile } from '../hdf5/disk/disk-port.ts'
import { ForwardedFile } from '../hdf5/disk/forwarded-file.ts'
import type { LoadMeter } from './load-meter.ts'

/** The disk of a job's output, with a meter that shows for which share of the time a write or sync was under way. */
export function observeDisk(disk: DiskPort, load: LoadMeter): DiskPort {
  return {
    ...disk,
    createExclusive: async (path) => new ObservedFile(await disk.createExclusive(path), load),
  }
}

class ObservedFile extends ForwardedFile {
  readonly #load: LoadMeter
  #underWay = 0

  constructor(file: WritableFile, load: LoadMeter) {
    super(file, file.path)
    this.#load = load
  }

  override write(data: Uint8Array, position: number): Promise<void> {
    return this.#observe(() => super.write(data, position))
  }

  override sync(): Promise<void> {
    return this.#observe(() => super.sync())
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
