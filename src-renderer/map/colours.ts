import { GROUPS } from './drawing.ts'

/** The colours of the screens as WebGL takes them: `#rrggbb`. */
export interface MapColours {
  groups: string[]
  ungrouped: string
  line: string
  faded: string
  accent: string
  danger: string
  ink: string
  surface: string
  /** What everything stands on. */
  paper: string
  border: string
}

/** Reads them from the page as it is now, light or dark. */
export function readColours(element: Element): MapColours {
  const probe = document.createElement('canvas').getContext('2d', { willReadFrequently: true })
  const colour = (name: string) => {
    if (!probe) return '#808080'
    // A custom property keeps `light-dark()` as it is written; a real one is computed.
    const sample = document.createElement('span')
    sample.style.color = `var(--${name})`
    element.append(sample)
    probe.fillStyle = getComputedStyle(sample).color
    sample.remove()
    probe.fillRect(0, 0, 1, 1)
    const [red = 0, green = 0, blue = 0] = probe.getImageData(0, 0, 1, 1).data
    return `#${[red, green, blue].map((part) => part.toString(16).padStart(2, '0')).join('')}`
  }
  return {
    groups: Array.from({ length: GROUPS }, (_, number) => colour(`map-${number + 1}`)),
    ungrouped: colour('ink-quiet'),
    line: colour('line-strong'),
    faded: colour('line'),
    accent: colour('accent'),
    danger: colour('danger'),
    ink: colour('ink'),
    surface: colour('surface'),
    paper: colour('paper'),
    border: colour('line-strong'),
  }
}
