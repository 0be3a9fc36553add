import type { MenuItemConstructorOptions } from 'electron'
import {
  type AskedAction,
  type DeskMessage,
  type DeskReport,
  type DeskState,
  type GlobalKey,
  type PowerChange,
  readLink,
} from '../../src-core/contract/index.ts'
import type { Clock } from '../../src-core/kernel/index.ts'
import type { CoreState } from '../core-host.ts'
import { type ChoicesFile, changed, type DeskChoices } from './choices.ts'
import { GlobalKeys } from './global-keys.ts'
import { trayMenu } from './tray-menu.ts'
import { type TrayState, together, trayState } from './tray-state.ts'
import { DESK_WORDS, type DeskLanguage } from './words.ts'

/** One of our windows. */
export interface DeskWindow {
  /** Number of its page. */
  readonly page: number
  readonly isShown: boolean
  readonly isInFront: boolean
  /** Shows it, in front of all others, with the keyboard. */
  show(): void
  hide(): void
  tell(message: DeskMessage): void
}

export interface TrayView {
  state: TrayState
  /** Said where the pointer rests on it. */
  about: string
  menu: MenuItemConstructorOptions[]
}

export interface DeskParts {
  choices: ChoicesFile
  keys: ConstructorParameters<typeof GlobalKeys>[0]
  /** The main window, opened where it is not. */
  main(): DeskWindow
  /** The small one, opened where it is not. */
  quick(): DeskWindow
  /** Those that are open, shown or not. */
  windows(): DeskWindow[]
  /** Null where this desktop shows no icons. */
  tray: { show(view: TrayView): void } | null
  system: Pick<DeskState, 'tellsWindows' | 'listsScreens' | 'opensPrivacy'>
  /** Of the desktop, until a page has told its own. */
  language: DeskLanguage
  /** The learner's answer to a question with two buttons. */
  choose(question: { message: string; detail: string; yes: string; no: string }): Promise<boolean>
  quit(): void
  clock: Pick<Clock, 'sleep'>
}

/** A window that was hidden is off the screen after this, in milliseconds: desktops fade them out. */
const FADES_OUT = 300
/** Windows that stepped aside come back after this, whatever became of the page that asked. */
const ASIDE_AT_MOST = 5_000

const OF_KEY = { talk: 'talk', screen: 'show-screen', timeline: 'timeline' } as const

/** The desktop's side of docs/desktop.md: windows, tray, keys and links, without anything of Electron in it. */
export class Desk {
  readonly #parts: DeskParts
  readonly #keys: GlobalKeys
  readonly #reports = new Map<number, DeskReport>()
  /** For pages that have not told yet that they listen. */
  readonly #waiting = new Map<number, DeskMessage[]>()
  #choices: DeskChoices
  #core: CoreState['state'] = 'starting'
  #aside: { windows: DeskWindow[]; over: AbortController } | undefined
  #isAsking = false
  #isEnding = false

  constructor(parts: DeskParts) {
    this.#parts = parts
    this.#choices = parts.choices.read()
    this.#keys = new GlobalKeys(parts.keys, (name) => this.press(name))
  }

  get state(): DeskState {
    const { tray, system } = this.#parts
    return { ...system, background: this.#choices.background, hasTray: tray !== null, keys: this.#keys.state }
  }

  start(): void {
    this.#keys.take(this.#choices.keys)
    this.#showTray()
    this.#parts.main()
  }

  /** A key that works everywhere was pressed. */
  press(name: GlobalKey): void {
    if (name === 'quick') this.#toggleQuick()
    else this.ask(OF_KEY[name])
  }

  /** Asks the main window's page to do something. */
  ask(action: AskedAction): void {
    const main = this.#parts.main()
    // What it says about it is to be seen.
    if (action !== 'timeline' && !this.#endsSomething(action)) main.show()
    this.#tell(main, { type: 'do', action })
  }

  /** The computer falls asleep, or is awake again. Every page may be listening or recording; one that has not begun yet does neither. */
  power(action: PowerChange): void {
    this.#tellAll({ type: 'do', action })
  }

  /** Shows what a link from outside names. It is the page that says what is wrong with one. */
  openLink(link: string): void {
    const words = quickWords(link)
    if (words !== undefined) {
      this.#showQuick(words)
      return
    }
    const main = this.#parts.main()
    main.show()
    this.#tell(main, { type: 'link', link })
  }

  /** Hides the small window: by its key, by what was done in it, or because it was closed. Nobody is heard by a window that nobody sees. */
  hideQuick(): void {
    const quick = this.#parts.quick()
    quick.hide()
    if (this.#reports.has(quick.page)) quick.tell({ type: 'do', action: 'hidden' })
  }

  /** The program was started again, or its icon pressed. */
  show(): void {
    this.#parts.main().show()
  }

  hear(page: number, message: DeskMessage): void {
    switch (message.type) {
      case 'report':
        this.#hearReport(page, message.report)
        break
      case 'set-desk':
        this.#choose(changed(this.#choices, message.change))
        this.#keys.take(this.#choices.keys)
        this.#tellAll({ type: 'desk', desk: this.state })
        break
      case 'press-keys':
        this.#keys.rest(message.on)
        break
      case 'quick':
        this.#showQuick(message.text)
        break
      case 'hide-quick':
        this.hideQuick()
        break
      case 'show':
        this.show()
        break
      case 'step-aside':
        void this.#stepAside(page, message.ask)
        break
      case 'step-back':
        this.#stepBack()
    }
  }

  /** A page was closed, or is loaded anew. */
  gone(page: number): void {
    this.#keys.rest(false)
    this.#waiting.delete(page)
    if (this.#reports.delete(page)) this.#showTray()
  }

  coreIs(state: CoreState['state']): void {
    this.#core = state
    this.#showTray()
  }

  /**
   * The learner closes the main window.
   * @returns whether it may go; else it was hidden, or a question is being asked
   */
  mayClose(): boolean {
    if (this.#isEnding) return true
    const { background } = this.#choices
    if (background === 'on') this.#parts.main().hide()
    else if (background === 'off') this.quit()
    else void this.#askAboutClosing()
    return false
  }

  quit(): void {
    this.#parts.quit()
  }

  /** The program ends: windows may close, and the keys are others' again. */
  end(): void {
    this.#isEnding = true
    this.#keys.letGo()
  }

  /** Whether windows may close. */
  get isEnding(): boolean {
    return this.#isEnding
  }

  get #language(): DeskLanguage {
    return this.#choices.language ?? this.#parts.language
  }

  get #report(): DeskReport | null {
    return together([...this.#reports.values()])
  }

  #endsSomething(action: AskedAction): boolean {
    const report = this.#report
    return (
      (action === 'record' && report !== null && report.recording !== 'off') ||
      (action === 'hands-free' && report?.handsFree === true)
    )
  }

  #hearReport(page: number, report: DeskReport): void {
    this.#reports.set(page, report)
    if (report.language !== this.#choices.language) this.#choose({ ...this.#choices, language: report.language })
    this.#showTray()
    const window = this.#windowOf(page)
    // Each time: a page that was loaded anew has forgotten it.
    window?.tell({ type: 'desk', desk: this.state })
    for (const message of this.#waiting.get(page) ?? []) window?.tell(message)
    this.#waiting.delete(page)
  }

  #toggleQuick(): void {
    const quick = this.#parts.quick()
    if (quick.isInFront) this.hideQuick()
    else quick.show()
  }

  /** @param words that a link brought, or null */
  #showQuick(words: string | null): void {
    const quick = this.#parts.quick()
    quick.show()
    if (words) this.#tell(quick, { type: 'quick-text', text: words })
  }

  async #stepAside(page: number, ask: number): Promise<void> {
    this.#stepBack()
    const windows = this.#parts.windows().filter(({ isShown }) => isShown)
    const over = new AbortController()
    this.#aside = { windows, over }
    for (const window of windows) window.hide()
    try {
      await this.#parts.clock.sleep(FADES_OUT, over.signal)
      this.#windowOf(page)?.tell({ type: 'aside', ask })
      await this.#parts.clock.sleep(ASIDE_AT_MOST, over.signal)
    } catch {
      return // they are back already
    }
    this.#stepBack()
  }

  #stepBack(): void {
    const aside = this.#aside
    this.#aside = undefined
    aside?.over.abort(new Error('back'))
    for (const window of aside?.windows ?? []) window.show()
  }

  async #askAboutClosing(): Promise<void> {
    if (this.#isAsking) return
    this.#isAsking = true
    const { message, withTray, withoutTray, keep, quit } = DESK_WORDS[this.#language].closing
    const detail = this.#parts.tray ? withTray : withoutTray
    try {
      const stays = await this.#parts.choose({ message, detail, yes: keep, no: quit })
      this.#choose({ ...this.#choices, background: stays ? 'on' : 'off' })
      if (stays) this.#parts.main().hide()
      else this.quit()
    } finally {
      this.#isAsking = false
    }
  }

  #choose(choices: DeskChoices): void {
    this.#choices = choices
    this.#parts.choices.write(choices)
  }

  #tell(window: DeskWindow, message: DeskMessage): void {
    if (this.#reports.has(window.page)) window.tell(message)
    else this.#waiting.set(window.page, [...(this.#waiting.get(window.page) ?? []), message])
  }

  #tellAll(message: DeskMessage): void {
    for (const window of this.#parts.windows()) if (this.#reports.has(window.page)) window.tell(message)
  }

  #windowOf(page: number): DeskWindow | undefined {
    return this.#parts.windows().find((window) => window.page === page)
  }

  #showTray(): void {
    const report = this.#report
    const state = trayState(report, this.#core)
    const doings = {
      open: () => this.show(),
      quick: () => this.#showQuick(null),
      ask: (action: AskedAction) => this.ask(action),
      quit: () => this.quit(),
    }
    const menu = trayMenu(report, this.#language, doings)
    this.#parts.tray?.show({ state, about: DESK_WORDS[this.#language].state[state], menu })
  }
}

/** The words that a link has for the small window; undefined for every other link. */
function quickWords(link: string): string | undefined {
  try {
    const read = readLink(link)
    return read.kind === 'quick' ? read.text : undefined
  } catch {
    return undefined
  }
}
