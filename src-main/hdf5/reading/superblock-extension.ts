import type { Place } from './damage.ts'
import type { MetadataSource } from './metadata-source.ts'
import { readObjectHeader } from './object-header.ts'
import type { HeaderMessage } from './object-header.ts'
import { readSharedTable } from './shared-table.ts'
import type { SharedHeap } from './shared-table.ts'
import type { Superblock } from './superblock.ts'

/** How many children and entries nodes of the older kind have: at most two times each number. */
export interface TreeRanks {
  /** Entries of a symbol table node. */
  readonly leaf: number
  /** Children of a group's B-tree node. */
  readonly internal: number
  /** Children of a node in the B-tree of a dataset's chunks. */
  readonly chunks: number
}

/** What holds for all objects of the file. */
export interface FileFrame {
  readonly treeRanks: TreeRanks
  /** Heaps of messages that objects share. */
  readonly sharedHeaps: readonly SharedHeap[]
}

/** Spec: used by files that do not say otherwise. */
const USUAL_RANKS: TreeRanks = { leaf: 4, internal: 16, chunks: 32 }
const TREE_RANKS = 0x13
/** What the drivers for files in several pieces need. */
const DRIVER = 0x14
const SHARED_TABLE = 0x0f

/** What superblocks 0 and 1, or the extension of the newer ones, say. @throws E_META where the extension is damaged. */
export async function readFileFrame(source: MetadataSource, superblock: Superblock): Promise<FileFrame> {
  const { treeRanks, extensionAddress } = superblock
  if (treeRanks !== undefined) {
    return { treeRanks: { ...treeRanks, chunks: treeRanks.chunks ?? USUAL_RANKS.chunks }, sharedHeaps: [] }
  }
  if (extensionAddress === null) {
    return { treeRanks: USUAL_RANKS, sharedHeaps: [] }
  }
  const place: Place = { path: source.path, object: 'superblock' }
  const messages = await readObjectHeader(source, extensionAddress, place)
  const driver = messages.find(({ type }) => type === DRIVER)
  if (driver !== undefined) {
    throw driver.body.damage('the file is one of several pieces, which are not put together')
  }
  const ranks = messages.find(({ type }) => type === TREE_RANKS)
  const table = messages.find(({ type }) => type === SHARED_TABLE)
  return {
    treeRanks: ranks === undefined ? USUAL_RANKS : parseTreeRanks(ranks),
    sharedHeaps: table === undefined ? [] : await readSharedTable(source, table, place),
  }
}

/** Spec: "B-tree 'K' Values Message". */
function parseTreeRanks({ body }: HeaderMessage): TreeRanks {
  body.expectVersion([0], 'the K values')
  const [chunks, internal, leaf] = [body.uint16(), body.uint16(), body.uint16()]
  if (chunks === 0 || internal === 0 || leaf === 0) {
    throw body.damage('B-trees whose nodes have no children are impossible', { back: 6 })
  }
  return { chunks, internal, leaf }
}
