/** The sections of Settings, in their order. */
export const SETTINGS_SECTIONS = [
  'models',
  'voice',
  'privacy',
  'cost',
  'folders',
  'data',
  'takeHome',
  'legacy',
  'appearance',
  'keyboard',
  'about',
] as const

export type SectionName = (typeof SETTINGS_SECTIONS)[number]
