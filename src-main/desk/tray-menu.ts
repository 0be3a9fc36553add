import type { MenuItemConstructorOptions } from 'electron'
import type { AskedAction, DeskReport } from '../../src-core/contract/index.ts'
import { DESK_WORDS, type DeskLanguage } from './words.ts'

export interface TrayDoings {
  open(): void
  quick(): void
  ask(action: AskedAction): void
  quit(): void
}

/** What the tray offers, for what is being done now. */
export function trayMenu(
  report: DeskReport | null,
  language: DeskLanguage,
  doings: TrayDoings,
): MenuItemConstructorOptions[] {
  const words = DESK_WORDS[language]
  const timeline = report?.timeline ?? 'off'
  return [
    { id: 'open', label: words.open, click: doings.open },
    { id: 'quick', label: words.quick, click: doings.quick },
    { type: 'separator' },
    {
      id: 'record',
      label: (report?.recording ?? 'off') === 'off' ? words.record : words.stopRecording,
      click: () => doings.ask('record'),
    },
    {
      id: 'timeline',
      label: timeline === 'paused' ? words.resumeTimeline : words.pauseTimeline,
      // It is started where the learner can choose a screen.
      enabled: timeline !== 'off',
      click: () => doings.ask('timeline'),
    },
    {
      id: 'hands-free',
      label: report?.handsFree ? words.stopHandsFree : words.handsFree,
      click: () => doings.ask('hands-free'),
    },
    { type: 'separator' },
    { id: 'quit', label: words.quit, click: doings.quit },
  ]
}
