/** Where something stands, in the system's points; `scale` is how many pixels a point has. */
export interface ScreenArea {
  x: number
  y: number
  width: number
  height: number
  scale: number
}

export interface Arrangement {
  /** Of the whole picture, in pixels. */
  width: number
  height: number
  /** Of each screen in it, in the order given. */
  parts: { x: number; y: number; width: number; height: number }[]
}

/**
 * Puts screens together as they stand, in one scale: that of the finest of them, unless the picture had more pixels than it may.
 * @param mostPixels of the whole picture @throws where there are no screens
 */
export function arrange(areas: readonly ScreenArea[], mostPixels: number): Arrangement {
  const left = Math.min(...areas.map(({ x }) => x))
  const top = Math.min(...areas.map(({ y }) => y))
  const width = Math.max(...areas.map((area) => area.x + area.width)) - left
  const height = Math.max(...areas.map((area) => area.y + area.height)) - top
  if (!(width > 0 && height > 0)) throw new RangeError('There is no screen to put together.')
  const finest = Math.max(...areas.map(({ scale }) => scale))
  const scale = Math.min(finest, Math.sqrt(mostPixels / (width * height)))
  const at = (points: number) => Math.floor(points * scale)
  return {
    width: Math.max(1, at(width)),
    height: Math.max(1, at(height)),
    parts: areas.map((area) => {
      const [x, y] = [at(area.x - left), at(area.y - top)]
      return { x, y, width: at(area.x - left + area.width) - x, height: at(area.y - top + area.height) - y }
    }),
  }
}
