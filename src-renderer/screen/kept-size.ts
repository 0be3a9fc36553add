/** Of a picture, in pixels. */
export interface Size {
  width: number
  height: number
}

/** A picture of the screen has at most so many pixels: what the core reads (`pictures.megapixels`). */
export const MOST_PIXELS = 40_000_000
/** No side is longer: WebP holds 16,383 pixels. */
const MOST_SIDE = 16_000

/** What is kept of a picture of the screen: all of it, in its form, with fewer pixels where it has more than may be. */
export function keptSize({ width, height }: Size): Size {
  const scale = Math.min(1, Math.sqrt(MOST_PIXELS / (width * height)), MOST_SIDE / Math.max(width, height))
  if (scale === 1) return { width, height }
  return { width: Math.max(1, Math.floor(width * scale)), height: Math.max(1, Math.floor(height * scale)) }
}

export function isSmaller(kept: Size, seen: Size): boolean {
  return kept.width < seen.width || kept.height < seen.height
}
