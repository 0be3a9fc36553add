import type { Client, ExportFilter, ExportFormat } from '../../../src-core/contract/index.ts'
import { inPhase, type TakeHomeProgress } from './take-home-progress.tsx'

export interface ExportOrder {
  format: ExportFormat
  packing: 'file' | 'zip'
  filter: ExportFilter
}

type ExportDone = Extract<
  Awaited<ReturnType<Client['portable']['exportForPage']>> extends AsyncIterable<infer E> ? E : never,
  { type: 'done' }
>

/** An export as the page has it: what is in it, and its bytes. */
export interface Fetched {
  type: 'done'
  result: ExportDone['result']
  blob: Blob
}

/** Lets the core write an export and fetches it, piece by piece. Blobs of browsers lie on the disk when they are large. */
export async function* fetchExport(
  client: Client,
  order: ExportOrder,
  signal: AbortSignal,
): AsyncGenerator<TakeHomeProgress | Fetched> {
  for await (const event of inPhase('writing', await client.portable.exportForPage(order, { signal }))) {
    if (event.type === 'progress') yield event
    else yield* fetchPieces(client, event.result, signal)
  }
}

async function* fetchPieces(
  client: Client,
  result: ExportDone['result'],
  signal: AbortSignal,
): AsyncGenerator<TakeHomeProgress | Fetched> {
  const { id, bytes } = result
  const pieces: Blob[] = []
  let done = 0
  try {
    for (;;) {
      const piece = await client.portable.piece({ id, offset: done }, { signal })
      if (piece.size === 0) break
      pieces.push(piece)
      done += piece.size
      yield { type: 'progress', phase: 'fetching', done, total: bytes }
    }
  } finally {
    // The line may be gone; the core lets it go at its next start at the latest.
    await client.portable.forget({ id }).catch(() => undefined)
  }
  yield { type: 'done', result, blob: new Blob(pieces) }
}
