import { LIMITS } from '../model.ts'
import type { ChunkIndex, ChunkRecord } from '../model.ts'
import { findGridIndex, isEdgeChunk } from './chunk-geometry.ts'
import type { ChunkGeometry } from './chunk-geometry.ts'
import { makeDamage } from './damage.ts'
import type { Place } from './damage.ts'
import type { MetadataSource } from './metadata-source.ts'
import type { StoredDataset } from './stored-object.ts'

/** A dataset of more chunks would not fit the memory as a table. */
export const MOST_CHUNKS = 2 ** 23
/** An encoded chunk may be a little larger than the raw one. */
const SPARE_BYTES = 2 ** 20

/** What an index says of one chunk; `storedBytes` undefined where only the address is stored (no filters). */
export interface FoundChunk {
  readonly coordinates: readonly number[]
  readonly address: number
  readonly storedBytes?: number
  readonly filterMask?: number
}

/** Takes what the readers of the indexes find, checks it, and gives the table's records. */
export class ChunkCollector {
  private readonly records: ChunkRecord[] = []

  constructor(
    readonly source: MetadataSource,
    readonly dataset: StoredDataset,
    private readonly setup: { readonly geometry: ChunkGeometry; readonly index: ChunkIndex },
  ) {}

  get place(): Place {
    return { path: this.source.path, object: this.dataset.path }
  }

  get geometry(): ChunkGeometry {
    return this.setup.geometry
  }

  /**
   * Bytes in which the newer indexes keep the stored size of a filtered chunk.
   * Spec: one more than the size of a whole chunk takes; 8 from version 5 of the layout on.
   */
  get sizeBytes(): number {
    const { geometry, index } = this.setup
    if (index.layoutVersion >= 5) return 8
    return Math.min(8, 1 + Math.floor((Math.floor(Math.log2(geometry.chunkBytes)) + 8) / 8))
  }

  /** Chunks outside of the present shape are left out: HDF5 does not show them either. */
  add(found: FoundChunk): void {
    const { geometry, index } = this.setup
    this.checkCoordinates(found)
    const gridIndex = findGridIndex(geometry, found.coordinates)
    if (gridIndex === undefined) {
      return
    }
    const { filters } = this.dataset
    const storedBytes = found.storedBytes ?? geometry.chunkBytes
    const isBare = index.unfilteredEdges === true && isEdgeChunk(geometry, found.coordinates)
    const filterMask = isBare ? 2 ** filters.length - 1 : (found.filterMask ?? 0)
    this.check(found.address, storedBytes)
    this.records.push({ gridIndex, address: found.address, storedBytes, filterMask })
    if (this.records.length > MOST_CHUNKS) {
      throw this.damage(`more than ${MOST_CHUNKS} chunks`, found.address)
    }
  }

  private checkCoordinates({ coordinates, address }: FoundChunk): void {
    const { maxGridShape } = this.setup.geometry
    const isBeyond = maxGridShape.some((count, dim) => count !== null && coordinates[dim]! >= count)
    if (isBeyond) {
      throw this.damage(`a chunk at ${coordinates.join(', ')} lies outside of the dataset`, address)
    }
  }

  private check(address: number, storedBytes: number): void {
    this.source.checkRange(address, storedBytes, this.place)
    const { chunkBytes } = this.setup.geometry
    if (storedBytes === 0 || storedBytes > Math.max(LIMITS.chunkBytes, chunkBytes) + SPARE_BYTES) {
      throw this.damage(`a stored chunk of ${storedBytes} bytes is impossible`, address)
    }
    if (this.dataset.filters.length === 0 && storedBytes !== chunkBytes) {
      const what = `an unfiltered chunk has ${storedBytes} instead of ${chunkBytes} bytes`
      throw this.damage(what, address)
    }
  }

  /** In ascending order of the grid. @throws E_META for a chunk listed twice. */
  finish(): readonly ChunkRecord[] {
    this.records.sort((a, b) => a.gridIndex - b.gridIndex)
    this.records.forEach((record, position) => {
      if (position > 0 && record.gridIndex === this.records[position - 1]?.gridIndex) {
        throw this.damage(`chunk ${record.gridIndex} is listed twice`, record.address)
      }
    })
    return this.records
  }

  damage(what: string, offset: number): Error {
    return makeDamage(this.place, what, { offset })
  }
}
