import type * as Y from 'yjs'
import { PICTURE_LANGUAGES } from '../kernel/index.ts'
import { badInput, type Json, wellFormed } from './door.ts'
import { DEFAULT_SETTINGS, type Settings, TALK_MODES } from './types.ts'

type Key = keyof Settings

const oneOf = (...values: Json[]) => ({
  fits: (value: unknown) => values.includes(value as Json),
  form: `one of ${values.join(', ')}`,
})
const flag = { fits: (value: unknown) => typeof value === 'boolean', form: 'true or false' }
const text = (longest: number) => ({
  fits: (value: unknown) => typeof value === 'string' && value.length <= longest,
  form: `text of at most ${longest} characters`,
})
const within = (least: number, most: number) => ({
  fits: (value: unknown) => typeof value === 'number' && value >= least && value <= most,
  form: `a number from ${least} to ${most}`,
})

const daysOrNull = {
  fits: (value: unknown) => value === null || within(1, 3_650).fits(value),
  form: 'null or a number of days from 1 to 3650',
}

/** What each preference may be. Lengths are UTF-16 code units. */
const RULES: Record<Key, { fits: (value: unknown) => boolean; form: string }> = {
  theme: oneOf('system', 'light', 'dark'),
  language: oneOf('system', 'en', 'de', 'es'),
  welcomed: flag,
  speakAnswers: flag,
  voice: text(200),
  voiceRate: within(0.5, 2),
  voiceLanguage: text(20),
  keepRecordings: flag,
  turnPause: within(0.3, 3),
  recogniser: text(100),
  spokenLanguage: text(8),
  conceptsByModel: flag,
  pictureLanguage: oneOf('configured', ...PICTURE_LANGUAGES),
  talkMode: oneOf(...TALK_MODES),
  askAboutGoals: flag,
  provider: oneOf('auto', 'anthropic', 'openai', 'compatible', 'offline'),
  anthropicModel: text(200),
  openaiModel: text(200),
  compatibleUrl: text(2_000),
  compatibleModel: text(200),
  monthlyBudgetUsd: {
    fits: (value) => value === null || within(0, 1e9).fits(value),
    form: 'null or a number of US dollars, not negative',
  },
  research: oneOf('off', 'ask', 'on'),
  researchWikipedia: flag,
  researchArxiv: flag,
  researchAddresses: flag,
  researchWeb: oneOf('none', 'searxng', 'json', 'tavily', 'brave'),
  researchWebUrl: text(2_000),
  researchWebResults: text(200),
  timelineDays: daysOrNull,
  timelineMb: {
    fits: (value) => value === null || within(10, 100_000).fits(value),
    form: 'null or a number of MB from 10 to 100000',
  },
  timelineExcluded: {
    fits: (value) => Array.isArray(value) && value.length <= 200 && value.every(text(200).fits),
    form: 'a list of at most 200 names',
  },
  recordingDays: daysOrNull,
  longRecordingDays: daysOrNull,
  pictureDays: daysOrNull,
  researchAllowed: {
    fits: (value) => Array.isArray(value) && value.length <= 100 && value.every(text(2_000).fits),
    form: 'a list of at most 100 names',
  },
}

/** The map that holds the preferences. */
export function settingsOf(doc: Y.Doc): Y.Map<unknown> {
  return doc.getMap('settings')
}

/** The preferences that the stored values give; what is missing or does not fit keeps its default. */
export function readSettings(stored: ReadonlyMap<string, unknown>): Settings {
  const settings: Record<string, unknown> = { ...DEFAULT_SETTINGS }
  for (const [key, rule] of Object.entries(RULES)) {
    const value = stored.get(key)
    if (value !== undefined && rule.fits(value)) settings[key] = value
  }
  return settings as unknown as Settings
}

/**
 * The keys and values of a patch; keys whose value is undefined are left out.
 * @throws LvaError bad-input naming the key that is unknown or whose value does not fit
 */
export function takeSettings(patch: Partial<Settings>): [Key, Json][] {
  return Object.entries(patch)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => {
      if (!Object.hasOwn(RULES, key)) throw badInput(`There is no setting ${wellFormed(key).slice(0, 60)}.`)
      const rule = RULES[key as Key]
      if (!rule.fits(value)) throw badInput(`The setting ${key} must be ${rule.form}.`)
      return [key as Key, typeof value === 'string' ? wellFormed(value) : value]
    })
}
