import { isSmaller, type Size } from './kept-size.ts'
import { useScaledWords } from './scaled-words.ts'

/** That the picture has fewer pixels than the screen; nothing where it has all of them. */
export function ScaledLine({ kept, seen }: { kept: Size; seen: Size }) {
  const words = useScaledWords()
  if (!isSmaller(kept, seen)) return null
  return (
    <p role="note" className="mt-0.5 text-ink-soft text-meta">
      {words(kept, seen)}
    </p>
  )
}
