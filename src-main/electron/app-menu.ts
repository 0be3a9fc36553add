import { Menu, type MenuItemConstructorOptions } from 'electron'

/** The menus that a system expects: editing, zoom, window. Everything of the app itself is on its page. */
export function setAppMenu(platform: NodeJS.Platform, development: boolean): void {
  const view: MenuItemConstructorOptions = {
    role: 'viewMenu',
    submenu: [
      { role: 'resetZoom' },
      { role: 'zoomIn' },
      { role: 'zoomOut' },
      { type: 'separator' },
      { role: 'togglefullscreen' },
      ...(development ? ([{ type: 'separator' }, { role: 'toggleDevTools' }] as const) : []),
    ],
  }
  const template: MenuItemConstructorOptions[] = [
    platform === 'darwin' ? { role: 'appMenu' } : { role: 'fileMenu' },
    { role: 'editMenu' },
    view,
    { role: 'windowMenu' },
  ]
  Menu.setApplicationMenu(Menu.buildFromTemplate(template))
}
