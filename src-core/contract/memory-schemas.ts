import { z } from 'zod'
import { chunkField, ids, memoryKind, page } from './schemas.ts'

/** Shapes of memories of the learner and of cards. Their meaning stands in `vault/types.ts`. */

const instant = z.iso.datetime({ offset: true })
export const statementKind = z.enum(['fact', 'preference', 'goal'])
export const someIds = z.object({ ids: z.array(ids.id).min(1).max(1_000) })

export const memory = z.object({
  id: ids.id,
  text: z.string(),
  kind: statementKind,
  state: z.enum(['proposed', 'accepted']),
  about: z.string().nullable(),
  receipt: z
    .object({
      captureId: ids.id,
      quote: z.string(),
      start: z.number().int(),
      end: z.number().int(),
      holds: z.boolean(),
    })
    .nullable(),
  validFrom: instant,
  validTo: instant.nullable(),
  createdAt: instant,
  updatedAt: instant,
})

export const memoryList = page.extend({
  state: memory.shape.state.optional(),
  kinds: z.array(statementKind).optional(),
  validAt: instant.optional(),
  query: z.string().max(500).optional(),
})

export const newMemory = z.object({ text: z.string().max(500), kind: statementKind })

export const memoryPatch = z.object({
  id: ids.id,
  text: z.string().max(500).optional(),
  kind: statementKind.optional(),
  validTo: instant.nullable().optional(),
})

export const card = z.object({
  id: ids.id,
  front: z.string(),
  back: z.string(),
  state: z.enum(['candidate', 'kept']),
  source: z
    .object({
      captureId: ids.id,
      kind: z.union([memoryKind, z.literal('memory')]),
      field: z.union([chunkField, z.literal('memoryText')]),
      start: z.number().int(),
      end: z.number().int(),
      text: z.string(),
      when: instant,
      holds: z.boolean(),
    })
    .nullable(),
  createdAt: instant,
  updatedAt: instant,
})

export const cardList = page.extend({ state: card.shape.state.optional(), query: z.string().max(500).optional() })

export const cardPatch = z.object({
  id: ids.id,
  front: z.string().max(10_000).optional(),
  back: z.string().max(10_000).optional(),
})
