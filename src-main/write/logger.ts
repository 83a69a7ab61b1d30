/** Where the write package tells what it does. Left out: it tells nobody. */
export interface Logger {
  info(message: string): void
  warning(message: string): void
  error(message: string): void
}

export const silentLogger: Logger = {
  info: () => undefined,
  warning: () => undefined,
  error: () => undefined,
}

/** A number that others may look at while work goes on. dcnum: `multiprocessing.Value`. */
export interface Counter {
  value: number
}

/** One thing that was logged in another process. */
export interface LogRecord {
  readonly level: 'info' | 'warning' | 'error'
  readonly message: string
  /** When it came here, in milliseconds since 1970. */
  readonly createdMs: number
}

/** Takes what another process logs. dcnum: the `log_queue`. */
export interface LogQueue {
  put(record: LogRecord): void
}
