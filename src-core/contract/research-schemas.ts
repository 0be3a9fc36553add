import { z } from 'zod'
import { wireError } from './schemas.ts'

/** Research as Settings show it. */

/** Sources that take a key. */
export const keyedSource = z.enum(['tavily', 'brave'])
/** Sources that can be tested. */
export const testedSource = z.enum(['searxng', 'json', 'tavily', 'brave', 'wikipedia', 'arxiv'])

const keySource = z.enum(['environment', 'stored', 'none'])

export const researchStatus = z.object({
  keys: z.object({ tavily: keySource, brave: keySource }),
  /** What is kept of answers. */
  cache: z.object({ bytes: z.number(), answers: z.number().int() }),
})

export const sourceCheck = z.object({
  ok: z.boolean(),
  ms: z.number(),
  /** Results for one word. */
  found: z.number().int(),
  error: wireError.nullable(),
})
