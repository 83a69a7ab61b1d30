import { Hdf5Error, InvalidInput, OutputConflict, WeirError } from '../../errors.ts'

/** What was tried when the system refused. */
export interface DiskAttempt {
  readonly path: string
  readonly purpose: 'read' | 'write'
  readonly offset?: number | undefined
}

/** The system's name of an error (`ENOENT`), if it has one. */
export function systemCode(thrown: unknown): string | undefined {
  if (!(thrown instanceof Error) || !('code' in thrown)) return undefined
  return typeof thrown.code === 'string' ? thrown.code : undefined
}

/** Is there nothing under that path? */
export function isAbsence(thrown: unknown): boolean {
  const code = systemCode(thrown)
  return code === 'ENOENT' || code === 'ENOTDIR'
}

/** Says in Weir's words what the system refused. An error that is one of ours already passes through. */
export function toDiskError(thrown: unknown, attempt: DiskAttempt): WeirError {
  if (thrown instanceof WeirError) return thrown
  const details = { path: attempt.path, offset: attempt.offset, cause: thrown }
  const Refusal = attempt.purpose === 'read' ? InvalidInput : OutputConflict
  const { path, purpose } = attempt
  const code = systemCode(thrown)
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return new Refusal('E_MISSING', `${path}: there is no such file or folder`, details)
    case 'EACCES':
    case 'EPERM':
      return new Refusal('E_PERM', `${path}: no permission to ${purpose}; check its access rights`, details)
    case 'EROFS':
      return new Refusal('E_PERM', `${path}: the disk is read-only; choose another place`, details)
    case 'EBUSY':
    case 'ETXTBSY':
    case 'EDEADLK':
      return new Refusal('E_BUSY', `${path}: in use by another program (${code}); close it there`, details)
    case 'EEXIST':
    case 'ENOTEMPTY':
      return new OutputConflict('E_EXISTS', `${path}: exists already`, details)
    case 'EISDIR':
    case 'ERR_FS_EISDIR':
    case 'ENXIO':
    case 'ENODEV':
      return new Refusal('E_KIND', `${path}: not a regular file`, details)
    case 'ENAMETOOLONG':
    case 'EILSEQ':
    case 'ELOOP':
    case 'ERR_INVALID_ARG_VALUE':
      return new Refusal('E_NAME', `${path}: the system does not accept this path (${code})`, details)
    case 'ENOSPC':
    case 'EDQUOT':
    case 'EFBIG':
      return new OutputConflict('E_OUT_SPACE', describeFullDisk(path, code), details)
    default:
      return new Hdf5Error('E_IO', describeFailure(thrown, attempt), details)
  }
}

/** The error of a disk that took nothing more, told as any other full disk. */
export function fullDisk(path: string, offset: number): WeirError {
  return new OutputConflict('E_OUT_SPACE', describeFullDisk(path, undefined), { path, offset })
}

function describeFullDisk(path: string, code: string | undefined): string {
  if (code === 'EFBIG') return `${path}: the file became larger than its disk allows; choose another disk`
  if (code === 'EDQUOT')
    return `${path}: your quota on this disk is used up; make room or choose another disk`
  return `${path}: the disk is full; make room or choose another disk`
}

function describeFailure(thrown: unknown, attempt: DiskAttempt): string {
  const reason = systemCode(thrown) ?? (thrown instanceof Error ? thrown.message : String(thrown))
  const place = attempt.offset === undefined ? '' : ` at byte ${attempt.offset}`
  const advice = 'check the disk or the connection to it'
  return `${attempt.path}: could not ${attempt.purpose}${place} (${reason}); ${advice}`
}
