/** The sections of Settings, in their order. */
export const SETTINGS_SECTIONS = [
  'models',
  'research',
  'voice',
  'screen',
  'privacy',
  'cost',
  'mcp',
  'folders',
  'data',
  'takeHome',
  'backups',
  'sync',
  'legacy',
  'appearance',
  'desktop',
  'keyboard',
  'about',
  'erase',
] as const

export type SectionName = (typeof SETTINGS_SECTIONS)[number]
