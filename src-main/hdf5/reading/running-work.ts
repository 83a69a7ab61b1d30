/** Several pieces of work under way, of which the first failure counts; none is left running behind anyone's back. */
export class RunningWork {
  private readonly pieces = new Set<Promise<void>>()
  private failure: { readonly error: unknown } | undefined

  get hasFailed(): boolean {
    return this.failure !== undefined
  }

  add(piece: Promise<void>): void {
    const watched = piece
      .catch((error: unknown) => {
        this.failure ??= { error }
      })
      .finally(() => this.pieces.delete(watched))
    this.pieces.add(watched)
  }

  /** Waits for all of it. @throws what the first piece that failed threw. */
  async finish(): Promise<void> {
    await Promise.all(this.pieces)
    if (this.failure !== undefined) {
      throw this.failure.error
    }
  }
}
