/** A number that JavaScript would write differently (`1.0`, integers beyond 2^53, `1e+20`), as it stood in the text. */
export class JsonNumber {
  constructor(readonly text: string) {}

  /** For those who do not mind the difference. */
  toJSON(): number {
    return Number(this.text)
  }
}
