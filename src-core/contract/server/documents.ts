import { Channel } from '../../kernel/index.ts'
import type { DocumentEvent } from '../shapes.ts'
import { procedures } from './procedures.ts'
import type { Services } from './services.ts'

/** Documents, their collections, and watched folders. */
export function documentProcedures({ vault, documents, folders }: Services) {
  const on = procedures.documents
  const { collections } = procedures
  return {
    documents: {
      add: on.add.handler(async ({ input: { file, ...rest } }) =>
        documents.addFile(new Uint8Array(await file.arrayBuffer()), rest),
      ),
      addMany: on.addMany.handler(async ({ input: { files, ...how }, signal }) => {
        const given = files.map(async ({ file, ...named }) => ({
          ...named,
          bytes: new Uint8Array(await file.arrayBuffer()),
        }))
        const results = await documents.addFiles(await Promise.all(given), how, signal)
        return {
          results: results.map((result) => {
            if (!('error' in result)) return result
            const { code, params } = result.error
            return { error: { code, params } }
          }),
        }
      }),
      addAddress: on.addAddress.handler(({ input: { address, ...placing }, signal }) =>
        documents.addAddress(address, placing, signal),
      ),
      addText: on.addText.handler(({ input: { text, title, ...placing } }) => documents.addText(text, title, placing)),
      list: on.list.handler(({ input: { cursor, limit, ...filter } }) => documents.list(filter, { cursor, limit })),
      get: on.get.handler(({ input }) => documents.get(input.id)),
      getMany: on.getMany.handler(async ({ input }) => ({ items: await documents.getMany(input.ids) })),
      text: on.text.handler(({ input: { id, ...options } }) => documents.text(id, options)),
      file: on.file.handler(
        async ({ input }) => new Blob([(await documents.file(input.id)) as Uint8Array<ArrayBuffer>]),
      ),
      rename: on.rename.handler(async ({ input }) => {
        await vault.library.rename(input.id, input.title)
        return documents.get(input.id)
      }),
      keepSound: on.keepSound.handler(async ({ input }) => {
        await vault.library.keepSound(input.id, input.keeps)
        return documents.get(input.id)
      }),
      setTags: on.setTags.handler(({ input: { ids, ...change } }) => vault.library.setTags(ids, change)),
      setCollections: on.setCollections.handler(({ input: { ids, ...change } }) =>
        vault.library.setCollections(ids, change),
      ),
      delete: on.delete.handler(({ input }) => vault.library.delete(input.ids)),
      restore: on.restore.handler(({ input }) => vault.library.restore(input.ids)),
      retry: on.retry.handler(({ input }) =>
        documents.queue.retry(input.ids, input.password, input.ready, input.recogniser),
      ),
      transcripts: on.transcripts.handler(({ input }) => documents.transcripts(input.id)),
      exchangeTranscripts: on.exchangeTranscripts.handler(async ({ input }) => {
        await documents.queue.exchangeTranscripts(input.id)
        return documents.get(input.id)
      }),
      cancel: on.cancel.handler(({ input }) => documents.queue.cancel(input.ids)),
      queue: on.queue.handler(() => documents.queueState()),
      pause: on.pause.handler(() => {
        documents.queue.pause()
        return documents.queueState()
      }),
      resume: on.resume.handler(() => {
        documents.queue.resume()
        return documents.queueState()
      }),
      events: on.events.handler(({ signal }) => documentEvents(documents, signal)),
      tags: on.tags.handler(async () => ({ tags: await vault.library.listTags() })),
    },
    collections: {
      list: collections.list.handler(async () => ({ collections: await vault.library.listCollections() })),
      create: collections.create.handler(({ input }) => vault.library.createCollection(input.name)),
      rename: collections.rename.handler(({ input }) => vault.library.renameCollection(input.id, input.name)),
      delete: collections.delete.handler(({ input }) => vault.library.deleteCollection(input.id)),
      restore: collections.restore.handler(({ input }) => vault.library.restoreCollection(input.id)),
    },
    folders: {
      list: procedures.folders.list.handler(async () => ({ folders: await folders.list() })),
      add: procedures.folders.add.handler(({ input }) => folders.add(input.path, input.collectionId)),
      remove: procedures.folders.remove.handler(({ input }) => folders.remove(input.id)),
      scan: procedures.folders.scan.handler(({ input }) => folders.scan(input.id)),
      refused: procedures.folders.refused.handler(async ({ input }) => ({ files: await folders.refused(input.id) })),
    },
  }
}

/** Documents that are told of together. */
const TOLD_AT_ONCE = 200

/**
 * Begins with the queue, so that a client that comes (back) is up to date. What has changed several times since the last look is told once,
 * as it is now: with thousands of files, news come faster than documents can be looked up one by one.
 */
export async function* documentEvents(
  documents: Pick<Services['documents'], 'onNews' | 'getMany' | 'queueState'>,
  signal?: AbortSignal,
): AsyncGenerator<DocumentEvent> {
  const bell = new Channel<true>()
  // A generator that waits for its next value cannot be told to return; ending what it waits for can.
  signal?.addEventListener('abort', () => bell.end())
  let changed = new Set<string>()
  let isQueueNew = true
  const stop = documents.onNews((news) => {
    const isFirst = changed.size === 0 && !isQueueNew
    if (news.type === 'queue') isQueueNew = true
    else changed.add(news.id)
    if (isFirst) bell.push(true)
  })
  bell.push(true)
  try {
    for await (const _ of bell) {
      const ids = [...changed]
      const isQueue = isQueueNew
      changed = new Set()
      isQueueNew = false
      for (let from = 0; from < ids.length; from += TOLD_AT_ONCE) {
        // One that was deleted a moment ago is left out.
        const some = await documents.getMany(ids.slice(from, from + TOLD_AT_ONCE))
        for (const document of some) yield { type: 'changed', document }
      }
      if (isQueue) yield { type: 'queue', queue: await documents.queueState() }
    }
  } finally {
    stop()
  }
}
