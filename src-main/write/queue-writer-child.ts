import { nodeDisk } from '../hdf5/disk/node-disk.ts'
import { findParentPort } from './parent-port.ts'
import type { FromWriterProcess } from './queue-writer-messages.ts'
import { QueueWriterServer } from './serve-queue-writer.ts'
import { refuseDebugger } from '../refuse-debugger.ts'

/** Entry of the process of a QueueWriterProcess: a child process of Node, or an Electron utility process. */

refuseDebugger(process)
const server = new QueueWriterServer({
  port: findParentPort<FromWriterProcess>(process),
  disk: nodeDisk,
  exit: (code) => process.exit(code),
})

process.on('uncaughtException', (error) => server.fail(error))

// Ctrl+C reaches every process of a terminal, SIGHUP every one of a terminal that is closed, SIGTERM every one of a batch job or a
// service: what it means is the parent's to say, and a parent that is gone is noticed. Under Electron SIGTERM is how the parent ends it.
const ofTheParent = 'electron' in process.versions ? ['SIGINT'] : ['SIGINT', 'SIGTERM', 'SIGHUP']
for (const signal of ofTheParent) process.on(signal, () => undefined)
