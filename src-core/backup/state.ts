import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { ERROR_CODES, Mutex } from '../kernel/index.ts'
import { replaceFile } from '../store/index.ts'

/** What this device knows of its backups: no secret, and nothing that cannot be learned again from the files and the phrase. */

const whole = z.number().int().nonnegative()
const wireError = z.object({
  code: z.enum(ERROR_CODES),
  message: z.string(),
  advice: z.string(),
  params: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
})

/** A backup that was proven good here. */
const provenSchema = z.object({
  /** When it was proven. */
  provenAt: whole,
  bytes: whole,
  /** Files that hold its chunks, itself included. */
  needs: z.array(z.string()),
  captures: whole,
  notes: whole,
  sessions: whole,
  blobs: whole,
  missingBlobs: whole,
  full: z.boolean(),
})

const placeSchema = z.object({
  proven: z.record(z.string(), provenSchema).default({}),
  /** Files that were found to be damaged, with the error's code. */
  failed: z.record(z.string(), z.enum(ERROR_CODES)).default({}),
  lastTryAt: whole.nullable().default(null),
  /** The file that is on its way there: what a crash left of it is removed before the next one. */
  writing: z.string().nullable().default(null),
  /** Why the last try failed, and since when all have. */
  failure: wireError.nullable().default(null),
  failingSince: whole.nullable().default(null),
})

export const s3Schema = z.object({
  endpoint: z.url(),
  region: z.string().min(1),
  bucket: z.string().min(1),
  prefix: z.string(),
  accessKeyId: z.string().min(1),
})

const stateSchema = z.object({
  /** Which key backups are made with; null until there is a phrase. */
  keyId: z.string().nullable().default(null),
  /** When backups were set up: nothing is stale before. */
  since: whole.nullable().default(null),
  /** Null takes what the configuration says. */
  automatic: z.boolean().nullable().default(null),
  folder: z.string().nullable().default(null),
  s3: s3Schema.nullable().default(null),
  /** By the label of the place. */
  places: z.record(z.string(), placeSchema).default({}),
})

export type BackupState = z.output<typeof stateSchema>
export type PlaceState = z.output<typeof placeSchema>
export type Proven = z.output<typeof provenSchema>
export type S3Address = z.output<typeof s3Schema>

export const NO_PLACE_STATE: PlaceState = placeSchema.parse({})

/** The state in its file; a file that cannot be read begins anew. */
export class StateFile {
  readonly #path: string
  readonly #turns = new Mutex()
  #state: Promise<BackupState> | undefined

  constructor(path: string) {
    this.#path = path
  }

  get(): Promise<BackupState> {
    this.#state ??= readState(this.#path)
    return this.#state
  }

  /** Resolves once the changed state is durable. */
  change(next: (state: BackupState) => BackupState): Promise<BackupState> {
    return this.#turns.run(async () => {
      const state = next(await this.get())
      await replaceFile(this.#path, JSON.stringify(state))
      this.#state = Promise.resolve(state)
      return state
    })
  }

  changePlace(label: string, next: (place: PlaceState) => PlaceState): Promise<BackupState> {
    return this.change((state) => ({
      ...state,
      places: { ...state.places, [label]: next(state.places[label] ?? NO_PLACE_STATE) },
    }))
  }
}

async function readState(path: string): Promise<BackupState> {
  try {
    return stateSchema.parse(JSON.parse(await readFile(path, 'utf8')))
  } catch {
    return stateSchema.parse({})
  }
}
