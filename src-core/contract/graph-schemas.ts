import { z } from 'zod'

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

export const evidence = z.object({ kind: z.string(), captureId: z.string(), when: z.string(), surface: z.string() })

/** An id of a concept, or any spelling of it. */
export const which = z.string().min(1).max(500)
export const limit = z.number().int().min(1).max(2_000).default(50)
