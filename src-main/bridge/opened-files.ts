import type { FoundFiles } from '../../src-preload/contract.ts'
import type { Warning } from '../errors.ts'
import type { BasinFolders } from './basin-folders.ts'
import type { FileTokens } from './file-tokens.ts'
import { findMeasurements } from './find-measurements.ts'
import type { InputRoots } from './input-roots.ts'
import type { WindowChannel } from './window-channel.ts'

export interface OpenedParts {
  readonly tokens: FileTokens
  readonly channel: WindowChannel
  readonly basinFolders: BasinFolders
  readonly inputRoots: InputRoots
}

/** Files that come to Weir unasked, by the command line, a second start or the desktop: told to the window, or kept until it asks. */
export class OpenedFiles {
  readonly #parts: OpenedParts
  #kept: FoundFiles = { files: [], refused: [] }
  #isListening = false

  constructor(parts: OpenedParts) {
    this.#parts = parts
  }

  /** Never rejects: what is not taken is named to the window. */
  async open(paths: readonly string[]): Promise<void> {
    this.#pass(await findChosen(paths, this.#parts))
  }

  /** Something that concerns no job and must not be lost while no window listens. */
  note({ code, message, path }: Warning): void {
    this.#pass({ files: [], refused: [{ path, code, message }] })
  }

  /** What came before the window listened; from now on it is told. */
  take(): FoundFiles {
    const kept = this.#kept
    this.#kept = { files: [], refused: [] }
    this.#isListening = true
    return kept
  }

  /** The page is gone or loads anew. */
  stopTelling(): void {
    this.#isListening = false
  }

  #pass(found: FoundFiles): void {
    if (this.#isListening) this.#tell(found)
    else {
      const { files, refused } = this.#kept
      this.#kept = { files: [...files, ...found.files], refused: [...refused, ...found.refused] }
    }
  }

  #tell({ files, refused }: FoundFiles): void {
    if (files.length > 0) this.#parts.channel.send({ kind: 'files-opened', files: [...files] })
    for (const refusal of refused) this.#parts.channel.send({ kind: 'notice', warning: refusal })
  }
}

/** The measurements that paths chosen by the user mean, with tokens. */
export async function findChosen(
  paths: readonly string[],
  { tokens, basinFolders, inputRoots }: Omit<OpenedParts, 'channel'>,
): Promise<FoundFiles> {
  const { files, roots, folders, refused } = await findMeasurements(paths)
  inputRoots.note(roots)
  basinFolders.allow(folders)
  return { files: files.map((path) => tokens.issueFile(path)), refused: [...refused] }
}
