import { LINK_KINDS, linkKey, readCorrections } from './concept-maps.ts'
import { type Core, writeStep } from './core.ts'
import { LIBRARY_DOCUMENT } from './document-names.ts'
import { badInput, isId, LONGEST_ID, takeTitle } from './door.ts'
import type { Vault } from './types.ts'

/** Most terms that one step gives to a concept. */
const MOST_TERMS = 1_000

/** The learner's corrections of concepts; `Vault['concepts']` says what each function does. */
export function conceptsOf(core: Core): Vault['concepts'] {
  const { db, vaultId, writer } = core

  /** Sets keys of one map, or takes them away, as one step that can be taken back. */
  const set = async (map: string, entries: readonly (readonly [string, string | boolean | null])[]) => {
    await writer.exclusively(() =>
      writeStep(core, [LIBRARY_DOCUMENT], (docOf) => {
        const values = docOf(LIBRARY_DOCUMENT).getMap(map)
        for (const [key, value] of entries) {
          if (value === null) values.delete(key)
          else if (values.get(key) !== value) values.set(key, value)
        }
      }),
    )
  }

  return {
    corrections: async () =>
      readCorrections(
        await db.query<{ part: string; key: string; value: unknown }>(
          'select part, key, value from concept_corrections where vault_id = $1',
          [vaultId],
        ),
      ),
    rename: async (id, name) => {
      const wanted = name === null ? null : takeTitle(name.trim())
      if (wanted === '') throw badInput('A concept needs a name.')
      await set('conceptNames', [[takeConceptId(id), wanted]])
    },
    assign: async (termIds, conceptId) => {
      if (termIds.length > MOST_TERMS) throw badInput(`At most ${MOST_TERMS} terms can be moved at once.`)
      const into = takeConceptId(conceptId)
      await set(
        'conceptTerms',
        termIds.map((id) => [takeConceptId(id), into]),
      )
    },
    hide: async (id, hidden) => set('conceptsHidden', [[takeConceptId(id), hidden ? true : null]]),
    link: async (fromId, toId, kind, linked) => {
      if (!LINK_KINDS.includes(kind)) throw badInput(`A link must be one of ${LINK_KINDS.join(', ')}.`)
      if (fromId === toId) throw badInput('A concept cannot be linked with itself.')
      await set('conceptLinks', [[linkKey(takeConceptId(fromId), takeConceptId(toId), kind), linked]])
    },
  }
}

/** @throws LvaError bad-input; a slash would make the keys of links ambiguous */
function takeConceptId(id: string): string {
  if (!isId(id, LONGEST_ID) || id.includes('/')) throw badInput('This is not the id of a concept.')
  return id
}
