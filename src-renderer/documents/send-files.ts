import type { Client } from '../../src-core/contract/index.ts'
import { toFailure } from '../backend/failure.ts'
import type { Sent } from './uploads.ts'

/**
 * Hands files to the core together. One that cannot be read any more, because it changed or went since it was given, does not keep the others
 * out.
 * @param tellKnown told the titles, or where there is none yet the names, of those that were documents before
 * @returns what became of each, in their order
 */
export async function sendFiles(
  documents: Pick<Client['documents'], 'addMany'>,
  files: readonly File[],
  tellKnown: (titles: string[]) => void,
  signal: AbortSignal,
): Promise<Sent[]> {
  const read = await Promise.allSettled(files.map(async (file) => new File([await file.arrayBuffer()], file.name)))
  const given = read.flatMap((one) => (one.status === 'fulfilled' ? [{ file: one.value, name: one.value.name }] : []))
  const { results } = given.length > 0 ? await documents.addMany({ files: given }, { signal }) : { results: [] }
  const known = results.flatMap((result, index) =>
    'document' in result && !result.isNew ? [result.document.title || (given[index]?.name ?? '')] : [],
  )
  if (known.length > 0) tellKnown(known)
  const answers = results.values()
  return read.map((one): Sent => {
    if (one.status === 'rejected') return { failure: { ...toFailure(one.reason), code: 'file-unreadable' } }
    const { value: result } = answers.next()
    if (!result) throw new Error('a file was given and nothing was answered')
    return 'error' in result
      ? { failure: { message: '', advice: '', ...result.error } }
      : { id: result.document.id, isNew: result.isNew }
  })
}
