import { join } from 'node:path'
import { homedir } from 'node:os'
import log from 'electron-log/node'
import { shortenHome } from './shorten-home.ts'

export interface LogFile {
  info(text: string): void
  warn(text: string): void
}

/** As much again is kept of what came before. */
const MAX_LOG_BYTES = 1_000_000
const MAX_LINE = 4000

/**
 * Where Weir writes down what happened to it: `weir.log` in `folder`, never anything of a file's content. There are no crash dumps
 * beside it: they would hold memory, and with it data.
 */
export function openLogFile(folder: string): LogFile {
  const logger = log.create({ logId: 'weir' })
  logger.transports.console.level = false
  logger.transports.file.level = 'info'
  logger.transports.file.maxSize = MAX_LOG_BYTES
  logger.transports.file.format = '{y}-{m}-{d} {h}:{i}:{s}.{ms} {level} {text}'
  logger.transports.file.resolvePathFn = () => join(folder, 'weir.log')
  return {
    info: (text) => logger.info(prepare(text)),
    warn: (text) => logger.warn(prepare(text)),
  }
}

function prepare(text: string): string {
  return shortenHome(text, homedir()).slice(0, MAX_LINE)
}
