import { Link } from '@tanstack/react-router'
import { Search } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { Capture } from '../../src-core/contract/index.ts'
import { LINK_BUTTON } from '../ui/button.tsx'
import { isBeingFound } from './mode-choice.ts'
import { hasReckoned } from './runs.ts'

/** Longest question that goes into the address of a search, in characters. */
const LONGEST_QUERY = 300

/** Below the answer to a question for which memory held no place: says so, and leads on. */
export function RestsOnNothing({ capture }: { capture: Capture }) {
  const { t } = useTranslation()
  const isQuestion = /[?？؟]\s*$/.test(capture.userText)
  if (!isQuestion || !capture.answer) return null
  if (capture.answer.citations.length + (capture.answer.sources?.length ?? 0) > 0) return null
  // What is not told yet, or was hinted at, is no answer to look up.
  if (isBeingFound(capture)) return null
  // A figure or a day that was reckoned rests on the device, not on memory.
  if (hasReckoned(capture.answer)) return null
  return (
    <div className="mt-4 flex flex-wrap items-center gap-x-3 gap-y-2 text-ink-quiet text-meta">
      <span>{t('talk.restsOnNothing')}</span>
      <Link to="/search" search={{ q: capture.userText.slice(0, LONGEST_QUERY) }} className={LINK_BUTTON}>
        <Search aria-hidden />
        {t('talk.searchWider')}
      </Link>
    </div>
  )
}
