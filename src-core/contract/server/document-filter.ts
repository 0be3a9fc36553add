import type { ConceptGraph, SearchFilters } from '../../memory/index.ts'
import type { Vault } from '../../vault/index.ts'
import type { SearchRequest } from '../shapes.ts'

/** Documents asked for in one go. */
const PART = 200

/**
 * The filters of a client as search knows them: it knows ids of captures, notes and documents, and neither collections nor tags nor concepts.
 * @throws LvaError not-found for a concept that there is not
 */
export async function memoryFilters(
  { library }: Pick<Vault, 'library'>,
  concepts: Pick<ConceptGraph, 'find' | 'mentionedIn'>,
  filters: SearchRequest['filters'],
): Promise<SearchFilters | undefined> {
  const { documentId, collectionId, tag, concept, ...rest } = filters ?? {}
  const sets: string[][] = []
  if (documentId !== undefined) sets.push([documentId])
  if (collectionId !== undefined || tag !== undefined) sets.push(await labelled(library, { collectionId, tag }))
  if (concept !== undefined) sets.push(await concepts.mentionedIn((await concepts.find(concept)).id))
  const [first, ...others] = sets
  if (!first) return filters
  return { ...rest, within: first.filter((id) => others.every((set) => set.includes(id))) }
}

/** Documents of a collection and with a tag. */
async function labelled(
  library: Vault['library'],
  { collectionId, tag }: { collectionId: string | undefined; tag: string | undefined },
): Promise<string[]> {
  const found: string[] = []
  let cursor: string | null = null
  do {
    const page: Awaited<ReturnType<typeof library.list>> = await library.list(
      { ...(collectionId !== undefined && { collectionId }), ...(tag !== undefined && { tag }) },
      { cursor, limit: PART },
    )
    found.push(...page.items.map(({ id }) => id))
    cursor = page.next
  } while (cursor !== null)
  return found
}
