import { FileDown } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { type Entry, entriesOf } from './dropped-files.ts'

/** Takes files and folders dropped anywhere in the window, and says so while they are held over it. */
export function DropZone({
  invitation,
  onDrop: onDropped,
}: {
  invitation: string
  onDrop(entries: (Entry | File)[]): void
}) {
  const [isOver, setIsOver] = useState(false)
  const latest = useRef(onDropped)
  latest.current = onDropped
  useEffect(() => {
    // The pointer leaves and enters with every element below it; only the outermost leaving counts.
    let depth = 0
    const carriesFiles = ({ dataTransfer }: DragEvent) => dataTransfer?.types.includes('Files') ?? false
    const onEnter = (event: DragEvent) => {
      if (!carriesFiles(event)) return
      event.preventDefault()
      depth += 1
      setIsOver(true)
    }
    const onOver = (event: DragEvent) => {
      if (!carriesFiles(event)) return
      event.preventDefault()
      if (event.dataTransfer) event.dataTransfer.dropEffect = 'copy'
    }
    const onLeave = (event: DragEvent) => {
      if (!carriesFiles(event)) return
      depth = Math.max(0, depth - 1)
      if (depth === 0) setIsOver(false)
    }
    const onDrop = (event: DragEvent) => {
      depth = 0
      setIsOver(false)
      if (!carriesFiles(event) || !event.dataTransfer) return
      event.preventDefault()
      latest.current(entriesOf(event.dataTransfer))
    }
    addEventListener('dragenter', onEnter)
    addEventListener('dragover', onOver)
    addEventListener('dragleave', onLeave)
    addEventListener('drop', onDrop)
    return () => {
      removeEventListener('dragenter', onEnter)
      removeEventListener('dragover', onOver)
      removeEventListener('dragleave', onLeave)
      removeEventListener('drop', onDrop)
    }
  }, [])
  if (!isOver) return null
  return (
    <div className="pointer-events-none fixed inset-0 z-50 animate-appear bg-scrim p-4">
      <div
        role="status"
        className="flex h-full flex-col items-center justify-center gap-4 rounded-2xl border-2 border-accent border-dashed bg-surface text-accent-strong"
      >
        <FileDown aria-hidden className="size-10" />
        <p className="words text-center">{invitation}</p>
      </div>
    </div>
  )
}
