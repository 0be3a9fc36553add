import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useCarrier, useLineState } from '../backend/backend.tsx'
import { Button } from '../ui/button.tsx'

/** A line that comes back within this many milliseconds is not worth a word. */
const PATIENCE_MS = 1_200

/** Says that the program cannot be reached, for as long as that is so. */
export function LineBanner() {
  const { t } = useTranslation()
  const line = useLineState()
  const carrier = useCarrier()
  const lost = line === 'connecting' || line === 'closed'
  const [shown, setShown] = useState(false)
  useEffect(() => {
    if (!lost) return setShown(false)
    const timer = setTimeout(() => setShown(true), PATIENCE_MS)
    return () => clearTimeout(timer)
  }, [lost])
  if (!shown) return null
  return (
    <div
      role="status"
      className="flex shrink-0 flex-wrap items-center justify-center gap-x-3 gap-y-1 bg-ink px-4 py-2 text-paper text-ui"
    >
      <span>{line === 'closed' ? t('line.closed') : t('line.connecting')}</span>
      {line === 'connecting' && (
        <Button
          size="small"
          look="quiet"
          className="text-paper! underline underline-offset-4 hover:bg-transparent!"
          onClick={() => carrier.reconnect()}
        >
          {t('line.tryNow')}
        </Button>
      )}
    </div>
  )
}
