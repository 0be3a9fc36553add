import type { Client } from '../../../src-core/contract/index.ts'
import { toFailure } from '../../backend/failure.ts'
import type { SourceFile } from './source-files.ts'
import type { TakeHomeProgress } from './take-home-progress.tsx'

/** Bytes that go in one frame. */
const PIECE = 2 ** 20

/** What the core now has. */
export interface Sent {
  type: 'sent'
  upload: string
  /** Paths of files that it could not take, for their names. */
  refused: string[]
}

/** Hands files to the core, which keeps them until they are imported or let go. @throws where it takes none of them */
export async function* sendSource(
  client: Client,
  files: readonly SourceFile[],
  signal: AbortSignal,
): AsyncGenerator<TakeHomeProgress | Sent> {
  const total = files.reduce((sum, { file }) => sum + file.size, 0)
  const refused: string[] = []
  let refusal: unknown
  let upload: string | null = null
  let done = 0
  try {
    for (const { path, file } of files) {
      let offset = 0
      do {
        const bytes = file.slice(offset, offset + PIECE)
        try {
          const taken: { upload: string } = await client.portable.receive({ upload, path, offset, bytes }, { signal })
          upload = taken.upload
        } catch (error) {
          if (offset > 0 || toFailure(error).code !== 'bad-input') throw error
          refused.push(path)
          refusal = error
          done += file.size
          break
        }
        offset += bytes.size
        done += bytes.size
        yield { type: 'progress', phase: 'sending', done, total }
      } while (offset < file.size)
    }
  } catch (error) {
    if (upload !== null) await client.portable.forget({ id: upload }).catch(() => undefined) // gone with the line
    throw error
  }
  if (upload !== null) yield { type: 'sent', upload, refused }
  else if (refusal !== undefined) throw refusal
}
