import { hasVariableParts } from '../model.ts'
import type { Attribute, FilterPipeline } from '../model.ts'
import { readAttribute, refuseAttribute } from './attribute-message.ts'
import type { ByteCursor } from './byte-cursor.ts'
import { makeDamage, makeUnsupported, showName } from './damage.ts'
import type { Place } from './damage.ts'
import { parseDataspace } from './dataspace-message.ts'
import { checkGroupInfo, parseAttributeInfo, parseLinkInfo, visitDense } from './dense-storage.ts'
import { parseFillValue, parseOldFillValue, type FillValue } from './fill-value-message.ts'
import { parseFilters } from './filter-message.ts'
import { GlobalHeap } from './global-heap.ts'
import { parseLayout } from './layout-message.ts'
import { parseLink } from './link-message.ts'
import type { MetadataSource } from './metadata-source.ts'
import { MESSAGE, readObjectHeader } from './object-header.ts'
import type { HeaderMessage } from './object-header.ts'
import { compareNames } from './order-names.ts'
import { SharedMessages } from './shared-message.ts'
import type { Link, RefusedAttribute, StoredDataset, StoredGroup, StoredObject } from './stored-object.ts'
import { readSymbolTable } from './symbol-table.ts'

interface ObjectReading {
  readonly source: MetadataSource
  readonly address: number
  readonly place: Place
  readonly messages: readonly HeaderMessage[]
  readonly shared: SharedMessages
}

/**
 * The object whose header lies at `address`: group, dataset or committed datatype.
 * @throws E_META, E_CYCLE, E_DIMS, E_CHUNKSIZE.
 */
export async function readStoredObject(
  source: MetadataSource,
  address: number,
  place: Place,
): Promise<StoredObject> {
  const shared = new SharedMessages(source, place)
  const messages = await fetchShared(await readObjectHeader(source, address, place), shared)
  const reading: ObjectReading = { source, address, place, messages, shared }
  const has = (...types: readonly number[]): boolean =>
    messages.some((message) => types.includes(message.type))
  // In the order in which HDF5 tells them apart.
  if (has(MESSAGE.symbolTable, MESSAGE.linkInfo)) {
    return readGroup(reading)
  }
  if (has(MESSAGE.layout) || (has(MESSAGE.datatype) && has(MESSAGE.dataspace))) {
    return readDataset(reading)
  }
  if (has(MESSAGE.datatype)) {
    const { body, shared: isShared } = requireMessage(reading, MESSAGE.datatype, 'datatype')
    await shared.readDatatype(body, isShared)
    return { kind: 'datatype', path: place.object, address }
  }
  throw makeDamage(place, 'the object is neither group, dataset nor datatype', { offset: address })
}

/** Messages that are wanted whole and at once; a datatype tells what it was taken from, and no attribute hides its object. */
const FETCHED: readonly number[] = [
  MESSAGE.dataspace,
  MESSAGE.fillValue,
  MESSAGE.oldFillValue,
  MESSAGE.filters,
]

async function fetchShared(
  messages: readonly HeaderMessage[],
  shared: SharedMessages,
): Promise<readonly HeaderMessage[]> {
  const fetched: HeaderMessage[] = []
  for (const message of messages) {
    const { type } = message
    fetched.push(
      message.shared && FETCHED.includes(type)
        ? { type, shared: false, body: (await shared.resolve(type, message.body)).body }
        : message,
    )
  }
  return fetched
}

function find(reading: ObjectReading, type: number): HeaderMessage | undefined {
  const message = reading.messages.find((candidate) => candidate.type === type)
  if (message?.shared && type !== MESSAGE.datatype) {
    const what = `header message ${type} is shared, which is not supported`
    throw makeUnsupported(reading.place, what, { offset: message.body.offset })
  }
  return message
}

function requireMessage(reading: ObjectReading, type: number, what: string): HeaderMessage {
  const message = find(reading, type)
  if (message === undefined) {
    throw makeDamage(reading.place, `the dataset has no ${what}`, { offset: reading.address })
  }
  return message
}

async function readDataset(reading: ObjectReading): Promise<StoredDataset> {
  const { place } = reading
  const typeMessage = requireMessage(reading, MESSAGE.datatype, 'datatype')
  const { datatype, committedType } = await reading.shared.readDatatype(typeMessage.body, typeMessage.shared)
  const dataspace = parseDataspace(requireMessage(reading, MESSAGE.dataspace, 'dataspace').body)
  const layout = parseLayout(requireMessage(reading, MESSAGE.layout, 'data layout').body, {
    datatype,
    dataspace,
  })
  const isExternal = find(reading, MESSAGE.externalFiles) !== undefined
  const { value: fillValue, isShown } = readFillValue(reading)
  if (fillValue !== undefined && fillValue.length !== datatype.size) {
    const what = `the fill value has ${fillValue.length} bytes, an element ${datatype.size}`
    throw makeDamage(place, what, { offset: reading.address })
  }
  return {
    kind: 'dataset',
    path: place.object,
    address: reading.address,
    datatype,
    ...(committedType !== undefined && { committedType }),
    dataspace,
    layout: isExternal ? { kind: 'external' } : layout,
    filters: readFilters(reading),
    ...(hasVariableParts(datatype) ? { fillValue: undefined, heapFillValue: fillValue } : { fillValue }),
    ...(!isShown && { hasNoFill: true }),
    ...(await readAttributes(reading)),
  }
}

function readFilters(reading: ObjectReading): FilterPipeline {
  const message = find(reading, MESSAGE.filters)
  return message === undefined ? [] : parseFilters(message.body)
}

function readFillValue(reading: ObjectReading): FillValue {
  const message = find(reading, MESSAGE.fillValue)
  if (message !== undefined) {
    return parseFillValue(message.body)
  }
  const old = find(reading, MESSAGE.oldFillValue)
  return old === undefined ? { value: undefined, isShown: true } : parseOldFillValue(old.body)
}

async function readGroup(reading: ObjectReading): Promise<StoredGroup> {
  const links = await readLinks(reading)
  links.sort((a, b) => compareNames(a.name, b.name))
  const twice = links.find(({ name }, index) => name === links[index + 1]?.name)
  if (twice !== undefined) {
    const what = `two links are named ${showName(twice.name)}`
    throw makeDamage(reading.place, what, { offset: reading.address })
  }
  return {
    kind: 'group',
    path: reading.place.object,
    address: reading.address,
    links,
    ...(await readAttributes(reading)),
  }
}

async function readLinks(reading: ObjectReading): Promise<Link[]> {
  const { source, place } = reading
  const symbolTable = find(reading, MESSAGE.symbolTable)
  const links = symbolTable === undefined ? [] : await readSymbolTable(source, symbolTable.body, place)
  for (const message of reading.messages) {
    if (message.type === MESSAGE.link) {
      links.push(parseLink(message.body))
    }
  }
  const groupInfo = find(reading, MESSAGE.groupInfo)
  if (groupInfo !== undefined) checkGroupInfo(groupInfo.body)
  const linkInfo = find(reading, MESSAGE.linkInfo)
  const dense = linkInfo === undefined ? undefined : parseLinkInfo(linkInfo.body)
  if (dense !== undefined) {
    const onObject = (object: ByteCursor): void => void links.push(parseLink(object))
    await visitDense(source, dense, { content: 'links', place, onObject })
  }
  return links
}

interface AttributesReading {
  readonly attributes: readonly Attribute[]
  readonly refused: readonly RefusedAttribute[]
}

async function readAttributes(reading: ObjectReading): Promise<AttributesReading> {
  const { source, place, shared } = reading
  const heap = new GlobalHeap(source, place)
  const attributes: Attribute[] = []
  const refused: RefusedAttribute[] = []
  const refuse = (name: string, thrown: unknown): void => void refused.push(refuseAttribute(name, thrown))
  const add = async (body: ByteCursor): Promise<void> => {
    const result = await readAttribute(body, { heap, shared })
    if (result.kind === 'attribute') attributes.push(result.attribute)
    else refused.push(result.refused)
  }
  for (const message of reading.messages) {
    if (message.type !== MESSAGE.attribute) continue
    if (!message.shared) await add(message.body)
    else
      await shared.resolve(message.type, message.body).then(
        ({ body }) => add(body),
        (thrown: unknown) => refuse('(attribute)', thrown),
      )
  }
  const info = find(reading, MESSAGE.attributeInfo)
  const dense = info === undefined ? undefined : parseAttributeInfo(info.body)
  if (dense !== undefined) {
    const readShared = (id: Uint8Array): Promise<ByteCursor> => shared.readFromHeap(MESSAGE.attribute, id)
    await visitDense(source, dense, { content: 'attributes', place, onObject: add, readShared }).catch(
      (thrown: unknown) => refuse('(attributes)', thrown),
    )
  }
  return { attributes, refused }
}
