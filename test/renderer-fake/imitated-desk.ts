import type { BridgeMessage, DeskScreen, DeskState } from '../../src-core/contract/index.ts'

/**
 * A desktop around the page.
 * @param how `ok`; `wayland` tells and lists nothing; `denied` lets nobody see the screen; `unlisted` has nothing to show; empty for a browser
 * @returns takes what a page says
 */
export function imitateDesk(how: string, answer: (message: BridgeMessage) => void): (message: BridgeMessage) => void {
  const later = (message: BridgeMessage) => queueMicrotask(() => answer(message))
  const isWayland = how === 'wayland'
  const listsNothing = how === 'denied' || how === 'unlisted'
  let desk: DeskState = {
    background: 'ask',
    hasTray: !isWayland,
    tellsWindows: !isWayland,
    listsScreens: !isWayland,
    opensPrivacy: { microphone: true, screen: how !== 'unlisted' },
    keys: {
      quick: { keys: 'CommandOrControl+Shift+Space', isRefused: false },
      talk: { keys: 'CommandOrControl+Shift+F9', isRefused: true },
      screen: { keys: 'CommandOrControl+Shift+F10', isRefused: false },
      timeline: { keys: '', isRefused: false },
    },
  }
  return (message) => {
    if (message.type === 'list-windows')
      later({ type: 'windows', ask: message.ask, titles: isWayland ? null : ['Biology 3'] })
    if (how === '') return
    if (message.type === 'report') later({ type: 'desk', desk })
    else if (message.type === 'step-aside') later({ type: 'aside', ask: message.ask })
    else if (message.type === 'list-screens') {
      const isDenied = how === 'denied'
      void (listsNothing ? Promise.resolve([]) : screens()).then((listed) =>
        answer({ type: 'screens', ask: message.ask, screens: listed, isDenied }),
      )
    } else if (message.type === 'set-desk') {
      const { background = desk.background, keys = {} } = message.change
      const pressed = Object.entries(keys).map(([name, given]) => [name, { keys: given, isRefused: false }])
      desk = { ...desk, background, keys: { ...desk.keys, ...Object.fromEntries(pressed) } }
      later({ type: 'desk', desk })
    }
  }
}

async function screens(): Promise<DeskScreen[]> {
  return Promise.all([
    screen('screen:1:0', 'Screen 1', '#28507a', { x: 0, y: 0, width: 1_920, height: 1_080, scale: 1 }),
    screen('screen:2:0', 'Screen 2', '#70543e', { x: 1_920, y: 0, width: 2_560, height: 1_440, scale: 2 }),
    screen('window:3:0', 'Lecture 7: the citric acid cycle, recorded on Tuesday', '#456b4d', null),
    screen('window:4:0', 'Notes', '#6b4568', null),
  ])
}

async function screen(id: string, name: string, colour: string, place: DeskScreen['place']): Promise<DeskScreen> {
  const canvas = new OffscreenCanvas(320, 200)
  const context = canvas.getContext('2d')
  if (context) {
    context.fillStyle = colour
    context.fillRect(0, 0, 320, 200)
    context.fillStyle = '#ffffff'
    for (let line = 0; line < 5; line++) context.fillRect(30, 40 + line * 26, 240 - line * 30, 10)
  }
  const picture = new Uint8Array(await (await canvas.convertToBlob()).arrayBuffer())
  return { id, kind: place ? 'screen' : 'window', name, picture, place }
}
