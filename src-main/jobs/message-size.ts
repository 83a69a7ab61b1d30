/** No message between processes may be larger. */
export const MAX_MESSAGE_BYTES = 64 * 2 ** 20

/** What a value takes beside its content. */
const VALUE_BYTES = 8

/** Is the message, as it came out of the channel, at most this large? Counts two bytes a character, and stops where it is too many. */
export function isWithinSize(message: unknown, maxBytes = MAX_MESSAGE_BYTES): boolean {
  let bytes = 0
  const left: unknown[] = [message]
  while (left.length > 0) {
    const value = left.pop()
    bytes += VALUE_BYTES
    if (typeof value === 'string') bytes += 2 * value.length
    else if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) bytes += value.byteLength
    else if (typeof value === 'object' && value !== null) {
      for (const [key, inner] of Object.entries(value)) {
        bytes += 2 * key.length
        left.push(inner)
      }
    }
    if (bytes > maxBytes) return false
  }
  return true
}
