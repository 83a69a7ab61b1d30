import { randomUUID } from 'node:crypto'
import { InvalidInput } from '../errors.ts'
import type { FileRef, Token } from '../jobs/queue-view.ts'

/** What a token stands for: one for a file is refused where a folder is asked for. */
type Kind = 'file' | 'folder'

/** The only translation between the tokens that the page has and the paths that main has. Issued only for what the user chose. */
export class FileTokens {
  readonly #tokens = { file: new Map<string, Token>(), folder: new Map<string, Token>() }
  readonly #paths = { file: new Map<Token, string>(), folder: new Map<Token, string>() }

  /** The same path has the same token for as long as Weir runs. */
  issueFile(path: string): FileRef {
    return this.#issue('file', path)
  }

  issueFolder(path: string): FileRef {
    return this.#issue('folder', path)
  }

  /** Throws E_REQUEST for a token that was never issued for a file. */
  findFile(token: Token): string {
    return this.#find('file', token)
  }

  /** Throws E_REQUEST for a token that was never issued for a folder. */
  findFolder(token: Token): string {
    return this.#find('folder', token)
  }

  #issue(kind: Kind, path: string): FileRef {
    const token = this.#tokens[kind].get(path) ?? randomUUID()
    this.#tokens[kind].set(path, token)
    this.#paths[kind].set(token, path)
    return { token, path }
  }

  #find(kind: Kind, token: Token): string {
    const path = this.#paths[kind].get(token)
    if (path !== undefined) return path
    throw new InvalidInput('E_REQUEST', `this ${kind} was not chosen in this session; choose it again`)
  }
}
