import { Plus, Send } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { toFailure } from '../../backend/failure.ts'
import { Button } from '../../ui/button.tsx'
import { FailureNote } from '../../ui/failure-note.tsx'
import { Waiting } from '../../ui/waiting.tsx'
import { Part, Section } from '../section.tsx'
import { useMcpServers } from './mcp-queries.ts'
import { ServerCard } from './server-card.tsx'
import { type ServerDraft, ServerForm } from './server-form.tsx'

/** Programs and addresses that research may ask. */
export function McpSection() {
  const { t } = useTranslation()
  const servers = useMcpServers()
  const [draft, setDraft] = useState<Partial<ServerDraft> | null>(null)
  const isEmpty = servers.data?.length === 0
  return (
    <Section title={t('settings.mcp.title')} about={t('settings.mcp.about')}>
      <Part>
        <div className="flex gap-4">
          <span className="mt-0.5 inline-flex size-9 shrink-0 items-center justify-center rounded-lg bg-accent-soft text-accent-strong [&_svg]:size-5">
            <Send />
          </span>
          <div>
            <h3 className="font-semibold text-answer">{t('settings.mcp.leavesTitle')}</h3>
            <ul className="mt-1.5 list-disc space-y-1 pl-4 text-ink-soft text-ui marker:text-line-strong">
              <li>{t('settings.mcp.leavesQuestion')}</li>
              <li>{t('settings.mcp.leavesRights')}</li>
              <li>{t('settings.mcp.leavesKeys')}</li>
            </ul>
          </div>
        </div>
      </Part>
      <Part title={t('settings.mcp.servers')}>
        {servers.error ? (
          <FailureNote failure={toFailure(servers.error)} />
        ) : !servers.data ? (
          <Waiting />
        ) : isEmpty && !draft ? (
          <Example onTake={setDraft} />
        ) : (
          <ul aria-label={t('settings.mcp.servers')} className="space-y-4">
            {servers.data.map((server) => (
              <ServerCard key={server.id} server={server} />
            ))}
          </ul>
        )}
        {draft ? (
          <div className="rounded-xl border border-line bg-surface px-4 py-4 sm:px-5">
            <h4 className="mb-4 font-semibold text-ui">{t('settings.mcp.addTitle')}</h4>
            <ServerForm draft={{ name: '', commandLine: '', ...draft }} onDone={() => setDraft(null)} />
          </div>
        ) : (
          servers.data && (
            <Button onClick={() => setDraft({})}>
              <Plus />
              {t('settings.mcp.addTitle')}
            </Button>
          )
        )}
      </Part>
    </Section>
  )
}

/** What a server is good for, with one that can be tried. */
function Example({ onTake }: { onTake(draft: ServerDraft): void }) {
  const { t } = useTranslation()
  const commandLine = t('settings.mcp.exampleCommand')
  return (
    <div className="rounded-xl border border-line border-dashed px-4 py-4 sm:px-5">
      <p className="font-semibold text-ui">{t('settings.mcp.none')}</p>
      <p className="mt-1 max-w-[60ch] text-ink-soft text-ui">{t('settings.mcp.noneMore')}</p>
      <p className="mt-3 rounded-lg bg-sunken px-3 py-2 font-mono text-meta [overflow-wrap:anywhere]">{commandLine}</p>
      <Button
        size="small"
        className="mt-3"
        onClick={() => onTake({ name: t('settings.mcp.exampleName'), commandLine })}
      >
        {t('settings.mcp.exampleTake')}
      </Button>
    </div>
  )
}
