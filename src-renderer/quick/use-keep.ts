import { useCallback } from 'react'
import type { Capture, Client } from '../../src-core/contract/index.ts'
import { localDay } from '../i18n/local-day.ts'
import type { DraftText } from '../talk/draft.ts'

/** Quick captures of one day are one session. */
export function quickSession(now: Date): string {
  return `quick-${localDay(now)}`
}

/** Stores a draft without asking anybody for an answer. */
export function useKeep(client: Pick<Client, 'captures' | 'pictures'>): (draft: DraftText) => Promise<Capture> {
  return useCallback(
    async ({ text, source, audioSha256, spokenLanguage, pictures }) => {
      const hashes: string[] = []
      for (const { blob } of pictures) hashes.push((await client.pictures.add({ picture: blob })).sha256)
      return client.captures.add({
        sessionId: quickSession(new Date()),
        text: text.trim(),
        source,
        audioSha256,
        ...(spokenLanguage && { spokenLanguage }),
        ...(hashes.length > 0 && { pictures: hashes }),
      })
    },
    [client],
  )
}
