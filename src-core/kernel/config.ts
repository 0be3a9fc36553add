import { z } from 'zod'
import { LvaError } from './errors.ts'

const milliseconds = z.coerce.number().int().positive()
const price = z.strictObject({
  /** US dollars for a million tokens read. */
  inputPerMillion: z.coerce.number().nonnegative(),
  /** US dollars for a million tokens written. */
  outputPerMillion: z.coerce.number().nonnegative(),
})

/** Languages, ISO 639-3, in which pictures can be read: those whose data comes with the program. */
export const PICTURE_LANGUAGES = ['deu', 'eng', 'fra', 'ita', 'por', 'spa'] as const
export type PictureLanguage = (typeof PICTURE_LANGUAGES)[number]

const provider = z.enum(['auto', 'anthropic', 'openai', 'compatible', 'offline'])

/** What one turn of an agent may do with tools. */
export interface ToolLimits {
  /** Rounds of calls; after them the model must answer. */
  rounds: number
  /** UTF-16 code units of one result that the model is given. */
  resultLength: number
  /** Longest time of one call, in milliseconds. */
  callMs: number
}

export const TOOL_LIMITS: ToolLimits = { rounds: 5, resultLength: 8_000, callMs: 10_000 }

/** Where models are kept that everybody may download. */
export const HUB_URL = 'https://huggingface.co'

/** Everything that can be configured on a machine. What travels with the learner is in the vault's settings instead. */
export const configSchema = z.strictObject({
  /** The data folder; empty means the system's usual place (see `src-main/folders.ts`). */
  dataDir: z.string().default(''),
  /** Converted models and other things that can be made again; empty means the system's usual place. */
  cacheDir: z.string().default(''),
  log: z.strictObject({ level: z.enum(['silent', 'error', 'warn', 'info', 'debug']).default('warn') }).prefault({}),
  host: z
    .strictObject({
      /** Loopback port of the browser host; 0 takes a free one. */
      port: z.coerce.number().int().min(0).max(65_535).default(0),
      /** Whether the browser host opens the default browser. */
      open: booleanText().default(true),
    })
    .prefault({}),
  store: z
    .strictObject({
      /** postgres:// address of a server; empty means the embedded database in the data folder. */
      databaseUrl: z.string().default(''),
      statementTimeoutMs: milliseconds.default(30_000),
    })
    .prefault({}),
  models: z
    .strictObject({
      /** The models process is replaced between two requests once its resident size passes this. */
      recycleAboveMb: z.coerce.number().int().positive().default(1_500),
      /** Texts in one embedding batch. */
      embeddingBatch: z.coerce.number().int().positive().default(16),
      /** onnxruntime threads inside an operator; 0 takes one for every physical core. */
      threads: z.coerce.number().int().min(0).default(0),
      /** Where recognisers are downloaded from, when the learner asks for one. Another address is taken for the learner's own. */
      hubUrl: z.string().default(HUB_URL),
      /** A JSON file that lists other recognisers than the program knows (docs/voice.md §6); empty takes the program's own list. */
      catalogue: z.string().default(''),
    })
    .prefault({}),
  language: z
    .strictObject({
      /** `auto` takes the first that is configured: anthropic, openai, compatible, else offline. */
      provider: provider.default('auto'),
      anthropic: z
        .strictObject({
          apiKey: z.string().default(''),
          baseUrl: z.string().default(''),
          model: z.string().default('claude-haiku-5-5'),
        })
        .prefault({}),
      openai: z
        .strictObject({
          apiKey: z.string().default(''),
          baseUrl: z.string().default(''),
          model: z.string().default('gpt-6-luna'),
          /** Speaks, where Settings choose one of its voices. */
          voiceModel: z.string().default('gpt-4o-mini-tts'),
          /** Hears, where Settings choose it: gpt-4o-transcribe, gpt-4o-mini-transcribe or whisper-1. */
          earModel: z.string().default('gpt-4o-transcribe'),
        })
        .prefault({}),
      compatible: z
        .strictObject({
          /** Address of an OpenAI-compatible server, such as http://127.0.0.1:11434/v1. */
          baseUrl: z.string().default(''),
          apiKey: z.string().default(''),
          model: z.string().default(''),
        })
        .prefault({}),
      maxOutputTokens: z.coerce.number().int().positive().default(600),
      /** Longest wait for the first token, then between two tokens, then for the whole answer. */
      firstTokenTimeoutMs: milliseconds.default(20_000),
      idleTimeoutMs: milliseconds.default(15_000),
      totalTimeoutMs: milliseconds.default(120_000),
      retry: z
        .strictObject({
          attempts: z.coerce.number().int().min(1).max(10).default(3),
          baseMs: milliseconds.default(500),
          capMs: milliseconds.default(8_000),
        })
        .prefault({}),
      breaker: z
        .strictObject({
          /** Failures in a row that open the circuit. */
          failures: z.coerce.number().int().positive().default(5),
          coolDownMs: milliseconds.default(30_000),
        })
        .prefault({}),
      /** Spending stops when a calendar month (UTC) reaches this. */
      monthlyBudgetUsd: z.coerce.number().nonnegative().default(10),
      /**
       * US dollars by model name; the longest name that begins the model's name counts. Taken by hand from the providers' price pages in
       * November 2026, for prompts of ordinary length; a model that is not here costs an unknown amount and is not held back.
       */
      prices: z.record(z.string(), price).default({
        'claude-haiku-5-5': { inputPerMillion: 0.1, outputPerMillion: 0.5 },
        'claude-haiku-4-5': { inputPerMillion: 1, outputPerMillion: 5 },
        'claude-sonnet-5': { inputPerMillion: 2, outputPerMillion: 10 },
        'claude-sonnet-4': { inputPerMillion: 3, outputPerMillion: 15 },
        'claude-opus-5-5': { inputPerMillion: 4, outputPerMillion: 20 },
        'claude-opus-5': { inputPerMillion: 5, outputPerMillion: 25 },
        // The later models of the fourth generation cost a third of this; counting too much only stops earlier.
        'claude-opus-4': { inputPerMillion: 15, outputPerMillion: 75 },
        'claude-fable-5-1': { inputPerMillion: 10, outputPerMillion: 50 },
        'gpt-6-luna': { inputPerMillion: 0.1, outputPerMillion: 0.5 },
        'gpt-6-sol': { inputPerMillion: 2, outputPerMillion: 10 },
        'gpt-5.6-luna': { inputPerMillion: 0.2, outputPerMillion: 1.2 },
        'gpt-5.5-pro': { inputPerMillion: 30, outputPerMillion: 180 },
        'gpt-5.5': { inputPerMillion: 5, outputPerMillion: 30 },
        'gpt-5.4-pro': { inputPerMillion: 30, outputPerMillion: 180 },
        'gpt-5.4-mini': { inputPerMillion: 0.75, outputPerMillion: 4.5 },
        'gpt-5.4-nano': { inputPerMillion: 0.2, outputPerMillion: 1.25 },
        // Of its output, sound: about 21 tokens a second.
        // Of their input, sound: about 17 tokens a second. The last is paid by the minute, which comes to the same.
        'gpt-4o-transcribe': { inputPerMillion: 6, outputPerMillion: 10 },
        'gpt-4o-mini-transcribe': { inputPerMillion: 3, outputPerMillion: 5 },
        'whisper-1': { inputPerMillion: 6, outputPerMillion: 0 },
        'gpt-4o-mini-tts': { inputPerMillion: 0.6, outputPerMillion: 12 },
        'gpt-5.4': { inputPerMillion: 2.5, outputPerMillion: 15 },
      }),
    })
    .prefault({}),
  agents: z
    .strictObject({
      /**
       * Longest time of each agent in a turn: conversation, vision and synthesis to their first words, the others to their end. One that
       * is late is left out of the answer.
       */
      deadlines: z
        .strictObject({
          /** Then the offline tutor answers in its place. */
          conversation: milliseconds.default(5_000),
          /** Conversation where the learner asks again: a model of one's own may have to be loaded first. */
          again: milliseconds.default(60_000),
          analysis: milliseconds.default(2_000),
          research: milliseconds.default(8_000),
          vision: milliseconds.default(8_000),
          synthesis: milliseconds.default(3_000),
        })
        .prefault({}),
      /** How long the learner is waited for before something leaves the device, where Settings say to ask. */
      consentMs: milliseconds.default(30_000),
      /** US dollars that one turn may spend, over all its agents and their rounds of tool calls. The month's budget holds besides. */
      turnUsd: z.coerce.number().nonnegative().default(1),
      /** Rounds of tool calls in one turn of an agent; after them the model must answer. */
      toolRounds: z.coerce.number().int().positive().max(20).default(TOOL_LIMITS.rounds),
      /** What the model is given of one tool's result, in UTF-16 code units; the rest is cut. */
      toolResultLength: z.coerce.number().int().min(200).max(200_000).default(TOOL_LIMITS.resultLength),
      /** Longest time of one call of a tool. */
      toolMs: milliseconds.default(TOOL_LIMITS.callMs),
      /** Servers of the Model Context Protocol that the learner added. */
      mcp: z
        .strictObject({
          /** Longest time for a server to start and to name its tools. */
          startMs: milliseconds.default(30_000),
          /** Longest time of one call. */
          callMs: milliseconds.default(30_000),
          /** Largest answer, in KB of 2^10 bytes. */
          answerKb: z.coerce.number().int().positive().max(10_240).default(512),
          /** A server that was not asked for so long is ended. */
          idleMs: milliseconds.default(600_000),
        })
        .prefault({}),
      research: z
        .strictObject({
          /** Largest answer that is read of anybody, in KB of 2^10 bytes. */
          answerKb: z.coerce.number().int().positive().max(10_240).default(512),
          /** Longest wait for one source, within the deadline of the agent. */
          sourceMs: milliseconds.default(4_000),
          /** How long what was fetched is kept, and most of it, in MB of 2^20 bytes. */
          cacheHours: z.coerce.number().positive().max(720).default(24),
          cacheMb: z.coerce.number().positive().max(1_000).default(16),
          /** Where the four services are; `{language}` stands for that of the question. Another address is taken for the learner's own. */
          wikipedia: z.strictObject({ baseUrl: z.string().default('https://{language}.wikipedia.org') }).prefault({}),
          arxiv: z.strictObject({ baseUrl: z.string().default('https://export.arxiv.org') }).prefault({}),
          tavily: z
            .strictObject({ apiKey: z.string().default(''), baseUrl: z.string().default('https://api.tavily.com') })
            .prefault({}),
          brave: z
            .strictObject({
              apiKey: z.string().default(''),
              baseUrl: z.string().default('https://api.search.brave.com'),
            })
            .prefault({}),
        })
        .prefault({}),
    })
    .prefault({}),
  documents: z
    .strictObject({
      /** Largest file that becomes a document, and largest web page, in MB of 2^20 bytes. */
      fileMb: z.coerce.number().int().positive().max(100).default(50),
      /** Most pages, slides, sheets or chapters of one document. */
      pages: z.coerce.number().int().positive().default(1_000),
      /** Longest time for reading one document, in seconds. */
      seconds: z.coerce.number().int().positive().default(600),
      /** Longest time in which reading must make a step, in seconds. */
      stallSeconds: z.coerce.number().int().positive().default(60),
      /** Memory of the process that reads, in MB of 10^6 bytes; it is ended above. */
      memoryMb: z.coerce.number().int().min(200).default(1_500),
      /** Most that a packed file may unfold to, in MB of 2^20 bytes. */
      unpackedMb: z.coerce.number().int().positive().default(200),
      /** Language of the writing in pictures and scanned pages, where the settings choose none. */
      pictureLanguage: z.enum(PICTURE_LANGUAGES).default('eng'),
      /** Deepest nesting of structure. */
      depth: z.coerce.number().int().positive().default(256),
      /** Longest wait for a web page, in milliseconds. */
      addressTimeoutMs: milliseconds.default(20_000),
    })
    .prefault({}),
  pictures: z
    .strictObject({
      /** Pictures that may go with one message. */
      perTurn: z.coerce.number().int().min(1).max(20).default(4),
      /** Largest file of a picture, in MB of 2^20 bytes. */
      fileMb: z.coerce.number().int().positive().max(50).default(15),
      /** Most pixels of a picture, in millions; it takes four bytes for each to look at it. */
      megapixels: z.coerce.number().int().positive().max(200).default(50),
      /** Longest side of what a model is shown, in pixels; beyond it providers scale down themselves. */
      longestSide: z.coerce.number().int().min(64).max(8_000).default(1_568),
    })
    .prefault({}),
  screen: z
    .strictObject({
      /** How often the study timeline looks at the screen, in seconds. */
      everySeconds: z.coerce.number().min(1).max(600).default(5),
      /** Frames that may wait to be read, and most of them together in MB of 2^20 bytes; what comes beyond is left out, and said. */
      queueFrames: z.coerce.number().int().positive().max(1_000).default(30),
      queueMb: z.coerce.number().int().positive().max(2_000).default(150),
      /** Where Settings say nothing: frames older than so many days go, and the oldest ones beyond so many MB of 2^20 bytes. */
      days: z.coerce.number().int().positive().max(3_650).default(14),
      mb: z.coerce.number().int().positive().max(100_000).default(2_000),
    })
    .prefault({}),
  backup: z
    .strictObject({
      /** Whether a backup is made every day, once there is a recovery phrase. */
      automatic: booleanText().default(true),
      /** Folder for backups; empty means "Learning Voice Agent backups" in the learner's home folder. */
      folder: z.string().default(''),
      /** How many backups are kept: one for each of so many days, weeks and months. */
      keep: z
        .strictObject({
          daily: z.coerce.number().int().min(1).max(365).default(7),
          weekly: z.coerce.number().int().min(0).max(520).default(4),
          monthly: z.coerce.number().int().min(0).max(1_200).default(12),
        })
        .prefault({}),
      /** After so many days a backup builds on no earlier one any more. */
      fullEveryDays: z.coerce.number().int().min(1).max(365).default(30),
      /** S3-compatible storage; an empty endpoint means none. */
      s3: z
        .strictObject({
          endpoint: z.string().default(''),
          region: z.string().default('us-east-1'),
          bucket: z.string().default(''),
          prefix: z.string().default(''),
          accessKeyId: z.string().default(''),
          secretAccessKey: z.string().default(''),
        })
        .prefault({}),
    })
    .prefault({}),
  limits: z
    .strictObject({
      /** Longest text of one capture, in UTF-16 code units. */
      textLength: z.coerce.number().int().positive().default(8_000_000),
      /** Longest recording that is transcribed, in seconds. */
      audioSeconds: z.coerce.number().int().positive().default(3_600),
      /** Longest search query that is looked at, in UTF-16 code units; the rest is ignored. */
      queryLength: z.coerce.number().int().positive().default(2_000),
    })
    .prefault({}),
})

export type Config = z.output<typeof configSchema>

/** Names that the world already uses for two of our settings; our own names win over them. */
const FAMILIAR_NAMES: Record<string, readonly string[]> = {
  ANTHROPIC_API_KEY: ['language', 'anthropic', 'apiKey'],
  OPENAI_API_KEY: ['language', 'openai', 'apiKey'],
}

/**
 * Environment over file over default.
 * @param environment variables; a setting `a.bC` is read from `LVA_A_B_C`
 * @param file the parsed `config.json`, or undefined when there is none
 * @throws LvaError config-invalid naming each unknown key and each value that does not fit
 */
export function loadConfig(environment: Record<string, string | undefined>, file?: unknown): Config {
  const names = environmentNames()
  const merged: Record<string, unknown> = isRecord(file) ? structuredClone(file) : {}
  if (file !== undefined && !isRecord(file)) throw invalid(['config.json: must be an object'])
  const problems: string[] = []
  for (const [name, path] of Object.entries(FAMILIAR_NAMES)) setIfPresent(merged, path, environment[name])
  for (const [name, value] of Object.entries(environment)) {
    if (!name.startsWith('LVA_') || name.startsWith('LVA_TEST_') || value === undefined) continue
    const path = names.get(name)
    if (path) setIfPresent(merged, path, value)
    else problems.push(`${name}: unknown setting`)
  }
  const parsed = configSchema.safeParse(merged)
  if (!parsed.success) problems.push(...parsed.error.issues.map(describeIssue))
  if (problems.length > 0 || !parsed.success) throw invalid(problems)
  return parsed.data
}

/** The environment variable for each setting, such as `LVA_HOST_PORT` for `host.port`. */
export function environmentNames(): Map<string, string[]> {
  const names = new Map<string, string[]>()
  const walk = (value: unknown, path: string[]) => {
    if (isRecord(value) && path.at(-1) !== 'prices') {
      for (const [key, child] of Object.entries(value)) walk(child, [...path, key])
    } else if (path.at(-1) !== 'prices') {
      names.set(
        `LVA_${path.map((part) => part.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()).join('_')}`,
        path,
      )
    }
  }
  walk(configSchema.parse({}), [])
  return names
}

/** A copy that can be shown: every value whose key names a secret is masked. */
export function maskConfig(config: Config): Config {
  return JSON.parse(
    JSON.stringify(config, (key, value) => {
      if (/key|token|password|secret/i.test(key) && typeof value === 'string' && value !== '') return '********'
      if (key === 'databaseUrl' && typeof value === 'string')
        return value.replace(/\/\/([^:@/]+):[^@/]*@/, '//$1:********@')
      return value
    }),
  ) as Config
}

function booleanText() {
  return z.union([
    z.boolean(),
    z.enum(['true', 'false', '1', '0']).transform((text) => text === 'true' || text === '1'),
  ])
}

function setIfPresent(target: Record<string, unknown>, path: readonly string[], value: string | undefined): void {
  if (value === undefined || value === '') return
  let place = target
  for (const key of path.slice(0, -1)) {
    const next = isRecord(place[key]) ? place[key] : {}
    place[key] = next
    place = next
  }
  place[path.at(-1) as string] = value
}

function describeIssue(issue: z.core.$ZodIssue): string {
  const place = issue.path.join('.') || 'config.json'
  return issue.code === 'unrecognized_keys'
    ? `${place}: unknown key ${issue.keys.join(', ')}`
    : `${place}: ${issue.message}`
}

function invalid(problems: string[]): LvaError {
  return new LvaError('config-invalid', `The configuration does not fit: ${problems.join('; ')}.`, {
    advice: 'Correct config.json or the LVA_ environment variables; "lva config" shows every setting.',
    params: { problems: problems.join('; ') },
  })
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
