import { nodeDisk } from '../hdf5/disk/node-disk.ts'
import type { ReaderAnswer } from '../jobs/reader-messages.ts'
import { findParentPort } from '../write/parent-port.ts'
import { serveReader } from './serve-reader.ts'
import { refuseDebugger } from '../refuse-debugger.ts'

/** Entry of the process that opens files for the window: an Electron utility process, or a child process of Node. */

refuseDebugger(process)
serveReader({
  port: findParentPort<ReaderAnswer>(process),
  disk: nodeDisk,
  exit: (code) => process.exit(code),
})
