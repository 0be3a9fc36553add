import { z } from 'zod'
import { settings } from './schemas.ts'

/** The study timeline as clients see it. See docs/screen.md §3. */

const instant = z.iso.datetime({ offset: true })

export const timelineState = z.object({
  /** `on` while some page holds it and sends frames. */
  state: z.enum(['off', 'on', 'paused']),
  since: instant.nullable(),
  /** Frames that wait to be read. */
  waiting: z.number().int(),
  /** Of this run. */
  kept: z.number().int(),
  leftOut: z.object({
    same: z.number().int(),
    black: z.number().int(),
    excluded: z.number().int(),
    /** The queue was full. */
    missed: z.number().int(),
    /** Could not be read, so that nobody knows what is in it. */
    unread: z.number().int(),
  }),
  /** The name of Settings, Screen for which the last frame was left out. */
  excludedBy: z.string().nullable(),
})

export const offer = z.object({
  picture: z.instanceof(Blob),
  /** Titles of the windows that are on the screen, as the system tells; null where it should and does not. */
  windows: z.array(z.string().max(1_000)).max(500).nullable().default([]),
})

export const offerOutcome = z.enum(['taken', 'full', 'excluded', 'untold', 'paused', 'off'])

export const stretch = z.object({ from: instant, to: instant })

export const gap = stretch.extend({ frames: z.number().int(), why: z.enum(['missed', 'unread']) })

export const retentionKind = z.enum(['timeline', 'recordings', 'longRecordings', 'pictures'])

export const retentionForecast = z.object({
  kinds: z.array(
    z.object({
      kind: retentionKind,
      items: z.number().int(),
      bytes: z.number(),
      /** Bytes a day, over the last 30 days or as long as there are some. */
      bytesADay: z.number(),
      /** What it will be, at this pace, when as much goes as comes; in a year where nothing goes. */
      expectedBytes: z.number(),
      /** Days after which it goes; null where it stays. */
      days: z.number().int().nullable(),
      /** MB of 2^20 bytes beyond which the oldest go; null where size is no reason. */
      mb: z.number().int().nullable(),
    }),
  ),
  /** Free on the disk, bytes. */
  free: z.number(),
})

/** Days or size of a kind, as Settings have them. */
export const retentionChoice = settings
  .pick({ timelineDays: true, timelineMb: true, recordingDays: true, longRecordingDays: true, pictureDays: true })
  .partial()

export const deletedWaiting = z.object({
  captures: z.number().int(),
  notes: z.number().int(),
  documents: z.number().int(),
  collections: z.number().int(),
  /** When the first of it was deleted. */
  oldest: instant.nullable(),
  /** Hours for which it can be taken back; then it goes by itself. */
  hours: z.number(),
})

const thingName = z.object({
  /** `session`: with the entries that were deleted with it. */
  kind: z.enum(['capture', 'session', 'note', 'document', 'collection']),
  id: z.string().min(1).max(512),
})

export const thingNames = z.object({ things: z.array(thingName).min(1).max(1_000) })

/** Something that was deleted and can be restored. */
export const restorableThing = thingName.extend({
  /** When it was deleted, by the clock of the device on which it was. */
  at: instant,
  /** The first of its words; may be empty. */
  words: z.string(),
  /** Entries that a session brings along; 1 elsewhere. */
  entries: z.number().int(),
  /** A picture of the study timeline. */
  isFrame: z.boolean(),
  /** Hours after which it is forgotten; null while it waits for the learner, since it was edited after the deletion. */
  hoursLeft: z.number().nullable(),
})

export const forgottenCounts = z.object({
  captures: z.number().int(),
  notes: z.number().int(),
  documents: z.number().int(),
  collections: z.number().int(),
  /** Statements about the learner, and cards, that were made of it. */
  memories: z.number().int(),
  cards: z.number().int(),
})
