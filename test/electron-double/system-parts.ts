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
}

/** `electron.shell`: nothing is opened; a test puts its own function there to see what would be. */
export const shell = {
  openExternal: async (address: string) => console.error(`[shell] ${address}`),
}

export const nativeTheme = Object.assign(new EventEmitter(), {
  themeSource: 'system',
  shouldUseDarkColors: false,
})

const area = { x: 0, y: 0, width: 1_280, height: 800 }
export const screen = {
  getAllDisplays: () => [{ id: 1, scaleFactor: 1, bounds: area, workArea: area }],
}
