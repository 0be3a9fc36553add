import type { Rectangle } from 'electron'

export const QUICK_SIZE = { width: 580, height: 260 }

/** Where the small window stands on a screen: in the middle, a quarter down. @param area of the screen that is free, in points */
export function quickPlace(area: Rectangle): { x: number; y: number } {
  return {
    x: Math.round(area.x + Math.max(0, area.width - QUICK_SIZE.width) / 2),
    y: Math.round(area.y + Math.max(0, Math.min(area.height / 4, area.height - QUICK_SIZE.height))),
  }
}
