/**
 * The one port to the disk for hdf5, read, write and job-process. Production is `nodeDisk`; tests wrap it to inject faults.
 * Every method rejects with a WeirError that names the path: E_IO, E_PERM, E_BUSY, E_KIND, E_OUT_SPACE, E_EXISTS, E_MISSING ...
 */
export interface DiskPort {
  /** Opens a regular file for reading without ever blocking (FIFO, device: E_KIND). */
  openForRead(path: string): Promise<ReadableFile>
  /** Creates a new file for writing and reading; E_EXISTS if there is one, whatever it is. */
  createExclusive(path: string): Promise<WritableFile>
  /** Facts about a path, the link itself not followed; undefined if there is nothing. */
  lookAt(path: string): Promise<PathFacts | undefined>
  /** The same behind links. */
  follow(path: string): Promise<PathFacts | undefined>
  /** Absolute path with all links resolved; undefined if there is nothing. */
  resolveLinks(path: string): Promise<string | undefined>
  /** What a link says, not followed; undefined if there is no link. */
  readLink(path: string): Promise<string | undefined>
  /** Renames, replacing `to`; retried for up to 60 s where another program holds the file (Windows). */
  rename(from: string, to: string): Promise<void>
  /** Renames where nothing has the name `to`: E_EXISTS otherwise, whatever it is, and both stay as they are. */
  renameIfFree(from: string, to: string): Promise<void>
  /** Removes a file; nothing there is no error. */
  remove(path: string): Promise<void>
  makeFolder(path: string): Promise<void>
  /** Removes a folder that is empty; one that is not, or is not there, is no error. */
  removeFolder(path: string): Promise<void>
  /** Makes a rename durable; does nothing where folders cannot be synced (Windows). */
  syncFolder(path: string): Promise<void>
  isFolderWritable(path: string): Promise<boolean>
  /** Bytes that this user may still write in the folder's file system. */
  freeBytes(folder: string): Promise<number>
  /** A whole text file, at most `maxBytes`, as UTF-8. */
  readText(path: string, maxBytes: number): Promise<string>
  /** Writes a small text file in place of whatever is there (atomically). */
  writeText(path: string, text: string): Promise<void>
}

export interface PathFacts {
  readonly kind: 'file' | 'folder' | 'link' | 'other'
  readonly bytes: number
  readonly modifiedMs: number
  /** Equal for two paths exactly when they are the same file (device and inode). */
  readonly identity: string
}

export interface ReadableFile {
  readonly path: string
  /** Size now. */
  size(): Promise<number>
  facts(): Promise<PathFacts>
  /** Fills `into` from `position`; E_TRUNC if the file ends before. Retried 3 times on I/O errors. */
  readExactly(into: Uint8Array, position: number): Promise<void>
  close(): Promise<void>
}

export interface WritableFile extends ReadableFile {
  /** Writes all of `data` at `position`, looping over short counts. */
  write(data: Uint8Array, position: number): Promise<void>
  /** To the disk. A failed sync is final: it is never tried again and later writes are refused. */
  sync(): Promise<void>
}
