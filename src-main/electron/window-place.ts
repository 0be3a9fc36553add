import { readFileSync, writeFileSync } from 'node:fs'
import type { BrowserWindow, Rectangle, Screen } from 'electron'
import { z } from 'zod'

/** Where the window was, in device-independent pixels, and the colour behind its page. */
const placeSchema = z.object({
  bounds: z.object({ x: z.number(), y: z.number(), width: z.number().min(360), height: z.number().min(400) }),
  maximized: z.boolean(),
  background: z
    .string()
    .regex(/^#[0-9a-f]{6}$/i)
    .optional(),
})

export type WindowPlace = z.output<typeof placeSchema>

/** The remembered place, or null when there is none that can be read or its screen is gone. */
export function readPlace(file: string, screen: Pick<Screen, 'getAllDisplays'>): WindowPlace | null {
  let raw: unknown
  try {
    raw = JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return null // the first start, or a file that was damaged: the usual place is as good
  }
  const place = placeSchema.safeParse(raw)
  if (!place.success) return null
  const isOnScreen = screen.getAllDisplays().some(({ workArea }) => overlaps(workArea, place.data.bounds))
  return isOnScreen ? place.data : null
}

/** Remembers the window's place whenever it closes. */
export function rememberPlace(window: BrowserWindow, file: string): void {
  let background: string | undefined
  window.webContents.on('did-change-theme-color', (_event, color) => {
    if (!color) return
    background = color.slice(0, 7)
    window.setBackgroundColor(background)
  })
  window.on('close', () => {
    const place: WindowPlace = {
      bounds: window.getNormalBounds(),
      maximized: window.isMaximized(),
      ...(background ? { background } : {}),
    }
    try {
      writeFileSync(file, JSON.stringify(place))
    } catch {
      // A full disk keeps no window from closing: it opens where it was before, or at the usual place.
    }
  })
}

function overlaps(area: Rectangle, bounds: Rectangle): boolean {
  return (
    bounds.x < area.x + area.width &&
    bounds.x + bounds.width > area.x &&
    bounds.y < area.y + area.height &&
    bounds.y + bounds.height > area.y
  )
}
