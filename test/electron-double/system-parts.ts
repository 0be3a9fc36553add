import { EventEmitter } from 'node:events'

interface MenuItemTemplate {
  id?: string
  role?: string
  label?: string
  type?: string
  submenu?: MenuItemTemplate[]
  click?: () => void
}

/** `electron.Menu`: kept as values, for tests to look at. */
export class Menu {
  static #application: Menu | null = null
  readonly items: MenuItemTemplate[]

  constructor(items: MenuItemTemplate[] = []) {
    this.items = items
  }

  static buildFromTemplate(template: MenuItemTemplate[]): Menu {
    return new Menu(template)
  }

  static setApplicationMenu(menu: Menu | null): void {
    Menu.#application = menu
  }

  static getApplicationMenu(): Menu | null {
    return Menu.#application
  }
}

/** `electron.dialog`: nobody could close one, so that what would be shown is printed. */
export const dialog = {
  showErrorBox: (title: string, content: string) => console.error(`[dialog] ${title}: ${content}`),
  /** The first button; a test puts its own answer there. */
  showMessageBox: async (_window: object, { message }: { message: string }) => {
    console.error(`[dialog] ${message}`)
    return { response: 0, checkboxChecked: false }
  },
}

/** `electron.shell`: nothing is opened; a test puts its own function there to see what would be. */
export const shell = {
  openExternal: async (address: string) => console.error(`[shell] ${address}`),
}

export const nativeTheme = Object.assign(new EventEmitter(), {
  themeSource: 'system',
  shouldUseDarkColors: false,
  shouldUseDarkColorsForSystemIntegratedUI: false,
})

interface Area {
  x: number
  y: number
  width: number
  height: number
}

/** Two screens beside each other, the second with four pixels a point. */
const displays = [
  display(1, { x: 0, y: 0, width: 1_280, height: 800 }, 1),
  display(2, { x: 1_280, y: 0, width: 960, height: 600 }, 2),
]

function display(id: number, area: Area, scaleFactor: number) {
  return { id, scaleFactor, bounds: area, workArea: area }
}

export const screen = {
  getAllDisplays: () => displays,
  getCursorScreenPoint: () => ({ x: 10, y: 10 }),
  getDisplayNearestPoint: ({ x }: { x: number }) =>
    displays.find(({ bounds }) => x < bounds.x + bounds.width) ?? displays[0],
}

/** `electron.nativeImage`: the PNGs that it was made of. */
export class NativeImage {
  readonly pngs = new Map<number, Buffer>()
  isTemplate = false

  static createEmpty(): NativeImage {
    return new NativeImage()
  }

  addRepresentation({ scaleFactor = 1, buffer }: { scaleFactor?: number; buffer: Buffer }): void {
    this.pngs.set(scaleFactor, buffer)
  }

  setTemplateImage(isTemplate: boolean): void {
    this.isTemplate = isTemplate
  }

  toPNG(): Buffer {
    return this.pngs.get(1) ?? Buffer.alloc(0)
  }
}

/** `electron.Tray`: what it shows, for tests to look at and press. */
export class Tray extends EventEmitter {
  /** The one that is shown. */
  static present: Tray | null = null
  image: NativeImage
  toolTip = ''
  menu: Menu | null = null

  constructor(image: NativeImage) {
    super()
    this.image = image
    Tray.present = this
  }

  setImage(image: NativeImage): void {
    this.image = image
  }

  setToolTip(toolTip: string): void {
    this.toolTip = toolTip
  }

  setContextMenu(menu: Menu): void {
    this.menu = menu
  }
}

/** `electron.globalShortcut`: another program has the keys that `LVA_TEST_FOREIGN_KEYS` names, between spaces; a test presses one by `press`. */
export class GlobalShortcut {
  readonly foreign = new Set((process.env.LVA_TEST_FOREIGN_KEYS ?? '').split(' ').filter(Boolean))
  readonly #held = new Map<string, () => void>()
  #isSuspended = false

  register(accelerator: string, run: () => void): boolean {
    if (this.#isSuspended || this.foreign.has(accelerator) || this.#held.has(accelerator)) return false
    this.#held.set(accelerator, run)
    return true
  }

  unregister(accelerator: string): void {
    this.#held.delete(accelerator)
  }

  isRegistered(accelerator: string): boolean {
    return this.#held.has(accelerator)
  }

  setSuspended(isSuspended: boolean): void {
    this.#isSuspended = isSuspended
  }

  isSuspended(): boolean {
    return this.#isSuspended
  }

  /** Not of Electron: the learner presses these keys, in whatever program. */
  press(accelerator: string): void {
    if (!this.#isSuspended) this.#held.get(accelerator)?.()
  }
}

/** `electron.systemPreferences`: a system that lets everybody have everything. */
export const systemPreferences = {
  getMediaAccessStatus: () => 'granted',
  askForMediaAccess: async () => true,
}

/** `electron.desktopCapturer`: the screens, a window of somebody else and one of ours. */
class DesktopCapturer {
  /** Not of Electron: titles of the other windows that a test opens; null where the system does not tell what is open. */
  opened: string[] | null = []
  /** Not of Electron: how often windows were asked for. */
  asked = 0

  async getSources({ types }: { types: string[] }) {
    if (types.includes('window')) this.asked += 1
    if (!this.opened) throw new Error('Failed to get sources.')
    return [
      ...displays.map(({ id }) => source(`screen:${id}:0`, `Screen ${id}`, String(id))),
      source('window:70:0', 'Lecture: glycolysis', ''),
      source('window:71:1', 'Learning Voice Agent', ''),
      ...this.opened.map((title, at) => source(`window:${80 + at}:0`, title, '')),
    ].filter(({ id }) => types.some((type) => id.startsWith(type)))
  }
}

export const desktopCapturer = new DesktopCapturer()

/** A grey PNG of one pixel. */
const PIXEL = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mPMzMz8DwAEuAHYn5uQ0gAAAABJRU5ErkJggg=='

function source(id: string, name: string, display_id: string) {
  const thumbnail = new NativeImage()
  thumbnail.addRepresentation({ buffer: Buffer.from(PIXEL, 'base64') })
  return { id, name, display_id, thumbnail }
}
