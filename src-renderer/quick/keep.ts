import type { Client } from '../../src-core/contract/index.ts'
import { localDay } from '../i18n/local-day.ts'
import { keepPictures } from '../pictures/draft-picture.ts'
import type { DraftText } from '../talk/draft.ts'

/** Quick captures of one day are one session. */
export function quickSession(now: Date): string {
  return `quick-${localDay(now)}`
}

export type KeepProcedures = {
  captures: Pick<Client['captures'], 'add'>
  pictures: Pick<Client['pictures'], 'add'>
  documents: Pick<Client['documents'], 'add'>
}

/**
 * Stores a draft without asking anybody for an answer: each file as a document, words and pictures as a capture.
 * @param onFileKept called for each file that needs not be given again, should a later one fail
 */
export async function keepDraft(
  client: KeepProcedures,
  { text, source, audioSha256, spokenLanguage, pictures }: DraftText,
  files: readonly File[],
  onFileKept: (file: File) => void,
): Promise<void> {
  for (const file of files) {
    await client.documents.add({ file, name: file.name })
    onFileKept(file)
  }
  if (text.trim() === '' && pictures.length === 0) return
  const hashes = await keepPictures(client.pictures, pictures)
  await client.captures.add({
    sessionId: quickSession(new Date()),
    text: text.trim(),
    source,
    audioSha256,
    ...(spokenLanguage && { spokenLanguage }),
    ...(hashes.length > 0 && { pictures: hashes }),
  })
}
