// The process of a queue writer, on a disk that is full at the write that the argument names.
import { nodeDisk } from '../../../src-main/hdf5/disk/node-disk.ts'
import { findParentPort } from '../../../src-main/write/parent-port.ts'
import type { FromWriterProcess } from '../../../src-main/write/queue-writer-messages.ts'
import { QueueWriterServer } from '../../../src-main/write/serve-queue-writer.ts'
import { failOperation, wrapDisk } from '../../helpers/faulty-disk.ts'

const failingWrite = Number(process.argv[2])

new QueueWriterServer({
  port: findParentPort<FromWriterProcess>(process),
  disk: wrapDisk(nodeDisk, failingWrite > 0 ? failOperation(failingWrite, 'ENOSPC', ['write']) : {}),
  exit: (code) => process.exit(code),
})
