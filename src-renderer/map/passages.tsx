import type { Passage } from '../../src-core/contract/index.ts'
import { useFormats } from '../i18n/format.ts'
import { Snippet } from '../search/snippet.tsx'
import { useSource } from '../shell/source.tsx'

/** Places in the learner's texts; one press opens them. */
export function Passages({
  passages,
  aside,
}: {
  passages: readonly Passage[]
  aside?(passage: Passage): string | null
}) {
  const { moment } = useFormats()
  const { open } = useSource()
  return (
    <ul className="-mx-2">
      {passages.map((passage) => {
        const more = aside?.(passage)
        return (
          <li key={`${passage.kind} ${passage.captureId} ${passage.field} ${passage.start}`}>
            <button
              type="button"
              onClick={() => open(passage)}
              className="block w-full rounded-lg px-2 py-2 text-left transition-colors hover:bg-hover"
            >
              <span className="line-clamp-3 text-ui leading-snug" dir="auto">
                <Snippet pieces={passage.snippet} />
              </span>
              <span className="figures mt-0.5 block text-ink-quiet text-meta">
                {moment(passage.when)}
                {more && ` · ${more}`}
              </span>
            </button>
          </li>
        )
      })}
    </ul>
  )
}
