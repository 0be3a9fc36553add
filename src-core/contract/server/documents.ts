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
      events: on.events.handler(({ signal }) => events(documents, signal)),
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

/** Begins with the queue, so that a client that comes (back) is up to date. */
async function* events(documents: Services['documents'], signal?: AbortSignal): AsyncGenerator<DocumentEvent> {
  const channel = new Channel<Parameters<Parameters<typeof documents.onNews>[0]>[0]>()
  // A generator that waits for its next value cannot be told to return; ending what it waits for can.
  signal?.addEventListener('abort', () => channel.end())
  const stop = documents.onNews((news) => channel.push(news))
  try {
    yield { type: 'queue', queue: await documents.queueState() }
    for await (const news of channel) {
      if (news.type === 'queue') yield { type: 'queue', queue: await documents.queueState() }
      else {
        // It may have been deleted a moment ago.
        const document = await documents.get(news.id).catch(() => undefined)
        if (document) yield { type: 'changed', document }
      }
    }
  } finally {
    stop()
  }
}
