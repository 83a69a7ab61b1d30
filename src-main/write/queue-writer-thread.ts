import { QueueWriterBase } from './queue-writer-base.ts'

/**
 * A queue writer inside the caller's process; chunks are compressed by the filter pool's threads. dcnum: `QueueWriterThread`.
 *
 * Differs: `run()` is asynchronous and is itself what `start` and `join` are in Python: `const running = writer.run()`, later `await running`.
 */
export class QueueWriterThread extends QueueWriterBase {}
