/**
 * Names of objects and attributes as bytes. Spec: they are ASCII or UTF-8; files hold others all the same (Latin-1 of old programs, damage).
 * Such bytes become lone surrogates U+DC80 to U+DCFF, as in Python, so that they are written again as they were.
 */
const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
const encoder = new TextEncoder()
/** With `u` no half of a pair matches. */
const ESCAPED = /[\udc80-\udcff]/u
const ESCAPE = 0xdc00

/** The name that these bytes are, whatever they are. */
export function decodeName(bytes: Uint8Array): string {
  return tryDecode(bytes) ?? decodeOdd(bytes)
}

/** UTF-8 of a text; what `decodeName` made of other bytes becomes these again. */
export function encodeName(text: string): Uint8Array<ArrayBuffer> {
  if (!ESCAPED.test(text)) return encoder.encode(text)
  const parts = Array.from(text, (character) => {
    return ESCAPED.test(character)
      ? Uint8Array.of(character.charCodeAt(0) - ESCAPE)
      : encoder.encode(character)
  })
  return Uint8Array.from(parts.flatMap((part) => [...part]))
}

/** Was the name UTF-8? Others can be read and written, but not be asked for in the HDF5 library of h5wasm. */
export function isUtf8Name(name: string): boolean {
  return !ESCAPED.test(name)
}

/** Compares two names by their bytes, where one of them is not UTF-8; else undefined. */
export function compareOddNames(a: string, b: string): number | undefined {
  if (!ESCAPED.test(a) && !ESCAPED.test(b)) return undefined
  return Buffer.compare(encodeName(a), encodeName(b))
}

function tryDecode(bytes: Uint8Array): string | undefined {
  try {
    return strict.decode(bytes)
  } catch {
    // It says by throwing that this is not UTF-8, and nothing else.
    return undefined
  }
}

function decodeOdd(bytes: Uint8Array): string {
  let text = ''
  for (let at = 0; at < bytes.length;) {
    const length = [1, 2, 3, 4].find(
      (count) => at + count <= bytes.length && tryDecode(bytes.subarray(at, at + count)) !== undefined,
    )
    text +=
      length === undefined
        ? String.fromCharCode(ESCAPE + (bytes[at] ?? 0))
        : (tryDecode(bytes.subarray(at, at + length)) ?? '')
    at += length ?? 1
  }
  return text
}
