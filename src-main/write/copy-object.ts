import { assertNever, Hdf5Error, throwIfCancelled, WeirError } from '../errors.ts'
import { isUtf8Name } from '../hdf5/name-bytes.ts'
import { LIMITS } from '../hdf5/model.ts'
import { joinPath, type FileReader } from '../hdf5/reading/file-reader.ts'
import type { Link, StoredDataset, StoredGroup, StoredObject } from '../hdf5/reading/stored-object.ts'
import type { DatasetWriter, GroupWriter } from '../hdf5/writing/file-writer.ts'
import { CopiedObjects } from './copied-objects.ts'
import { copyAttributes } from './copy-attributes.ts'
import { copyDataset, type CopyTarget } from './copy-dataset.ts'
import { reportLeftOut, type CopyOptions } from './copy-options.ts'
import { copyOrLeaveOut } from './leave-out.ts'
import { reportRecoded } from './report-recoded.ts'

/** Copies one dataset, or reports why not. `copyDataset`, `copyTable`, `copyStrings` are such. */
export type DatasetCopier = (
  file: FileReader,
  dataset: StoredDataset,
  target: CopyTarget,
  options: CopyOptions,
) => Promise<DatasetWriter | undefined>

export interface CopyTreeOptions extends CopyOptions {
  /** Left out: `copyDataset`, stored as in the source. */
  readonly copyDataset?: DatasetCopier | undefined
  /** What the target holds under the same name stays; say nothing about it. Default: W_LINK. */
  readonly skipExisting?: boolean | undefined
}

/**
 * Copies what is in a group into a group of the output: attributes, groups, datasets of any type, soft links; several hard
 * links to one object stay links to one object (see `CopiedObjects`).
 *
 * What cannot be carried is left out and reported by path: W_EXT links to other files and datasets that lie there, W_LINK links in a circle
 * or of an unknown kind, W_TYPE references, committed and unknown types; with `failures: 'leave-out'` also what cannot be read (W_LEFT_OUT). Memory is bounded: data go over in slabs of about 8 MiB.
 */
export async function copyTree(
  sourceFile: FileReader,
  group: StoredGroup,
  target: GroupWriter,
  options: CopyTreeOptions,
): Promise<void> {
  const copied = options.copied ?? new CopiedObjects()
  // A link up to the root would copy the whole file into itself.
  copied.open(sourceFile.rootAddress)
  await new TreeCopy(sourceFile, {
    ...options,
    copied,
    copyDataset: options.copyDataset ?? copyAsStored,
  }).copyGroup(group, target, 0)
  reportRecoded(sourceFile, options)
}

const copyAsStored: DatasetCopier = (file, dataset, target, options) =>
  copyDataset(file, dataset, target, { ...options, storage: 'as-stored' })

type TreeOptions = CopyTreeOptions & { readonly copied: CopiedObjects; readonly copyDataset: DatasetCopier }

class TreeCopy {
  readonly #file: FileReader
  readonly #options: TreeOptions

  constructor(file: FileReader, options: TreeOptions) {
    this.#file = file
    this.#options = options
  }

  async copyGroup(group: StoredGroup, target: GroupWriter, depth: number): Promise<void> {
    const { copied, signal, reportWarning } = this.#options
    if (depth > LIMITS.depth) {
      const message = `${group.path} lies more than ${LIMITS.depth} groups deep`
      throw new Hdf5Error('E_META', message, { path: this.#file.path, object: group.path })
    }
    copied.open(group.address)
    try {
      copyAttributes(group, target, { path: this.#file.path, reportWarning })
      for (const link of group.links) {
        throwIfCancelled(signal)
        await this.#copyLink(group, link, { group: target, depth })
      }
    } finally {
      copied.close(group.address)
    }
    copied.remember(group.address, target)
  }

  async #copyLink(
    parent: StoredGroup,
    link: Link,
    into: { group: GroupWriter; depth: number },
  ): Promise<void> {
    const object = joinPath(parent.path, link.name)
    const target = { group: into.group, name: link.name }
    const isTaken = into.group.links.has(link.name)
    if (isTaken && this.#options.skipExisting) return
    if (isTaken || !isUsableName(link.name)) {
      this.#report(object, 'W_LINK', isTaken ? 'its name is taken already' : 'its name is not usable')
      return
    }
    switch (link.kind) {
      case 'hard':
        await this.#copyHardLink(link.address, object, { ...target, depth: into.depth })
        break
      case 'soft':
        this.#copySoftLink(link.target, object, target)
        break
      case 'external':
        this.#report(object, 'W_EXT', `it is a link to ${link.target} in another file, ${link.file}`)
        break
      case 'other':
        this.#report(object, 'W_LINK', `it is a link of an unknown kind (${link.linkType})`)
        break
      default:
        assertNever(link)
    }
  }

  #copySoftLink(linkTarget: string, object: string, target: CopyTarget): void {
    if (linkTarget === '' || linkTarget.includes('\0')) this.#report(object, 'W_LINK', 'it has no target')
    else {
      target.group.addSoftLink(target.name, linkTarget)
      const parent = object.slice(0, object.lastIndexOf('/'))
      const path = linkTarget.startsWith('/') ? linkTarget : `${parent}/${linkTarget}`
      this.#options.reportLink?.({ path: this.#file.path, object }, path)
    }
  }

  async #copyHardLink(
    address: number,
    object: string,
    target: CopyTarget & { readonly depth: number },
  ): Promise<void> {
    const { copied } = this.#options
    const known = copied.find(address)
    if (copied.isOpen(address) || (known && !tryLink(target, known))) {
      this.#report(object, 'W_LINK', 'it is a link to a group that contains it')
    } else if (known) {
      this.#options.reportLink?.({ path: this.#file.path, object }, known.path)
    } else {
      const copy = async (): Promise<void> =>
        this.#copyObject(await this.#file.readObject(address, object), target)
      await copyOrLeaveOut({ path: this.#file.path, object }, target, { options: this.#options, copy })
    }
  }

  async #copyObject(source: StoredObject, target: CopyTarget & { readonly depth: number }): Promise<void> {
    switch (source.kind) {
      case 'group':
        await this.copyGroup(source, target.group.requireGroup(target.name), target.depth + 1)
        break
      case 'dataset':
        await this.#options.copyDataset(this.#file, source, target, this.#options)
        break
      case 'datatype':
        this.#report(source.path, 'W_TYPE', 'it is a committed datatype')
        break
      default:
        assertNever(source)
    }
  }

  #report(object: string, code: 'W_LINK' | 'W_EXT' | 'W_TYPE', reason: string): void {
    reportLeftOut(this.#options, { path: this.#file.path, object }, { code, reason })
  }
}

/** Spec: a slash separates names, a point is the group itself. What is not UTF-8 could not be judged. */
function isUsableName(name: string): boolean {
  return name !== '' && name !== '.' && !/[/\0]/.test(name) && isUtf8Name(name)
}

/** Adds a further name for an object; false if that would lead in a circle. */
function tryLink(target: CopyTarget, node: GroupWriter | DatasetWriter): boolean {
  try {
    target.group.addHardLink(target.name, node)
    return true
  } catch (thrown) {
    if (thrown instanceof WeirError && thrown.code === 'E_CYCLE') return false
    throw thrown
  }
}
