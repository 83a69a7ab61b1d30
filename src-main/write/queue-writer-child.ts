import { nodeDisk } from '../hdf5/disk/node-disk.ts'
import { findParentPort } from './parent-port.ts'
import type { FromWriterProcess } from './queue-writer-messages.ts'
import { QueueWriterServer } from './serve-queue-writer.ts'

/** Entry of the process of a QueueWriterProcess: a child process of Node, or an Electron utility process. */

const server = new QueueWriterServer({
  port: findParentPort<FromWriterProcess>(process),
  disk: nodeDisk,
  exit: (code) => process.exit(code),
})

process.on('uncaughtException', (error) => server.fail(error))

// Ctrl+C reaches every process of a terminal: what it means is the parent's to say.
process.on('SIGINT', () => undefined)
