import type { Client } from '../../src-core/contract/index.ts'

/** A picture that is about to be sent. Only this page has it until then. */
export interface DraftPicture {
  key: string
  blob: Blob
}

const TYPES = ['image/png', 'image/jpeg', 'image/webp', 'image/gif']

/** More pictures than this at once are kept as documents rather than talked about. */
export const MOST_PICTURES = 10

let made = 0

export function draftPicture(blob: Blob): DraftPicture {
  made += 1
  return { key: `picture ${made}`, blob }
}

/** Those of the files that can be looked at, and the others. */
export function picturesAmong(files: readonly File[]): { pictures: DraftPicture[]; others: File[] } {
  const isPicture = ({ type }: File) => TYPES.includes(type)
  return { pictures: files.filter(isPicture).map(draftPicture), others: files.filter((file) => !isPicture(file)) }
}

/** Stores them, one after the other. @returns the SHA-256 of each @throws what the core says of one, or that it was stopped */
export async function keepPictures(
  procedures: Pick<Client['pictures'], 'add'>,
  pictures: readonly DraftPicture[],
  signal?: AbortSignal,
): Promise<string[]> {
  const hashes: string[] = []
  for (const { blob } of pictures) hashes.push((await procedures.add({ picture: blob }, signal && { signal })).sha256)
  return hashes
}
