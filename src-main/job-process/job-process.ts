import { constants, setPriority } from 'node:os'
import { nodeDisk } from '../hdf5/disk/node-disk.ts'
import type { MessageFromProcess } from '../jobs/job-messages.ts'
import { findParentPort } from '../write/parent-port.ts'
import { collectAtOnce } from './collect-at-once.ts'
import { JobServer } from './serve-job.ts'
import { refuseDebugger } from '../refuse-debugger.ts'

/** Entry of the process of one job: an Electron utility process, or a child process of Node. */

/** The window stays smooth while all cores work. Threads inherit it, so it comes before the first of them. */
function lowerPriority(): void {
  try {
    setPriority(constants.priority.PRIORITY_BELOW_NORMAL)
  } catch (error) {
    // A system that does not let a process step back lets it work as it is; every other mistake is ours.
    if ((error as NodeJS.ErrnoException).code !== 'ERR_SYSTEM_ERROR') throw error
  }
}

refuseDebugger(process)
collectAtOnce()
const server = new JobServer({
  port: findParentPort<MessageFromProcess>(process),
  disk: nodeDisk,
  exit: (code) => process.exit(code),
  lowerPriority,
})

process.on('uncaughtException', (error) => server.fail(error))
