import { stat } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import { documentFailure, filesIn, fileUnreadable, readAtRest } from '../../../src-core/capture/index.ts'
import type { Client, LearnerDocument } from '../../../src-core/contract/index.ts'
import { type Clock, LvaError, systemClock, toLvaError } from '../../../src-core/kernel/index.ts'
import { type CommandContext, usageError } from '../command.ts'
import { readInput } from '../read-input.ts'
import { sayWhile } from '../say-while.ts'
import { counted, harmless } from '../terminal.ts'
import { collectionNamed } from './search-filters.ts'

const LOOK_AGAIN_MS = 200
/** Files that are kept together: how many, and their bytes, as far as one is not larger by itself. */
const BATCH_FILES = 100
const BATCH_BYTES = 16 * 2 ** 20
/** Files that are read side by side: each waits for the disk. */
const READ_AT_ONCE = 8
/** Documents that are asked for together. */
const SHOWN_AT_ONCE = 250
/** How often is said how far it is, in milliseconds. */
const TELL_EVERY_MS = 2_000
/** And how often where it is as far as before. */
const TELL_AGAIN_EVERY_MS = 6_000
/** Said at once: the first time takes a while. */
const OPENING = 'Opening the data folder ...'
/** What is not even looked at, in MB of 2^20 bytes; the core knows the limit itself, which is never higher. */
const LARGEST_FILE_MB = 100

export interface AddOptions {
  session?: string
  text?: boolean
  password?: string
  /** Name or id. */
  collection?: string
  tag?: string[]
}

/**
 * Keeps a text or a spoken WAV file as a capture, and files, folders and web addresses as documents; a text or Markdown file in a session is
 * a capture too.
 */
export async function add(
  context: CommandContext,
  words: string[],
  options: AddOptions,
  clock: Clock = systemClock,
): Promise<void> {
  const { terminal, json, signal } = context
  if (!options.text && options.session === undefined) {
    const documents = await documentsOf(words, clock)
    if (documents) return addDocuments(context, documents, options, clock)
  }
  if (options.collection !== undefined || options.tag !== undefined)
    throw usageError('--collection and --tag are for documents: files, folders and web addresses.')
  const input = await readInput(words, options.text)
  const client = await sayWhile(context.client(), OPENING, { terminal, clock })
  const sessionId = options.session ?? null
  if (input.kind === 'sound') {
    terminal.remark(`Listening to ${basename(words[0] ?? '')} ...`)
    const heard = await client.speech.transcribe(
      { audio: new Blob([input.bytes as Uint8Array<ArrayBuffer>]) },
      { signal },
    )
    const capture = await client.captures.add(
      { sessionId, text: heard.text, source: 'voice', audioSha256: heard.audioSha256 },
      { signal },
    )
    if (json) terminal.json(capture)
    else terminal.line(`${capture.id}  ${harmless(heard.text)}`)
    return
  }
  const capture = await client.captures.add({ sessionId, text: input.text, source: input.from }, { signal })
  if (json) terminal.json(capture)
  else terminal.line(capture.id)
}

/** What is said of all documents of one command. */
interface How {
  password?: string
  collectionId?: string
  tags?: string[]
}

type Adding = (client: Client, how: How, signal: AbortSignal) => AsyncGenerator<Added>
type Added = { name: string; document?: LearnerDocument; error?: LvaError }

/** What is to be added when every word names a file, a folder or an address; a single recording is something said, no document. */
async function documentsOf(words: readonly string[], clock: Clock): Promise<Adding | undefined> {
  const [first] = words
  if (first === undefined || (words.length === 1 && /\.wav$/i.test(first))) return undefined
  const all: Adding[] = []
  for (const word of words) {
    if (/^https?:\/\//i.test(word)) all.push(addressOf(word))
    else {
      const kind = await kindOf(word)
      if (kind === 'folder') all.push(filesOf(resolve(word), clock))
      else if (kind === 'file') all.push(fileOf(resolve(word), clock))
      else return undefined
    }
  }
  return async function* (client, how, signal) {
    for (const adding of all) yield* adding(client, how, signal)
  }
}

/** The collection with this name or id; a new one where there is none. */
async function collectionOf(client: Client, name: string, { terminal, signal }: CommandContext): Promise<string> {
  const known = await collectionNamed(client, name, signal)
  if (known !== undefined) return known
  const { id } = await client.collections.create({ name }, { signal })
  terminal.remark(`Made the collection ${harmless(name)}.`)
  return id
}

/** Adds, then waits until each document is read, and says what became of it. @throws LvaError when none could be read */
async function addDocuments(
  context: CommandContext,
  adding: Adding,
  { password, collection, tag: tags }: AddOptions,
  clock: Clock,
): Promise<void> {
  const { terminal, json, signal } = context
  const client = await sayWhile(context.client(), OPENING, { terminal, clock })
  const how: How = {
    ...(password !== undefined && { password }),
    ...(collection !== undefined && { collectionId: await collectionOf(client, collection, context) }),
    ...(tags && { tags }),
  }
  const results: Result[] = []
  try {
    await takeIn(adding(client, how, signal), results, terminal, clock)
    await untilRead(client, signal, clock, (words) => terminal.remark(words))
  } catch (error) {
    tellKept(results, terminal)
    throw error
  }
  let told = clock.monotonic()
  for (let from = 0; from < results.length; from += SHOWN_AT_ONCE) {
    if (clock.monotonic() - told >= TELL_EVERY_MS) {
      terminal.remark(`Looking what became of them: ${counted(from, 'file')} of ${results.length} ...`)
      told = clock.monotonic()
    }
    const some = results.slice(from, from + SHOWN_AT_ONCE)
    const ids = [...new Set(some.flatMap(({ id }) => id ?? []))]
    if (ids.length === 0) continue
    const { items } = await client.documents.getMany({ ids }, { signal })
    const documents = new Map(items.map((document) => [document.id, document]))
    for (const result of some) {
      const document = documents.get(result.id ?? '')
      if (!document) continue
      result.state = document.state
      if (!document.error) continue
      result.error = document.error.code
      const { message, advice } = documentFailure(document.error.code, document.error.params)
      terminal.remark(`${harmless(result.name)}: ${message} ${advice}`)
    }
  }
  if (json) terminal.json({ items: results })
  else
    for (const { id, state, error, name } of results)
      terminal.line(`${id ?? '-'}  ${error ?? state}  ${harmless(name)}`)
  if (results.length > 0 && results.every(({ error }) => error !== undefined)) {
    throw new LvaError('bad-input', 'Nothing could be read.', { advice: 'The lines above say why.' })
  }
}

/** What has become of a file or address. */
interface Result {
  name: string
  id?: string
  state: string
  error?: string
}

/** Adds one after the other to `results`, and tells now and then how many there are. */
async function takeIn(
  adding: AsyncGenerator<Added>,
  results: Result[],
  terminal: CommandContext['terminal'],
  clock: Clock,
): Promise<void> {
  let told = clock.monotonic()
  for await (const { name, document, error } of adding) {
    if (!document) results.push({ name, state: 'refused', ...(error && { error: error.code }) })
    else results.push({ name, id: document.id, state: document.state })
    if (error) terminal.remark(`${harmless(name)}: ${error.message} ${error.advice}`)
    if (clock.monotonic() - told < TELL_EVERY_MS) continue
    told = clock.monotonic()
    terminal.remark(`${counted(results.length, 'file')} so far ...`)
  }
  if (results.length === 0) terminal.remark('There are no files in it; hidden ones and links are left out.')
}

/** Says what is kept although the command was stopped or failed. Of files that were on their way then, some may be kept as well. */
function tellKept(results: readonly Result[], terminal: CommandContext['terminal']): void {
  const kept = results.filter(({ id }) => id !== undefined).length
  if (kept === 0) return
  terminal.remark(
    `${counted(kept, 'file is kept', 'files are kept')}; what is not read yet is read when the program runs next.`,
  )
  terminal.remark('The same command takes in the rest.')
}

/** Waits until nothing is left to read, and tells now and then how far it is. */
async function untilRead(client: Client, signal: AbortSignal, clock: Clock, tell: (words: string) => void) {
  let looked = Number.NEGATIVE_INFINITY
  let told = Number.NEGATIVE_INFINITY
  let before = Number.NaN
  let last = ''
  for (;;) {
    signal.throwIfAborted()
    const { pending, paused } = await client.documents.queue(undefined, { signal })
    if (pending === 0) return
    if (paused) return tell(`Reading is paused; ${counted(pending, 'document waits', 'documents wait')} for it.`)
    if (clock.monotonic() - looked >= TELL_EVERY_MS) {
      // While some are done between two looks, none of them is long enough to be asked how far it is: that looks through all of them.
      const share = pending === before ? await shareBeingRead(client, signal) : ''
      const words = `Reading ${counted(pending, 'document')}${share} ...`
      before = pending
      looked = clock.monotonic()
      if (words !== last || looked - told >= TELL_AGAIN_EVERY_MS) {
        tell(words)
        last = words
        told = looked
      }
    }
    await clock.sleep(LOOK_AGAIN_MS, signal)
  }
}

/** How much of the document that is being read is done, as far as it says so. */
async function shareBeingRead(client: Client, signal: AbortSignal): Promise<string> {
  const { items } = await client.documents.list({ states: ['reading'], limit: 1 }, { signal })
  const [document] = items
  const { done = 0, total = 0 } = document?.progress ?? {}
  return document && done > 0 && total > 0
    ? ` (${harmless(document.title)}: ${Math.floor((done / total) * 100)} %)`
    : ''
}

const addressOf = (address: string): Adding =>
  async function* (client, { collectionId, tags }, signal) {
    const placing = { ...(collectionId !== undefined && { collectionId }), ...(tags && { tags }) }
    yield { name: address, document: (await client.documents.addAddress({ address, ...placing }, { signal })).document }
  }

const fileOf = (path: string, clock: Clock): Adding =>
  async function* (client, how, signal) {
    signal.throwIfAborted()
    const file = await fileAtRest(path, clock)
    const { document } = await client.documents.add({ file, name: basename(path), path, ...how }, { signal })
    yield { name: path, document }
  }

/** One file that cannot be taken does not keep the others out. */
const filesOf = (folder: string, clock: Clock): Adding =>
  async function* (client, how, signal) {
    const closed: string[] = []
    let batch: string[] = []
    let bytes = 0
    const addBatch = async function* () {
      yield* addFiles(client, folder, batch, how, signal, clock)
      batch = []
      bytes = 0
    }
    for await (const { path, size } of filesIn(folder, (part) => void closed.push(part))) {
      signal.throwIfAborted()
      if (batch.length === BATCH_FILES || bytes + size > BATCH_BYTES) yield* addBatch()
      batch.push(path)
      bytes += size
    }
    yield* addBatch()
    for (const name of closed) yield { name, error: fileUnreadable() }
  }

/** Files of a folder, in one step. */
async function* addFiles(
  client: Client,
  folder: string,
  names: readonly string[],
  how: How,
  signal: AbortSignal,
  clock: Clock,
): AsyncGenerator<Added> {
  const files: { name: string; path: string; file: Blob }[] = []
  for (let from = 0; from < names.length; from += READ_AT_ONCE) {
    const some = names.slice(from, from + READ_AT_ONCE)
    const read = await Promise.allSettled(some.map((name) => fileAtRest(join(folder, name), clock)))
    for (const [index, result] of read.entries()) {
      const name = some[index] ?? ''
      if (result.status === 'fulfilled') files.push({ name, path: join(folder, name), file: result.value })
      else yield { name, error: toLvaError(result.reason) }
    }
  }
  if (files.length === 0) return
  signal.throwIfAborted()
  const given = files.map(({ name, path, file }) => ({ file, path, name: basename(name) }))
  const { results } = await client.documents.addMany({ files: given, ...how }, { signal })
  for (const [index, result] of results.entries()) {
    const name = files[index]?.name ?? ''
    if ('document' in result) yield { name, document: result.document }
    else yield { name, error: documentFailure(result.error.code, result.error.params) }
  }
}

const fileAtRest = async (path: string, clock: Clock) => new Blob([await readAtRest(path, LARGEST_FILE_MB, clock)])

async function kindOf(path: string): Promise<'file' | 'folder' | undefined> {
  const found = await stat(path).catch(() => undefined) // no such file: then it is a text
  return found?.isFile() ? 'file' : found?.isDirectory() ? 'folder' : undefined
}
