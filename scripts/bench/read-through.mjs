import { open } from 'node:fs/promises'

const pieceBytes = 8 * 2 ** 20

/** Reads a file from one end to the other, so that it is in the page cache if there is room; gives the seconds. */
export async function readThrough(path) {
  const started = performance.now()
  const piece = Buffer.allocUnsafe(pieceBytes)
  const file = await open(path)
  try {
    while ((await file.read(piece, 0, pieceBytes)).bytesRead > 0);
  } finally {
    await file.close()
  }
  return (performance.now() - started) / 1000
}
