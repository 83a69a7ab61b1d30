/** Lets work in as long as the bytes that it holds stay below a limit; one piece of any size always gets in. First come, first served. */
export class ByteGate {
  private held = 0
  private readonly waiting: { readonly byteCount: number; readonly enter: () => void }[] = []

  constructor(private readonly limitBytes: number) {}

  async enter(byteCount: number): Promise<void> {
    if (this.waiting.length === 0 && this.hasRoom(byteCount)) {
      this.held += byteCount
      return
    }
    await new Promise<void>((resolve) => {
      this.waiting.push({ byteCount, enter: resolve })
    })
  }

  leave(byteCount: number): void {
    this.held -= byteCount
    for (
      let next = this.waiting[0];
      next !== undefined && this.hasRoom(next.byteCount);
      next = this.waiting[0]
    ) {
      this.waiting.shift()
      this.held += next.byteCount
      next.enter()
    }
  }

  private hasRoom(byteCount: number): boolean {
    return this.held === 0 || this.held + byteCount <= this.limitBytes
  }
}
