import type { PathFacts, WritableFile } from './disk-port.ts'

/** An open file behind another one, which changes a part of it. */
export class ForwardedFile implements WritableFile {
  readonly #file: WritableFile

  constructor(
    file: WritableFile,
    readonly path: string,
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
