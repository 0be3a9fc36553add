import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'

/** Waits shorter than this are not shown: a flash of "loading" is slower to read than the thing itself. */
const PATIENCE_MS = 250

/** Stands where something is being loaded, once that takes noticeably long. */
export function Waiting() {
  const { t } = useTranslation()
  const [shown, setShown] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setShown(true), PATIENCE_MS)
    return () => clearTimeout(timer)
  }, [])
  if (!shown) return null
  return (
    <div role="status" className="flex justify-center gap-1.5 p-10">
      <span className="sr-only">{t('common.loading')}</span>
      <Dots />
    </div>
  )
}

/** Three dots that say: in a moment. They begin to move after a while: most waits are over by then, and moving takes what is waited for time. */
export function Dots() {
  return (
    <span aria-hidden className="inline-flex items-center gap-1.5">
      {['[animation-delay:500ms]', '[animation-delay:660ms]', '[animation-delay:820ms]'].map((delay) => (
        <span key={delay} className={`size-1.5 animate-wait rounded-full bg-ink-quiet ${delay}`} />
      ))}
    </span>
  )
}
