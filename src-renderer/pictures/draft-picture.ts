/** A picture that is about to be sent. Only this page has it until then. */
export interface DraftPicture {
  key: string
  blob: Blob
}

const TYPES = ['image/png', 'image/jpeg', 'image/webp', 'image/gif']

let made = 0

export function draftPicture(blob: Blob): DraftPicture {
  made += 1
  return { key: `picture ${made}`, blob }
}

/** Those of the files that can be looked at, and how many cannot. */
export function picturesAmong(files: readonly File[]): { pictures: DraftPicture[]; others: number } {
  const fitting = files.filter(({ type }) => TYPES.includes(type))
  return { pictures: fitting.map(draftPicture), others: files.length - fitting.length }
}
