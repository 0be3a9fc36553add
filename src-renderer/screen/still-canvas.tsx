import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useStore } from '../backend/store.ts'
import { CoverBox, styleOf } from './cover-box.tsx'
import { useFoundWords } from './found-words.ts'
import { between, type Part, SMALLEST, type StillEdit } from './still-edit.ts'

export type Tool = 'cover' | 'cut'

/** Longest side of what is drawn here, in pixels: the picture that is kept has more, and no display shows them. */
const DRAWN_AT_MOST = 4_096

/** The still with its boxes. Dragging over it draws one with the tool at hand. */
export function StillCanvas({
  still,
  edit,
  tool,
  onBox,
}: {
  still: ImageBitmap
  edit: StillEdit
  tool: Tool
  /** A box came up, by its id; `null` for what is cut out. */
  onBox(id: number | null, element: HTMLButtonElement | null): void
}) {
  const { t } = useTranslation()
  const found = useFoundWords()
  const { cut, covers } = useStore(edit, (store) => store.present)
  const canvas = useRef<HTMLCanvasElement>(null)
  const corner = useRef<readonly [number, number] | null>(null)
  const [drawing, setDrawing] = useState<Part | null>(null)

  const scale = Math.min(1, DRAWN_AT_MOST / Math.max(still.width, still.height))
  const [width, height] = [Math.ceil(still.width * scale), Math.ceil(still.height * scale)]
  useEffect(() => {
    const context = canvas.current?.getContext('2d')
    if (!context) return
    context.imageSmoothingQuality = 'high'
    context.drawImage(still, 0, 0, width, height)
  }, [still, width, height])

  const at = (event: { clientX: number; clientY: number; currentTarget: HTMLElement }) => {
    const area = event.currentTarget.getBoundingClientRect()
    return [(event.clientX - area.left) / area.width, (event.clientY - area.top) / area.height] as const
  }
  const finish = () => {
    corner.current = null
    setDrawing(null)
    if (!drawing || drawing[2] < SMALLEST || drawing[3] < SMALLEST) return
    if (tool === 'cut') edit.cut(drawing)
    else edit.cover(drawing)
  }

  return (
    <div
      data-still
      className="relative max-h-full max-w-full cursor-crosshair touch-none select-none overflow-visible border border-line"
      style={{
        aspectRatio: `${still.width} / ${still.height}`,
        width: `min(100%, calc(var(--room) * ${still.width / still.height}))`,
      }}
      onPointerDown={(event) => {
        if (event.button !== 0 || (event.target as Element).closest('[data-box]')) return
        event.currentTarget.setPointerCapture(event.pointerId)
        corner.current = at(event)
      }}
      onPointerMove={(event) => corner.current && setDrawing(between(corner.current, at(event)))}
      onPointerUp={finish}
      onPointerCancel={finish}
    >
      <canvas
        ref={canvas}
        width={width}
        height={height}
        role="img"
        aria-label={t('screen.picture')}
        className="block size-full"
      />
      {cut && <Outside cut={cut} />}
      {cut && (
        <CoverBox
          part={cut}
          look="cut"
          label={t('screen.cutBox')}
          removeLabel={t('screen.keepAll')}
          boxRef={(element) => onBox(null, element)}
          onChange={(part) => edit.cut(part)}
          onRemove={() => edit.cut(null)}
        />
      )}
      {covers.map((cover, index) => (
        <CoverBox
          key={cover.id}
          part={cover.part}
          look={cover.found ? 'found' : 'cover'}
          label={
            cover.found
              ? t('screen.foundBox', { number: index + 1, what: found(cover.found) })
              : t('screen.box', { number: index + 1 })
          }
          removeLabel={t('screen.removeBox', { number: index + 1 })}
          boxRef={(element) => onBox(cover.id, element)}
          onChange={(part) => edit.change(cover.id, part)}
          onRemove={() => edit.uncover(cover.id)}
        />
      ))}
      {drawing && (
        <span
          aria-hidden
          className={tool === 'cut' ? 'absolute border-2 border-accent border-dashed' : 'absolute bg-veil'}
          style={styleOf(drawing)}
        />
      )}
    </div>
  )
}

/** What is not kept, dimmed. */
function Outside({ cut: [left, top, width, height] }: { cut: Part }) {
  const parts: Part[] = [
    [0, 0, 1, top],
    [0, top + height, 1, 1 - top - height],
    [0, top, left, height],
    [left + width, top, 1 - left - width, height],
  ]
  return parts.map((part) => (
    <span key={part.join()} aria-hidden className="pointer-events-none absolute bg-veil" style={styleOf(part)} />
  ))
}
