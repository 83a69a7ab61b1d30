import type { DatasetWriter, GroupWriter } from '../hdf5/writing/file-writer.ts'

/** Which object of the source, by the address of its header, became which of the output. */
export class CopiedObjects {
  readonly #nodes = new Map<number, GroupWriter | DatasetWriter>()
  readonly #open = new Set<number>()

  /** Also for objects that something else copies, so that hard links to them are kept as such. */
  remember(address: number, node: GroupWriter | DatasetWriter): void {
    this.#nodes.set(address, node)
  }

  find(address: number): GroupWriter | DatasetWriter | undefined {
    return this.#nodes.get(address)
  }

  /** Is this a group whose contents are being copied right now? A link to it from inside leads in a circle. */
  isOpen(address: number): boolean {
    return this.#open.has(address)
  }

  open(address: number): void {
    this.#open.add(address)
  }

  close(address: number): void {
    this.#open.delete(address)
  }
}
