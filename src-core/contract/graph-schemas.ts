import { z } from 'zod'
import * as s from './schemas.ts'

/** The shapes of the section `graph`; their meaning stands beside the types of memory. */

export const linkKind = z.enum(['prerequisite', 'part_of', 'similar', 'uses', 'contradicts', 'related'])

export const concept = z.object({
  id: z.string(),
  name: z.string(),
  type: z.string(),
  hidden: z.boolean(),
  definition: z.string().nullable(),
  variants: z.array(z.object({ id: z.string(), text: z.string(), count: z.number().int() })),
  mentions: z.number().int(),
  captures: z.number().int(),
  links: z.number().int(),
  firstAt: z.string(),
  lastAt: z.string(),
})

export const neighbour = z.object({
  fromId: z.string(),
  toId: z.string(),
  kind: linkKind,
  weight: z.number(),
  evidence: z.number().int(),
  name: z.string(),
})

export const relation = neighbour.omit({ name: true }).extend({ byLearner: z.boolean() })

export const conceptMap = z.object({
  concepts: z.array(concept),
  relations: z.array(relation),
  total: z.number().int(),
})

/** A place where a text speaks of something; the field's text from `start` to `end`. */
export const passage = z.object({
  kind: s.memoryKind,
  captureId: z.string(),
  when: z.string(),
  field: s.chunkField,
  start: z.number().int(),
  end: z.number().int(),
  snippet: z.array(z.object({ text: z.string(), marked: z.boolean() })),
})

export const evidence = passage.extend({ surface: z.string() })
export const relationPassage = passage.extend({ says: z.string().nullable() })

export const timeline = z.object({
  unit: z.enum(['day', 'week', 'month', 'year']),
  periods: z.array(z.object({ from: z.string(), count: z.number().int(), passages: z.array(passage) })),
})

/** An id of a concept, or any spelling of it. */
export const which = z.string().min(1).max(500)
export const limit = z.number().int().min(1).max(2_000).default(50)
