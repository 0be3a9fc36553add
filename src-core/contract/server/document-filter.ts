import type { SearchFilters } from '../../memory/index.ts'
import type { Vault } from '../../vault/index.ts'
import type { SearchRequest } from '../shapes.ts'

/** Documents asked for in one go. */
const PART = 200

/** The filters of a client as memory knows them: it knows ids of documents, and neither collections nor tags. */
export async function memoryFilters(
  { library }: Pick<Vault, 'library'>,
  filters: SearchRequest['filters'],
): Promise<SearchFilters | undefined> {
  const { documentId, collectionId, tag, ...rest } = filters ?? {}
  if (collectionId === undefined && tag === undefined)
    return documentId === undefined ? filters : { ...rest, within: [documentId] }
  const within: string[] = []
  let cursor: string | null = null
  do {
    const page: Awaited<ReturnType<typeof library.list>> = await library.list(
      { ...(collectionId !== undefined && { collectionId }), ...(tag !== undefined && { tag }) },
      { cursor, limit: PART },
    )
    within.push(...page.items.map(({ id }) => id))
    cursor = page.next
  } while (cursor !== null)
  return { ...rest, within: documentId === undefined ? within : within.filter((id) => id === documentId) }
}
