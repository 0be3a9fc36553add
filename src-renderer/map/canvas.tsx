import { type KeyboardEvent, type Ref, useEffect, useImperativeHandle, useRef } from 'react'
import Sigma from 'sigma'
import { useMedia } from '../ui/media.ts'
import { type MapColours, readColours } from './colours.ts'
import { type Drawing, type DrawnConcept, type DrawnRelation, nextTowards, type Point } from './drawing.ts'
import { type PlacedLabel, placeLabels, type WishedLabel } from './labels.ts'

export interface CanvasHandle {
  zoom(direction: 'in' | 'out'): void
  /** Shows the whole map. */
  fit(): void
  /** Brings a concept into the middle. */
  flyTo(id: string): void
}

export interface CanvasProps {
  handle: Ref<CanvasHandle>
  drawing: Drawing
  /** What the canvas is, and how it is used, for those who cannot see it. */
  label: string
  description: string
  selected: string | undefined
  /** The other end of the relation that is open. */
  partner: string | undefined
  /** A learning path that is shown, from its beginning. */
  path: readonly string[]
  theme: string
  onSelect(id: string | undefined): void
  onRelation(from: string, to: string): void
  /** Enter: the learner wants to read about the selected concept. */
  onOpen(): void
}

type Renderer = Sigma<DrawnConcept, DrawnRelation>

const MOVE_MS = 140
const CLOSE_UP = 0.35
/** Width under which circles are drawn smaller, in pixels. */
const NARROW = 600
/** Height of a name, in pixels. */
const LABEL_SIZE = 13
const DIRECTIONS: Record<string, Point> = {
  ArrowUp: { x: 0, y: -1 },
  ArrowDown: { x: 0, y: 1 },
  ArrowLeft: { x: -1, y: 0 },
  ArrowRight: { x: 1, y: 0 },
}

/** The map as it is drawn. What it shows can be read in the list as well. */
export default function MapCanvas({
  handle,
  drawing,
  label,
  description,
  selected,
  partner,
  path,
  theme,
  onSelect,
  onRelation,
  onOpen,
}: CanvasProps) {
  const place = useRef<HTMLDivElement>(null)
  const renderer = useRef<Renderer>(undefined)
  const look = useRef<Look>({ selected, partner, path, hovered: undefined, colours: undefined })
  const calls = useRef({ onSelect, onRelation })
  calls.current = { onSelect, onRelation }
  const isStill = useMedia('(prefers-reduced-motion: reduce)')
  const isDark = useMedia('(prefers-color-scheme: dark)')
  const duration = isStill ? 0 : MOVE_MS

  useEffect(() => {
    if (!place.current) return
    const sigma = makeRenderer(drawing, place.current, look.current, calls)
    renderer.current = sigma
    return () => {
      renderer.current = undefined
      sigma.kill()
    }
  }, [drawing])

  // biome-ignore lint/correctness/useExhaustiveDependencies: the theme and the system's choice are what change the colours
  useEffect(() => {
    if (!place.current) return
    look.current.colours = readColours(place.current)
    renderer.current?.setSetting('labelColor', { color: look.current.colours.ink })
    renderer.current?.refresh()
  }, [drawing, theme, isDark])

  useEffect(() => {
    Object.assign(look.current, { selected, partner, path })
    renderer.current?.refresh({ skipIndexation: true })
  }, [selected, partner, path])

  const move = (state: Partial<{ x: number; y: number; ratio: number }>) => {
    const camera = renderer.current?.getCamera()
    if (!camera) return
    if (duration === 0) camera.setState(state)
    else void camera.animate(state, { duration })
  }
  const acts: CanvasHandle = {
    zoom: (direction) => {
      const ratio = renderer.current?.getCamera().ratio ?? 1
      move({ ratio: direction === 'in' ? ratio / 1.5 : ratio * 1.5 })
    },
    fit: () => move({ x: 0.5, y: 0.5, ratio: 1 }),
    flyTo: (id) => {
      const shown = renderer.current?.getNodeDisplayData(id)
      const ratio = renderer.current?.getCamera().ratio ?? 1
      if (shown) move({ x: shown.x, y: shown.y, ratio: Math.min(ratio, CLOSE_UP) })
    },
  }
  useImperativeHandle(handle, () => acts)

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return
    const direction = DIRECTIONS[event.key]
    if (direction) {
      const next = step(renderer.current, drawing, selected, direction)
      if (next) {
        onSelect(next)
        bringIntoSight(renderer.current, next, move)
      }
    } else if (event.key === '+' || event.key === '=') acts.zoom('in')
    else if (event.key === '-') acts.zoom('out')
    else if (event.key === '0') acts.fit()
    else if (event.key === 'Escape' && selected) onSelect(undefined)
    else if (event.key === 'Enter' && selected) onOpen()
    else return
    event.preventDefault()
  }

  return (
    <div className="relative h-full w-full">
      <p id="map-keys" className="sr-only">
        {description}
      </p>
      <div
        role="application"
        aria-label={label}
        aria-describedby="map-keys"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it is walked through by keys
        tabIndex={0}
        onKeyDown={onKeyDown}
        className="absolute inset-0 outline-offset-[-3px]"
      >
        <div ref={place} className="h-full w-full" />
      </div>
    </div>
  )
}

interface Look {
  selected: string | undefined
  partner: string | undefined
  path: readonly string[]
  hovered: string | undefined
  colours: MapColours | undefined
}

function makeRenderer(
  drawing: Drawing,
  container: HTMLElement,
  look: Look,
  calls: { current: Pick<CanvasProps, 'onSelect' | 'onRelation'> },
): Renderer {
  const colours = () => {
    look.colours ??= readColours(container)
    return look.colours
  }
  const isNear = (id: string, centre: string) =>
    id === centre || (drawing.hasNode(centre) && drawing.areNeighbors(id, centre))
  /** What everything else steps back from: the path, the hovered or the selected concept. */
  const isLit = (id: string): boolean => {
    if (look.path.length > 0) return look.path.includes(id)
    const centre = look.hovered ?? look.selected
    return centre === undefined || !drawing.hasNode(centre) || isNear(id, centre)
  }
  const isOfPath = (source: string, target: string) => {
    const at = look.path.indexOf(source)
    return at >= 0 && (look.path[at + 1] === target || look.path[at - 1] === target)
  }
  const wished: WishedLabel[] = []
  const sigma: Renderer = new Sigma<DrawnConcept, DrawnRelation>(drawing, container, {
    allowInvalidContainer: true,
    enableEdgeEvents: true,
    zIndex: true,
    labelFont: getComputedStyle(container).fontFamily,
    labelSize: LABEL_SIZE,
    labelWeight: '500',
    labelColor: { color: colours().ink },
    labelDensity: 0.8,
    labelGridCellSize: 110,
    labelRenderedSizeThreshold: 4,
    stagePadding: 48,
    minEdgeThickness: 1,
    minCameraRatio: 0.03,
    maxCameraRatio: 2.5,
    inertiaDuration: 100,
    zoomDuration: 100,
    nodeReducer: (id, data) => {
      const lit = isLit(id)
      const own = data.group === undefined ? colours().ungrouped : (colours().groups[data.group] ?? colours().ungrouped)
      const isChosen = id === look.selected || id === look.partner || look.path.includes(id)
      return {
        ...data,
        size: container.clientWidth < NARROW ? data.size * 0.7 : data.size,
        color: lit ? own : colours().faded,
        label: lit ? data.label : '',
        forceLabel:
          isChosen ||
          (lit && (look.hovered ?? look.selected) !== undefined && drawing.degree(id) > 0 && drawing.order < 60),
        highlighted: isChosen,
        zIndex: isChosen ? 2 : lit ? 1 : 0,
      }
    },
    edgeReducer: (edge, data) => {
      const [source, target] = drawing.extremities(edge)
      const isOpen = [source, target].every((id) => id === look.selected || id === look.partner)
      const isWay = look.path.length > 0 && isOfPath(source, target)
      const centre = look.hovered ?? look.selected
      const touches = look.path.length === 0 && (source === centre || target === centre)
      const emphasis = isOpen || isWay || touches
      const quiet = look.path.length > 0 || (centre !== undefined && drawing.hasNode(centre))
      return {
        ...data,
        color:
          isOpen || isWay
            ? colours().accent
            : data.kind === 'contradicts'
              ? colours().danger
              : touches
                ? colours().accent
                : quiet
                  ? colours().faded
                  : colours().line,
        size: isOpen || isWay ? data.size + 1.6 : emphasis ? data.size + 0.6 : data.size,
        zIndex: emphasis ? 1 : 0,
      }
    },
    // Names are placed together once all are known, so that none lies on another.
    defaultDrawNodeLabel: (context, { x, y, size, label, highlighted, forceLabel }, settings) => {
      if (!label) return
      context.font = `${settings.labelWeight} ${settings.labelSize}px ${settings.labelFont}`
      const { width } = context.measureText(label)
      wished.push({ text: label, width, x, y, size, isChosen: highlighted === true, isForced: forceLabel === true })
    },
    defaultDrawNodeHover: (context, data, settings) => {
      const { x, y, size, label } = data
      context.beginPath()
      context.arc(x, y, size + 3, 0, Math.PI * 2)
      context.strokeStyle = colours().accent
      context.lineWidth = 2
      context.stroke()
      if (!label) return
      context.font = `600 ${settings.labelSize}px ${settings.labelFont}`
      const width = context.measureText(label).width
      const [left, top, height] = [x + size + 6, y - settings.labelSize / 2 - 4, settings.labelSize + 8]
      context.beginPath()
      context.roundRect(left, top, width + 12, height, 6)
      context.fillStyle = colours().surface
      context.fill()
      context.strokeStyle = colours().border
      context.lineWidth = 1
      context.stroke()
      context.fillStyle = colours().ink
      context.fillText(label, left + 6, y + settings.labelSize / 3)
    },
  })
  sigma.on('beforeRender', () => wished.splice(0))
  sigma.on('afterRender', () => {
    const context = sigma.getCanvases().labels?.getContext('2d')
    if (context) drawLabels(context, placeLabels(wished, LABEL_SIZE), colours())
  })
  const hover = (id: string | undefined) => {
    look.hovered = id
    container.style.cursor = id === undefined ? '' : 'pointer'
    sigma.refresh({ skipIndexation: true })
  }
  sigma.on('enterNode', ({ node }) => hover(node))
  sigma.on('leaveNode', () => hover(undefined))
  sigma.on('enterEdge', () => {
    container.style.cursor = 'pointer'
  })
  sigma.on('leaveEdge', () => {
    container.style.cursor = ''
  })
  sigma.on('clickNode', ({ node }) => calls.current.onSelect(node))
  sigma.on('clickEdge', ({ edge }) => calls.current.onRelation(...drawing.extremities(edge)))
  sigma.on('clickStage', () => calls.current.onSelect(undefined))
  return sigma
}

function drawLabels(context: CanvasRenderingContext2D, labels: readonly PlacedLabel[], colours: MapColours): void {
  // A rim in the colour of the ground, so that it can be read over lines and circles.
  context.lineJoin = 'round'
  context.lineWidth = 4
  context.strokeStyle = colours.paper
  context.fillStyle = colours.ink
  for (const { text, left, y } of labels) {
    context.strokeText(text, left, y + LABEL_SIZE / 3)
    context.fillText(text, left, y + LABEL_SIZE / 3)
  }
}

/** The next concept in a direction: among those that are connected with the selected one, else among all. */
function step(
  sigma: Renderer | undefined,
  drawing: Drawing,
  selected: string | undefined,
  direction: Point,
): string | undefined {
  if (!sigma) return undefined
  const placeOf = (id: string) => sigma.graphToViewport(drawing.getNodeAttributes(id))
  const placesOf = (ids: readonly string[]) => new Map(ids.map((id) => [id, placeOf(id)]))
  if (!selected || !drawing.hasNode(selected)) {
    const ids = drawing.nodes()
    return ids.toSorted((a, b) => drawing.getNodeAttribute(b, 'captures') - drawing.getNodeAttribute(a, 'captures'))[0]
  }
  const from = placeOf(selected)
  return (
    nextTowards(from, direction, placesOf(drawing.neighbors(selected))) ??
    nextTowards(from, direction, placesOf(drawing.nodes().filter((id) => id !== selected)))
  )
}

function bringIntoSight(
  sigma: Renderer | undefined,
  id: string,
  move: (state: { x: number; y: number }) => void,
): void {
  const shown = sigma?.getNodeDisplayData(id)
  if (!sigma || !shown) return
  const { width, height } = sigma.getDimensions()
  const { x, y } = sigma.framedGraphToViewport(shown)
  const margin = 60
  if (x < margin || y < margin || x > width - margin || y > height - margin) move({ x: shown.x, y: shown.y })
}
