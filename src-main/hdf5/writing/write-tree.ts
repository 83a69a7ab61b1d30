import { Unsupported } from '../../errors.ts'
import type { DatasetWriter } from './dataset-writer.ts'
import { storeDenseAttributes } from './dense-attributes.ts'
import { compactGroupMessages, type LinkToWrite } from './group-links.ts'
import { findReachable, type Reached } from './find-reachable.ts'
import type { GroupWriter, NodeWriter } from './group-writer.ts'
import {
  attributeInfoMessage,
  encodeObjectHeader,
  MAX_MESSAGE_BYTES,
  referenceCountMessages,
  type HeaderMessage,
} from './object-header.ts'
import { encodeSymbolTable } from './symbol-table.ts'
import type { WriteContext } from './write-context.ts'

/** Above this a group is a symbol table: one header message a child would be read and searched as a whole each time. */
const MAX_LINK_MESSAGES = 256
/** Headers wait for the disk at this point, so that a file of many objects does not lie in memory as a whole. */
const PENDING_LIMIT_BYTES = 8 * 2 ** 20

/**
 * Writes indexes and headers of all objects to the end of the file, children before parents. Returns the root's address.
 * Reads the model and changes nothing in it, so that it can be done again at any moment.
 */
export async function writeTree(context: WriteContext, root: GroupWriter): Promise<number> {
  return new TreeWriter(context, findReachable(root)).writeGroup(root)
}

class TreeWriter {
  readonly #context: WriteContext
  readonly #reachable: ReadonlyMap<NodeWriter, Reached>
  readonly #addresses = new Map<NodeWriter, number>()

  constructor(context: WriteContext, reachable: ReadonlyMap<NodeWriter, Reached>) {
    this.#context = context
    this.#reachable = reachable
  }

  async writeGroup(group: GroupWriter): Promise<number> {
    const links: LinkToWrite[] = []
    for (const [name, link] of group.links) {
      if (link.kind === 'soft') links.push({ kind: 'soft', name, target: link.target })
      else links.push({ kind: 'hard', name, address: await this.#writeOnce(link.node) })
    }
    return this.#writeHeader(group, this.#describeLinks(links))
  }

  async #writeOnce(node: NodeWriter): Promise<number> {
    const known = this.#addresses.get(node)
    if (known !== undefined) return known
    const address =
      node.kind === 'group' ? await this.writeGroup(node) : this.#writeHeader(node, node.describe())
    this.#addresses.set(node, address)
    if (this.#context.space.pendingBytes > PENDING_LIMIT_BYTES) await this.#context.space.settle()
    return address
  }

  #describeLinks(links: readonly LinkToWrite[]): HeaderMessage[] {
    const sorted = sortByName(links)
    if (sorted.length <= MAX_LINK_MESSAGES) return compactGroupMessages(sorted)
    const { space } = this.#context
    const table = encodeSymbolTable(sorted, space.end)
    space.append(table.bytes)
    return [table.message]
  }

  /** Attribute Info, then the attributes that are in the header: all, or none where one is too long for it. */
  #describeAttributes(node: NodeWriter): readonly [HeaderMessage, ...HeaderMessage[]] {
    const attributes = [...node.attributes.values()].map((attribute) => {
      return { name: attribute.name, message: this.#context.describeAttribute(attribute) }
    })
    const isDense = attributes.some(({ message }) => message.body.byteLength > MAX_MESSAGE_BYTES)
    if (isDense) return [storeDenseAttributes(attributes, this.#context.space)]
    return [attributeInfoMessage(), ...attributes.map(({ message }) => message)]
  }

  #writeHeader(node: GroupWriter | DatasetWriter, own: readonly HeaderMessage[]): number {
    const [info, ...attributes] = this.#describeAttributes(node)
    const messages = [
      info,
      ...own,
      ...referenceCountMessages(this.#reachable.get(node)?.linkCount ?? 1),
      ...attributes,
    ]
    const tooLong = messages.find((message) => message.body.byteLength > MAX_MESSAGE_BYTES)
    if (tooLong) {
      const text = `${this.#context.path}: a message of ${node.path} takes ${tooLong.body.byteLength} bytes, more than a header can keep`
      throw new Unsupported('E_META', text, { path: this.#context.path, object: node.path })
    }
    return this.#context.space.append(encodeObjectHeader(messages))
  }
}

/** Spec: names are in the order of their bytes. */
function sortByName(links: readonly LinkToWrite[]): LinkToWrite[] {
  return links
    .map((link) => ({ link, bytes: Buffer.from(link.name) }))
    .sort((a, b) => Buffer.compare(a.bytes, b.bytes))
    .map(({ link }) => link)
}
