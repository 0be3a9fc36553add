import { useCallback } from 'react'
import type { Capture, Client } from '../../src-core/contract/index.ts'
import type { DraftText } from '../talk/draft.ts'

/** Quick captures of one day are one session. */
export function quickSession(now: Date): string {
  const two = (value: number) => String(value).padStart(2, '0')
  return `quick-${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`
}

/** Stores a draft without asking anybody for an answer. */
export function useKeep(client: Pick<Client, 'captures' | 'pictures'>): (draft: DraftText) => Promise<Capture> {
  return useCallback(
    async ({ text, source, audioSha256, pictures }) => {
      const hashes: string[] = []
      for (const { blob } of pictures) hashes.push((await client.pictures.add({ picture: blob })).sha256)
      return client.captures.add({
        sessionId: quickSession(new Date()),
        text: text.trim(),
        source,
        audioSha256,
        ...(hashes.length > 0 && { pictures: hashes }),
      })
    },
    [client],
  )
}
