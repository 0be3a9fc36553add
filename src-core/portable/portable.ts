import { stat } from 'node:fs/promises'
import { isAbsolute, join } from 'node:path'
import { type Clock, type Closable, LvaError, type NewId } from '../kernel/index.ts'
import type { BlobStore } from '../store/index.ts'
import type { DeliveryReceipt, Vault } from '../vault/index.ts'
import { ExchangeFolder } from './exchange-folder.ts'
import { type ExportOrder, exportVault } from './export/export-vault.ts'
import { detectKind } from './import/detect.ts'
import { type ImportParts, importSource, inspectSource } from './import/run-import.ts'
import { openSource } from './sources/open-source.ts'
import type { Source } from './sources/types.ts'
import type { ExportFilter, ExportFormat, ExportResult, ImportKind, ImportReport, Packing, Progress } from './types.ts'

export interface PortableOptions {
  vault: Vault
  blobs: BlobStore
  /** The data folder, in which files wait between a page and the core. */
  folder: string
  longestText: number
  clock: Clock
  newId: NewId
}

/** What is imported: a path of this machine, or what a page has sent. */
export type ImportOrigin = { path: string } | { upload: string }

/** An export that waits to be fetched. */
export interface Download extends ExportResult {
  id: string
  name: string
  bytes: number
}

/** Export and import of everything that the learner has (docs/export.md). */
export interface Portable extends Closable {
  /** Writes to a path of this machine. @throws LvaError bad-input when something is there */
  exportTo(order: ExportOrder, onProgress: Progress, signal: AbortSignal): Promise<ExportResult>
  /** Writes a file for a page, which reads it with `piece` and then lets it go. */
  exportForPage(
    order: { format: ExportFormat; packing: Exclude<Packing, 'folder'>; filter: ExportFilter },
    onProgress: Progress,
    signal: AbortSignal,
  ): Promise<Download>
  piece(download: string, offset: number): Promise<Uint8Array<ArrayBuffer>>
  /** Takes a piece of a file from a page. @returns the id of the upload, new when none is given */
  receive(upload: string | null, path: string, offset: number, bytes: Uint8Array): Promise<string>
  /** Where an upload lies: its one file or folder, or the folder of them. @throws LvaError not-found */
  received(upload: string): Promise<string>
  /** Lets a download or an upload go. */
  forget(id: string): Promise<void>
  /** Reads all of it and says what an import would bring. @throws LvaError import-not-understood and those of `openSource` */
  inspect(
    origin: ImportOrigin,
    kind: ImportKind | undefined,
    onProgress: Progress,
    signal: AbortSignal,
  ): Promise<ImportReport>
  import(
    origin: ImportOrigin,
    kind: ImportKind | undefined,
    onProgress: Progress,
    signal: AbortSignal,
  ): Promise<ImportReport & { id: string }>
  imports(): Promise<DeliveryReceipt[]>
  rollBack(id: string, onProgress: Progress, signal: AbortSignal): ReturnType<Vault['deliveries']['rollBack']>
}

export async function createPortable(options: PortableOptions): Promise<Portable> {
  const { vault, blobs, folder, clock, newId, longestText } = options
  const incoming = await ExchangeFolder.open(join(folder, 'incoming'), newId)
  const outgoing = await ExchangeFolder.open(join(folder, 'outgoing'), newId)
  const exporting = { vault, blobs, clock }

  const withSource = async <T>(
    origin: ImportOrigin,
    kind: ImportKind | undefined,
    signal: AbortSignal,
    work: (parts: ImportParts, source: Source, kind: ImportKind) => Promise<T>,
  ): Promise<T> => {
    const path = 'path' in origin ? takePath(origin.path) : await incoming.content(origin.upload)
    const source = await openSource(path, signal)
    try {
      const now = new Date(clock.now()).toISOString()
      return await work({ vault, blobs, longestText, now }, source, kind ?? (await detectKind(source)))
    } finally {
      await source.close()
    }
  }

  return {
    exportTo: async (order, onProgress, signal) =>
      exportVault(exporting, { ...order, target: takePath(order.target) }, onProgress, signal),

    async exportForPage({ format, packing, filter }, onProgress, signal) {
      const id = await outgoing.begin()
      try {
        const day = new Date(clock.now()).toISOString().slice(0, 'YYYY-MM-DD'.length)
        const name = `learning-voice-agent-${day}.${packing === 'zip' ? `${format}.zip` : format}`
        const target = join(await outgoing.place(id), name)
        const result = await exportVault(exporting, { format, packing, filter, target }, onProgress, signal)
        return { ...result, id, name, bytes: (await stat(target)).size }
      } catch (error) {
        await outgoing.forget(id)
        throw error
      }
    },

    piece: (id, offset) => outgoing.read(id, offset),

    async receive(upload, path, offset, bytes) {
      const id = upload ?? (await incoming.begin())
      await incoming.add(id, path, offset, bytes)
      return id
    },

    received: (upload) => incoming.content(upload),

    async forget(id) {
      await incoming.forget(id)
      await outgoing.forget(id)
    },

    inspect: (origin, kind, onProgress, signal) =>
      withSource(origin, kind, signal, (parts, source, known) =>
        inspectSource(parts, source, known, onProgress, signal),
      ),

    import: (origin, kind, onProgress, signal) =>
      withSource(origin, kind, signal, (parts, source, known) =>
        importSource(parts, source, known, onProgress, signal),
      ),

    imports: () => vault.deliveries.list(),
    rollBack: (id, onProgress, signal) => vault.deliveries.rollBack(id, onProgress, signal),

    async close() {
      await incoming.clear()
      await outgoing.clear()
    },
  }
}

function takePath(path: string): string {
  if (isAbsolute(path)) return path
  throw new LvaError('bad-input', 'The path must be absolute.', { advice: 'Give the whole path.' })
}
