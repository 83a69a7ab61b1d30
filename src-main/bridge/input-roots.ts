/** In which folder that the user added a file was found: for outputs that keep the folders of their inputs. Lasts as long as Weir runs. */
export class InputRoots {
  readonly #roots = new Map<string, string>()

  /** Folders by the files found in them. A file that was found again has the newer folder. */
  note(roots: ReadonlyMap<string, string>): void {
    for (const [path, root] of roots) this.#roots.set(path, root)
  }

  /** Null: it was added by itself. */
  find(path: string): string | null {
    return this.#roots.get(path) ?? null
  }
}
