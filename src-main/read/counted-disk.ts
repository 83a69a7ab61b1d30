import type { DiskPort, ReadableFile } from '../hdf5/disk/disk-port.ts'

/** A disk that counts what is read of its files. */
export interface CountedDisk {
  readonly disk: DiskPort
  readonly bytesRead: number
}

/** Wraps a disk; only reading through `openForRead` is counted. */
export function countReads(disk: DiskPort): CountedDisk {
  let bytesRead = 0
  const openForRead = async (path: string): Promise<ReadableFile> => {
    const file = await disk.openForRead(path)
    return {
      path: file.path,
      size: () => file.size(),
      facts: () => file.facts(),
      close: () => file.close(),
      readExactly: async (into, position) => {
        await file.readExactly(into, position)
        bytesRead += into.length
      },
    }
  }
  return {
    disk: { ...disk, openForRead },
    get bytesRead() {
      return bytesRead
    },
  }
}
