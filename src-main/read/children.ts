import { toWeirError } from '../errors.ts'
import { isUtf8Name } from '../hdf5/name-bytes.ts'
import { showName } from '../hdf5/reading/damage.ts'
import { joinPath } from '../hdf5/reading/file-reader.ts'
import type { FileReader } from '../hdf5/reading/file-reader.ts'
import { findForeignSource } from '../hdf5/reading/virtual-sources.ts'
import type { Link, StoredDataset, StoredGroup, StoredObject } from '../hdf5/reading/stored-object.ts'
import type { DamagedObject, LeftOutObject } from './feature-info.ts'
import { makeWarning } from './make-warning.ts'

/** What came of following one link. */
export type Child =
  | { readonly kind: 'object'; readonly name: string; readonly object: StoredObject }
  | { readonly kind: 'left-out'; readonly name: string; readonly leftOut: LeftOutObject }
  | { readonly kind: 'damaged'; readonly name: string; readonly damaged: DamagedObject }

/** Children of a group, by what can be done with them. */
export interface Children {
  readonly objects: readonly { readonly name: string; readonly object: StoredDataset | StoredGroup }[]
  readonly leftOut: readonly LeftOutObject[]
  readonly damaged: readonly DamagedObject[]
}

/** Follows one link of a group, never out of the file. Does not throw for what a file may hold. */
export async function readChild(file: FileReader, group: StoredGroup, link: Link): Promise<Child> {
  const path = joinPath(group.path, link.name)
  const { name } = link
  const leaveOut = (reason: Reason): Child => {
    return { kind: 'left-out', name, leftOut: { path, warning: makeWarning(file.path, path, reason) } }
  }
  if (!isUtf8Name(name))
    return leaveOut({ code: 'W_LINK', what: 'has a name that is not UTF-8; no judge could read it' })
  try {
    const object = await followLink(file, path, link)
    if (object === undefined) return leaveOut(describeLink(link))
    const refusal = await refuseObject(file, object)
    if (refusal !== undefined) return leaveOut(refusal)
    return { kind: 'object', name, object: object.path === path ? object : { ...object, path } }
  } catch (thrown) {
    const error = toWeirError(thrown, { path: file.path, object: path })
    if (error.tag === 'Internal' || error.tag === 'Cancelled') throw thrown
    if (link.kind === 'soft' && error.code === 'E_CYCLE') {
      return leaveOut({ code: 'W_LINK', what: 'is a link that leads in a circle' })
    }
    return { kind: 'damaged', name, damaged: { path, error } }
  }
}

/** Follows all links of a group that is not huge. */
export async function readChildren(file: FileReader, group: StoredGroup): Promise<Children> {
  const objects: { name: string; object: StoredDataset | StoredGroup }[] = []
  const leftOut: LeftOutObject[] = []
  const damaged: DamagedObject[] = []
  for (const link of group.links) {
    const child = await readChild(file, group, link)
    if (child.kind === 'left-out') leftOut.push(child.leftOut)
    else if (child.kind === 'damaged') damaged.push(child.damaged)
    else if (child.object.kind !== 'datatype') objects.push({ name: child.name, object: child.object })
  }
  return { objects, leftOut, damaged }
}

async function followLink(file: FileReader, path: string, link: Link): Promise<StoredObject | undefined> {
  if (link.kind === 'hard') return file.readObject(link.address, path)
  if (link.kind === 'soft') return file.find(path)
  return undefined
}

/** Why something is not followed: code of the warning and end of its sentence. */
interface Reason {
  readonly code: string
  readonly what: string
}

function describeLink(link: Link): Reason {
  if (link.kind === 'external') {
    return {
      code: 'W_EXT',
      what: `is a link to ${showName(link.target)} in the file ${showName(link.file)}; it is not followed`,
    }
  }
  if (link.kind === 'soft') {
    return { code: 'W_LINK', what: `is a link to ${showName(link.target)}, which is not in the file` }
  }
  return { code: 'W_LINK', what: 'is a link of a kind that only its maker can follow' }
}

/** Why an object of this file cannot be read here, if so. */
async function refuseObject(file: FileReader, object: StoredObject): Promise<Reason | undefined> {
  if (object.kind === 'datatype')
    return { code: 'W_TYPE', what: 'is a committed datatype, which is not carried' }
  if (object.kind === 'group') return undefined
  if (object.layout.kind === 'virtual') {
    const reason = await findForeignSource(file, object)
    if (reason === undefined) return undefined
    return { code: 'W_EXT', what: `is a virtual dataset, and ${reason}; it is not followed` }
  }
  if (object.layout.kind === 'external') {
    return { code: 'W_EXT', what: 'is a dataset whose values lie in another file; it is not followed' }
  }
  return undefined
}
