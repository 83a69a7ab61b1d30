import { InvalidInput } from '../../errors.ts'
import type { Attribute } from '../model.ts'
import { checkAttribute } from './attribute-encoding.ts'
import { checkSpec } from './check-spec.ts'
import { MAX_NAME_BYTES } from './object-header.ts'
import { DatasetWriter } from './dataset-writer.ts'
import type { ChunkPlanner, DatasetSpec } from './dataset-spec.ts'
import type { WriteContext } from './write-context.ts'

export type NodeWriter = GroupWriter | DatasetWriter

/** What stands behind a name. */
export type WrittenLink =
  { readonly kind: 'hard'; readonly node: NodeWriter } | { readonly kind: 'soft'; readonly target: string }

/**
 * A group that is being written. Its calls change the model in memory; the file gets it at the end.
 * Names may be paths (`trace/fl1_raw`): groups on the way are made by what creates, and looked up by what asks.
 */
export class GroupWriter {
  readonly kind = 'group'
  readonly #context: WriteContext
  readonly #attributes = new Map<string, Attribute>()
  readonly #links = new Map<string, WrittenLink>()

  constructor(
    context: WriteContext,
    readonly path: string,
  ) {
    this.#context = context
  }

  get attributes(): ReadonlyMap<string, Attribute> {
    return this.#attributes
  }

  get links(): ReadonlyMap<string, WrittenLink> {
    return this.#links
  }

  /** Adds or replaces an attribute. Throws as `checkAttribute` and where the file is complete. */
  setAttribute(attribute: Attribute): void {
    this.#context.checkOpen(this.path)
    checkAttribute(attribute, { path: this.#context.path, object: this.path })
    this.#attributes.set(attribute.name, attribute)
  }

  /** The object behind a name; undefined for nothing and for a soft link. */
  child(name: string): NodeWriter | undefined {
    const [first, ...rest] = splitPath(name)
    const link = first === undefined ? undefined : this.#links.get(first)
    const node = link?.kind === 'hard' ? link.node : undefined
    if (rest.length === 0) return node
    return node?.kind === 'group' ? node.child(rest.join('/')) : undefined
  }

  /** In the order in which they were made, soft links included. */
  childNames(): string[] {
    return [...this.#links.keys()]
  }

  /** The group of this name, made if there is nothing. Throws InvalidInput (E_TYPE) if there is something else. */
  requireGroup(name: string): GroupWriter {
    this.#context.checkOpen(this.path)
    return splitPath(name).reduce<GroupWriter>((group, part) => group.#requireOwn(part), this)
  }

  /** Throws InvalidInput E_EXISTS for a name that is taken, E_NAME for an impossible one, and what `checkSpec` throws. */
  createDataset(name: string, spec: DatasetSpec, planner?: ChunkPlanner): DatasetWriter {
    const [parent, last] = this.#parentOf(name)
    parent.#checkFree(last)
    checkSpec(spec, { path: this.#context.path, object: parent.#pathOf(last) })
    const dataset = new DatasetWriter(this.#context, parent.#pathOf(last), { spec, planner })
    this.#context.stores.add(dataset)
    parent.#links.set(last, { kind: 'hard', node: dataset })
    return dataset
  }

  /** Takes the name away. What no other name leads to is not in the file; data that were written stay as unused bytes. */
  removeChild(name: string): void {
    this.#context.checkOpen(this.path)
    const parts = splitPath(name)
    const last = parts.pop() ?? ''
    const parent = parts.length === 0 ? this : this.child(parts.join('/'))
    if (parent?.kind === 'group' && parent.#links.delete(last)) return
    throw this.#refuse('E_MISSING', `${this.path} has no child "${name}" to remove`, name)
  }

  /** Takes the name away if it is there. Throws the first failure of the file. */
  discardChild(name: string): void {
    this.#context.checkOpen(this.path)
    if (this.child(name) !== undefined) this.removeChild(name)
  }

  addSoftLink(name: string, target: string): void {
    const [parent, last] = this.#parentOf(name)
    parent.#checkFree(last)
    if (target === '' || target.includes('\0'))
      throw this.#refuse('E_NAME', `"${target}" cannot be a target`, name)
    parent.#checkLength(`${last}${target}`, 'a link with its target')
    parent.#links.set(last, { kind: 'soft', target })
  }

  /** A further name for an object of the same file. Throws InvalidInput (E_CYCLE) for a group in which this one lies. */
  addHardLink(name: string, node: NodeWriter): void {
    const [parent, last] = this.#parentOf(name)
    parent.#checkFree(last)
    if (node.kind === 'group' && canReach(node, parent)) {
      throw this.#refuse('E_CYCLE', `${parent.#pathOf(last)} cannot lead back to ${node.path}`, name)
    }
    parent.#links.set(last, { kind: 'hard', node })
  }

  #requireOwn(name: string): GroupWriter {
    const existing = this.#links.get(name)
    if (existing?.kind === 'hard' && existing.node.kind === 'group') return existing.node
    if (existing) throw this.#refuse('E_TYPE', `${this.#pathOf(name)} exists and is not a group`, name)
    this.#checkFree(name)
    const group = new GroupWriter(this.#context, this.#pathOf(name))
    this.#links.set(name, { kind: 'hard', node: group })
    return group
  }

  #parentOf(name: string): readonly [GroupWriter, string] {
    const parts = splitPath(name)
    const last = parts.pop() ?? ''
    return [parts.reduce<GroupWriter>((group, part) => group.#requireOwn(part), this), last]
  }

  #checkFree(name: string): void {
    this.#context.checkOpen(this.path)
    if (name === '' || name === '.' || name.includes('\0')) {
      throw this.#refuse('E_NAME', `${this.path}: "${name}" cannot be the name of an object`, name)
    }
    this.#checkLength(name, 'the name of an object')
    if (!this.#links.has(name)) return
    const text = `${this.#pathOf(name)} exists already in ${this.#context.path}; give another name`
    throw this.#refuse('E_EXISTS', text, name)
  }

  /** Now, not when the file is completed: then it would take all data with it. */
  #checkLength(text: string, what: string): void {
    const bytes = Buffer.byteLength(text)
    if (bytes <= MAX_NAME_BYTES) return
    const message = `${this.path}: ${what} takes at most ${MAX_NAME_BYTES} bytes, this one has ${bytes} ("${text.slice(0, 40)}...")`
    throw this.#context.refuse('E_NAME', message, {
      object: this.path,
      expected: MAX_NAME_BYTES,
      actual: bytes,
    })
  }

  #pathOf(name: string): string {
    return this.path === '/' ? `/${name}` : `${this.path}/${name}`
  }

  #refuse(code: string, text: string, name: string): InvalidInput {
    return this.#context.refuse(code, text, { object: this.#pathOf(name) })
  }
}

/** The parts of a path, without empty ones. */
export function splitPath(path: string): string[] {
  if (typeof path !== 'string')
    throw new InvalidInput('E_USAGE', `the name of an object is a text, not ${String(path)}`)
  return path.split('/').filter((part) => part !== '')
}

function canReach(from: GroupWriter, wanted: GroupWriter): boolean {
  if (from === wanted) return true
  return [...from.links.values()].some(
    (link) => link.kind === 'hard' && link.node.kind === 'group' && canReach(link.node, wanted),
  )
}
