import { fileURLToPath } from 'node:url'
import { measureCommand } from './measure-command.mjs'

const program = fileURLToPath(new URL('programs/codec-speed.mjs', import.meta.url))

/**
 * Seconds that the filters of a compressed source take in memory.
 * @param {string} path
 * @param {{ threads: number, which: 'whole' | 'codec' }} options whole: with checksums
 * @returns {Promise<{ encodeSeconds: number, decodeSeconds: number }>}
 */
export async function measureCodec(path, { threads, which }) {
  const { text } = await measureCommand(process.execPath, [program, path, String(threads), which])
  return JSON.parse(text)
}
