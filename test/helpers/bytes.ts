/** Bytes from their hexadecimal form. */
export function fromHex(text: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Buffer.from(text, 'hex'))
}

export function repeat(byte: number, count: number): Uint8Array<ArrayBuffer> {
  return new Uint8Array(count).fill(byte)
}
