import { useTranslation } from 'react-i18next'
import { Button } from '../../ui/button.tsx'
import { useMcpServers } from '../mcp/mcp-queries.ts'
import { Part } from '../section.tsx'

const NAMED = ['wikipedia', 'arxiv', 'tavily', 'brave', 'address'] as const

/** Whom the learner said need not be asked about each time; each can be taken back. */
export function AllowedPart({ allowed, onChange }: { allowed: readonly string[]; onChange(allowed: string[]): void }) {
  const { t } = useTranslation()
  const servers = useMcpServers().data ?? []
  const nameOf = (one: string) => {
    const named = NAMED.find((name) => name === one)
    if (named) return t(`settings.research.webs.${named}`)
    if (!one.startsWith('mcp:')) return one
    // The list goes with the vault to other devices; servers do not.
    return servers.find(({ id }) => one === `mcp:${id}`)?.name ?? t('settings.research.otherServer')
  }
  return (
    <Part title={t('settings.research.allowed')}>
      {allowed.length === 0 ? (
        <p className="text-ink-quiet text-ui">{t('settings.research.allowedNone')}</p>
      ) : (
        <ul className="divide-y divide-line overflow-hidden rounded-xl border border-line bg-surface">
          {allowed.map((one) => (
            <li key={one} className="flex items-center justify-between gap-4 py-2 pr-2 pl-4 text-ui">
              <span className="min-w-0 [overflow-wrap:anywhere]">{nameOf(one)}</span>
              <Button
                size="small"
                look="quiet"
                aria-label={t('settings.research.askAgainFor', { name: nameOf(one) })}
                onClick={() => onChange(allowed.filter((other) => other !== one))}
              >
                {t('settings.research.askAgain')}
              </Button>
            </li>
          ))}
        </ul>
      )}
    </Part>
  )
}
