import { z } from 'zod'
import { LvaError } from '../../kernel/index.ts'
import type { SearchRequest, SearchResult } from '../../memory/index.ts'
import { chooseGrounding, isForeign, OWN_FIELDS, READ_FIELDS } from '../grounding.ts'
import { renderPassage } from '../prompts/index.ts'
import type { Tool } from './tool.ts'

const day = z.string().max(30).optional()
const input = z.object({
  query: z.string().min(1).max(500).describe('What is looked for, in the words that the learner would have used'),
  from: day.describe('Only what is from this day on, as 2026-11-01'),
  to: day.describe('Only what is from before this day, as 2026-12-01'),
})

/** Hits asked for each passage: one capture may give several. */
const HITS = 24

/**
 * Looks into the learner's memory once more.
 * @param ownWordsOnly leaves out documents and pictures
 * @param exclude captures and notes that are not looked at
 */
export function memorySearchTool(parts: {
  search(request: SearchRequest): Promise<SearchResult>
  ownWordsOnly: boolean
  exclude: readonly string[]
}): Tool<z.output<typeof input>> {
  return {
    name: 'memory_search',
    description:
      'Searches everything that the learner said, noted and read, by words and by meaning. Use it when the passages that you have do not hold what is needed, with other words or another time. Cite what you use by its number.',
    input,
    effect: 'reads',
    async run({ query, from, to }, { signal, nextNumber }) {
      const { hits, understood } = await parts.search({
        query,
        limit: HITS,
        filters: {
          fields: parts.ownWordsOnly ? [...OWN_FIELDS] : [...READ_FIELDS],
          exclude: [...parts.exclude],
          ...(from !== undefined && { from: instantOf(from) }),
          ...(to !== undefined && { to: instantOf(to) }),
        },
        signal,
      })
      const grounding = chooseGrounding(hits, nextNumber)
      const citations = grounding.map(({ citation }) => citation)
      return {
        text:
          grounding.length === 0
            ? 'The memory holds nothing about it.'
            : [
                ...(understood.emptyPeriod
                  ? ['Nothing that fits is from the time that was asked for; these are from other times:']
                  : []),
                ...grounding.map(({ passage }) => renderPassage(passage)),
              ].join('\n'),
        isForeign: citations.some(isForeign),
        citations,
        about: query,
      }
    },
  }
}

/** Midnight of a day by the clock of this machine, as everywhere in search. */
function instantOf(written: string): string {
  const found = /^(\d{4})-(\d{2})-(\d{2})/.exec(written.trim())
  const [year = 0, month = 0, day = 0] = (found ?? []).slice(1).map(Number)
  const date = new Date(year, month - 1, day)
  if (!found || date.getMonth() !== month - 1 || date.getDate() !== day) {
    throw new LvaError('bad-input', 'There is no such day.', { advice: 'Write it as 2026-11-26.' })
  }
  return date.toISOString()
}
