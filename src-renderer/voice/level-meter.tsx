import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { Meter } from './meter-history.ts'

const BARS = 48

/** How loud it has been over the last seconds, as a row of bars; and, for screen readers, just now. */
export function LevelMeter({ read, className }: { read(): number; className?: string }) {
  const { t } = useTranslation()
  const canvas = useRef<HTMLCanvasElement>(null)
  useEffect(() => {
    const meter = new Meter(BARS)
    let frame = 0
    const draw = () => {
      meter.hear(read(), performance.now())
      if (canvas.current) paint(canvas.current, meter.bars)
      frame = requestAnimationFrame(draw)
    }
    draw()
    return () => cancelAnimationFrame(frame)
  }, [read])
  return <canvas ref={canvas} role="img" aria-label={t('voice.level')} className={className} />
}

function paint(canvas: HTMLCanvasElement, bars: readonly number[]): void {
  const scale = devicePixelRatio
  const width = canvas.clientWidth * scale
  const height = canvas.clientHeight * scale
  if (canvas.width !== width || canvas.height !== height) {
    canvas.width = width
    canvas.height = height
  }
  const context = canvas.getContext('2d')
  if (!context) return
  context.clearRect(0, 0, width, height)
  context.fillStyle = getComputedStyle(canvas).color
  const step = width / bars.length
  const thickness = Math.max(scale, step * 0.45)
  for (const [index, level] of bars.entries()) {
    const tall = Math.max(thickness, level * height)
    context.beginPath()
    context.roundRect(index * step + (step - thickness) / 2, (height - tall) / 2, thickness, tall, thickness / 2)
    context.fill()
  }
}
