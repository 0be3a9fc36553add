import { X } from 'lucide-react'
import { type PointerEvent, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { cx } from '../ui/class-names.ts'
import { inside, nudged, type Part } from './still-edit.ts'

/** A box over the picture that is moved and sized by mouse, finger or keys. */
export function CoverBox({
  part,
  look,
  label,
  removeLabel,
  boxRef,
  onChange,
  onRemove,
}: {
  part: Part
  /** `cover` is black, `found` too and says so by its frame, `cut` is what is kept. */
  look: 'cover' | 'found' | 'cut'
  label: string
  removeLabel: string
  boxRef?(element: HTMLButtonElement | null): void
  onChange(part: Part): void
  onRemove(): void
}) {
  const { t } = useTranslation()
  const drag = useRef<{ x: number; y: number; part: Part; now: Part; isSized: boolean } | null>(null)
  const [left, top, width, height] = part

  const begin = (event: PointerEvent<HTMLElement>, isSized: boolean) => {
    event.stopPropagation()
    event.currentTarget.setPointerCapture(event.pointerId)
    drag.current = { x: event.clientX, y: event.clientY, part, now: part, isSized }
  }
  const move = (event: PointerEvent<HTMLElement>) => {
    const from = drag.current
    const area = event.currentTarget.closest('[data-still]')?.getBoundingClientRect()
    const box = event.currentTarget.closest<HTMLElement>('[data-box]')
    if (!from || !area || !box) return
    const x = (event.clientX - from.x) / area.width
    const y = (event.clientY - from.y) / area.height
    const [l, t, w, h] = from.part
    from.now = inside(from.isSized ? [l, t, w + x, h + y] : [l + x, t + y, w, h])
    Object.assign(box.style, styleOf(from.now))
  }
  const end = () => {
    const from = drag.current
    drag.current = null
    if (from && from.now !== from.part) onChange(from.now)
  }

  return (
    <div data-box className="group absolute" style={styleOf([left, top, width, height])}>
      <button
        ref={boxRef}
        type="button"
        aria-label={label}
        aria-description={t('screen.boxKeys')}
        onPointerDown={(event) => begin(event, false)}
        onPointerMove={move}
        onPointerUp={end}
        onPointerCancel={end}
        onKeyDown={(event) => {
          if (event.key === 'Delete' || event.key === 'Backspace') {
            event.preventDefault()
            return onRemove()
          }
          const next = nudged(part, event.key, event.shiftKey)
          if (!next) return
          event.preventDefault()
          onChange(next)
        }}
        className={cx(
          'block size-full cursor-move touch-none',
          look === 'cut' ? 'border-2 border-accent outline-2 outline-surface' : 'bg-cover',
          look === 'found' && 'outline-2 outline-danger outline-offset-1',
        )}
      />
      <span
        aria-hidden
        onPointerDown={(event) => begin(event, true)}
        onPointerMove={move}
        onPointerUp={end}
        onPointerCancel={end}
        className="-right-1.5 -bottom-1.5 absolute size-3.5 cursor-nwse-resize touch-none rounded-full border-2 border-surface bg-accent opacity-0 transition-opacity group-focus-within:opacity-100 group-hover:opacity-100 pointer-coarse:opacity-100"
      />
      <button
        type="button"
        aria-label={removeLabel}
        title={removeLabel}
        onClick={onRemove}
        className="-top-3 -right-3 absolute inline-flex size-6 items-center justify-center rounded-full border border-line-strong bg-surface text-ink opacity-0 shadow-lift transition-opacity focus-visible:opacity-100 group-focus-within:opacity-100 group-hover:opacity-100 pointer-coarse:size-8 pointer-coarse:opacity-100 [&_svg]:size-3.5"
      >
        <X aria-hidden />
      </button>
    </div>
  )
}

export function styleOf([left, top, width, height]: Part) {
  const percent = (value: number) => `${value * 100}%`
  return { left: percent(left), top: percent(top), width: percent(width), height: percent(height) }
}
