import { createCanvas, loadImage } from '@napi-rs/canvas'
import { describe, expect, it } from 'vitest'
import { drawTrayIcon, type TrayTone } from './tray-icon.ts'
import { TRAY_STATES, type TrayState } from './tray-state.ts'

async function pixels(state: TrayState, tone: TrayTone, size: number): Promise<Uint8ClampedArray> {
  const image = await loadImage(drawTrayIcon(state, tone, size))
  expect([image.width, image.height]).toEqual([size, size])
  const context = createCanvas(size, size).getContext('2d')
  context.drawImage(image, 0, 0)
  return context.getImageData(0, 0, size, size).data
}

const opacities = (data: Uint8ClampedArray) => data.filter((_, at) => at % 4 === 3)
const strongest = (data: Uint8ClampedArray) => {
  const at = opacities(data).indexOf(255) * 4
  return [...data.slice(at, at + 3)]
}

describe('the tray icon', () => {
  it.each([16, 32])('has a shape of its own for each state, without colours, at %d pixels', async (size) => {
    const shapes = await Promise.all(TRAY_STATES.map((state) => pixels(state, 'template', size)))
    for (const [a, one] of shapes.entries()) {
      expect([...one].filter((value, at) => at % 4 !== 3 && value !== 0)).toEqual([])
      for (const other of shapes.slice(a + 1)) {
        const differing = opacities(one).filter((opacity, at) => Math.abs(opacity - (opacities(other)[at] ?? 0)) > 100)
        expect(differing.length).toBeGreaterThan((size / 16) ** 2 * 5)
      }
    }
  })

  it('is dark on a light bar and light on a dark one', async () => {
    expect(strongest(await pixels('idle', 'light', 32)).every((part) => part < 60)).toBe(true)
    expect(strongest(await pixels('idle', 'dark', 32))).toEqual([255, 255, 255])
  })

  it('shows recording in red', async () => {
    const data = await pixels('recording', 'light', 32)
    const middle = (23 * 32 + 23) * 4
    expect([...data.slice(middle, middle + 4)]).toEqual([200, 30, 40, 255])
  })
})
