import { z } from 'zod'
import { wireError } from './schemas.ts'

/** What crosses about recordings, pictures, files and frames that travel between devices; the meaning stands beside the types of `src-core/sync`. */

const whole = z.number().int().nonnegative()
const amount = z.object({ items: whole, bytes: whole })

export const ATTACHMENT_KINDS = ['recordings', 'pictures', 'documents', 'frames'] as const
export const attachmentKind = z.enum(ATTACHMENT_KINDS)
export const ATTACHMENT_POLICIES = ['always', 'on-demand', 'never'] as const
export const attachmentPolicy = z.enum(ATTACHMENT_POLICIES)
export const UNMETERED_ONLY = ['nothing', 'attachments', 'everything'] as const
export const unmeteredOnly = z.enum(UNMETERED_ONLY)

const byKind = <T extends z.ZodType>(one: T) =>
  z.object({ recordings: one, pictures: one, documents: one, frames: one })

export const attachmentStatus = z.object({
  /** Null where this device belongs to no vault, or sync is not open. */
  state: z
    .object({
      kinds: z.array(
        z.object({
          kind: attachmentKind,
          here: amount,
          /** At the relay, and not on this device. */
          elsewhere: amount,
          toSend: amount,
          toFetch: amount,
        }),
      ),
      moving: z.object({ way: z.enum(['send', 'fetch']), done: whole, total: whole }).nullable(),
      /** Sealed bytes since the program began. */
      sentBytes: whole,
      receivedBytes: whole,
      problem: wireError.pick({ code: true, params: true }).nullable(),
    })
    .nullable(),
  policies: byKind(attachmentPolicy),
  unmeteredOnly,
  /** Whether the network costs; null where nobody tells. */
  metered: z.boolean().nullable(),
  /** They wait for a network that does not cost. */
  held: z.boolean(),
})

export const attachmentChoices = z.object({
  policies: byKind(attachmentPolicy.optional()).optional(),
  unmeteredOnly: unmeteredOnly.optional(),
})

export const attachmentStanding = z.object({
  state: z.enum(['here', 'at-relay', 'expected', 'unknown']),
  bytes: whole.nullable(),
})

export const attachmentFetch = z.discriminatedUnion('state', [
  z.object({ state: z.literal('coming'), done: whole, total: whole }),
  z.object({
    state: z.literal('asked'),
    /** Devices that were asked and have not answered yet. */
    devices: z.array(z.object({ id: z.string(), name: z.string().nullable() })),
  }),
  z.object({ state: z.literal('here') }),
])
