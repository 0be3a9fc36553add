import type { DeskReport } from '../../src-core/contract/index.ts'
import type { TrayState } from './tray-state.ts'

export type DeskLanguage = DeskReport['language']

interface DeskWords {
  state: Record<TrayState, string>
  open: string
  quick: string
  record: string
  stopRecording: string
  pauseTimeline: string
  resumeTimeline: string
  handsFree: string
  stopHandsFree: string
  quit: string
  /** The first time the window is closed. */
  closing: { message: string; withTray: string; withoutTray: string; keep: string; quit: string }
}

/** What the desktop itself says: menus and questions that are shown outside our page. */
export const DESK_WORDS: Record<DeskLanguage, DeskWords> = {
  en: {
    state: {
      idle: 'Learning Voice Agent',
      listening: 'Learning Voice Agent: listening',
      recording: 'Learning Voice Agent: recording',
      syncing: 'Learning Voice Agent: syncing',
      problem: 'Learning Voice Agent: something needs you',
    },
    open: 'Open',
    quick: 'Quick capture',
    record: 'Start a recording',
    stopRecording: 'Finish the recording',
    pauseTimeline: 'Pause the timeline',
    resumeTimeline: 'Go on with the timeline',
    handsFree: 'Talk hands-free',
    stopHandsFree: 'Stop talking hands-free',
    quit: 'Quit',
    closing: {
      message: 'Keep running in the background?',
      withTray:
        'Quick capture and your keys then work while the window is closed. The icon in the bar, or starting the program again, brings the window back. Settings, Desktop changes this.',
      withoutTray:
        'Quick capture and your keys then work while the window is closed. This desktop shows no icon for it: start the program again to bring the window back. Settings, Desktop changes this.',
      keep: 'Keep running',
      quit: 'Quit',
    },
  },
  de: {
    state: {
      idle: 'Learning Voice Agent',
      listening: 'Learning Voice Agent: hört zu',
      recording: 'Learning Voice Agent: nimmt auf',
      syncing: 'Learning Voice Agent: gleicht ab',
      problem: 'Learning Voice Agent: etwas braucht dich',
    },
    open: 'Öffnen',
    quick: 'Schnell festhalten',
    record: 'Aufnahme beginnen',
    stopRecording: 'Aufnahme beenden',
    pauseTimeline: 'Lernzeitleiste anhalten',
    resumeTimeline: 'Lernzeitleiste fortsetzen',
    handsFree: 'Ohne Hände sprechen',
    stopHandsFree: 'Gespräch ohne Hände beenden',
    quit: 'Beenden',
    closing: {
      message: 'Im Hintergrund weiterlaufen?',
      withTray:
        'Schnelles Festhalten und deine Tasten gehen dann auch bei geschlossenem Fenster. Das Symbol in der Leiste oder ein erneuter Start holt das Fenster zurück. Unter Einstellungen, Desktop lässt sich das ändern.',
      withoutTray:
        'Schnelles Festhalten und deine Tasten gehen dann auch bei geschlossenem Fenster. Dieser Desktop zeigt dafür kein Symbol: Starte das Programm noch einmal, um das Fenster zurückzuholen. Unter Einstellungen, Desktop lässt sich das ändern.',
      keep: 'Weiterlaufen',
      quit: 'Beenden',
    },
  },
  es: {
    state: {
      idle: 'Learning Voice Agent',
      listening: 'Learning Voice Agent: escuchando',
      recording: 'Learning Voice Agent: grabando',
      syncing: 'Learning Voice Agent: sincronizando',
      problem: 'Learning Voice Agent: algo te necesita',
    },
    open: 'Abrir',
    quick: 'Captura rápida',
    record: 'Empezar una grabación',
    stopRecording: 'Terminar la grabación',
    pauseTimeline: 'Pausar la línea de tiempo',
    resumeTimeline: 'Seguir con la línea de tiempo',
    handsFree: 'Hablar con manos libres',
    stopHandsFree: 'Dejar de hablar con manos libres',
    quit: 'Salir',
    closing: {
      message: '¿Seguir en segundo plano?',
      withTray:
        'La captura rápida y tus teclas funcionan entonces con la ventana cerrada. El icono de la barra, o iniciar el programa otra vez, la trae de vuelta. Se cambia en Ajustes, Escritorio.',
      withoutTray:
        'La captura rápida y tus teclas funcionan entonces con la ventana cerrada. Este escritorio no muestra un icono: inicia el programa otra vez para traerla de vuelta. Se cambia en Ajustes, Escritorio.',
      keep: 'Seguir',
      quit: 'Salir',
    },
  },
}

/** The language of the words, from a locale such as "de-AT". */
export function languageOf(locale: string): DeskLanguage {
  const [language] = locale.toLowerCase().split(/[-_]/)
  return language === 'de' || language === 'es' ? language : 'en'
}
