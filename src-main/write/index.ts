/** The write package: what dcnum.write gives to Python, in TypeScript. PORTING.md lists every name. */
export type { BasinHost } from './basin-host.ts'
export { carryBasin } from './carry-basin.ts'
export { ChunkQueue, DEFAULT_QUEUE_BYTES, type FeatureChunk } from './chunk-queue.ts'
export { ChunkWriter, type ChunkWriterOptions } from './chunk-writer.ts'
export { CopiedObjects } from './copied-objects.ts'
export { copyAttributes } from './copy-attributes.ts'
export { copyBasins, type CopyBasinsOptions } from './copy-basins.ts'
export { copyFeatures, type CopyFeaturesOptions } from './copy-features.ts'
export { copyMetadata, type CopyMetadataOptions } from './copy-metadata.ts'
export { copyTree, type CopyTreeOptions } from './copy-object.ts'
export type { CopyOptions } from './copy-options.ts'
export { copyStrings } from './copy-strings.ts'
export { copyTable } from './copy-table.ts'
export { createWithBasins, type BasinPaths, type CreateWithBasinsOptions } from './create-with-basins.ts'
export { setDefaultFilterKwargs, type DatasetKeywords, type FilterKeywords } from './default-filters.ts'
export { EventQueue, type FrameEntry, type FrameEvents } from './event-queue.ts'
export { EventStash } from './event-stash.ts'
export { FeatNevents } from './feat-nevents.ts'
export { HDF5Writer, type FeatureToRequire, type HDF5WriterOptions } from './hdf5-writer.ts'
export type { Counter, Logger, LogQueue, LogRecord } from './logger.ts'
export { fromBooleans, fromTypedArray, type NdArray, type TypedArray } from './nd-array.ts'
export { QueueWriterBase, type QueueWriterArguments, type QueueWriterRun } from './queue-writer-base.ts'
export { QueueWriterProcess, type QueueWriterProcessArguments } from './queue-writer-process.ts'
export { QueueWriterThread } from './queue-writer-thread.ts'
export type { BasinToStore } from './store-basin.ts'
export {
  startNodeProcess,
  startUtilityProcess,
  type StartProcess,
  type UtilityProcessModule,
  type WriterProcess,
  type WriterProcessExit,
} from './writer-process.ts'

// What lies below and its callers need: files to read from and write to, their types, pools, errors. h5py, for dcnum.
export {
  BasinUnresolved,
  Cancelled,
  Hdf5Error,
  Internal,
  InvalidInput,
  OutputConflict,
  ProcessGone,
  Unsupported,
  WeirError,
  type ErrorDetails,
  type ErrorTag,
  type Warning,
} from '../errors.ts'
export type { DiskPort } from '../hdf5/disk/disk-port.ts'
export { nodeDisk } from '../hdf5/disk/node-disk.ts'
export type { FilterPool } from '../hdf5/filters/filter-pool.ts'
export { createFilterPool } from '../hdf5/filters/worker-filter-pool.ts'
export type { Attribute, Datatype } from '../hdf5/model.ts'
export { readAttributeValue, readValues, type AttributeValue } from '../hdf5/reading/attribute-value.ts'
export { DatasetReader } from '../hdf5/reading/dataset-reader.ts'
export { FileReader } from '../hdf5/reading/file-reader.ts'
export type { StoredDataset, StoredGroup, StoredObject } from '../hdf5/reading/stored-object.ts'
export {
  makeFixedTextAttribute,
  makeFloatAttribute,
  makeIntegerAttribute,
  makeTextAttribute,
} from '../hdf5/writing/attributes.ts'
export {
  booleanType,
  fixedStringType,
  float32Type,
  float64Type,
  integerType,
  variableStringType,
} from '../hdf5/writing/datatypes.ts'
export { FileWriter, type DatasetWriter, type GroupWriter } from '../hdf5/writing/file-writer.ts'
export { H5wasmFallback } from '../read/h5wasm-fallback.ts'
export { findIdentifier } from '../read/identifier.ts'
