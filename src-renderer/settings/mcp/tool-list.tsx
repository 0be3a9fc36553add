import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { McpServer, McpTool } from '../../../src-core/contract/index.ts'
import { toFailure } from '../../backend/failure.ts'
import { Button } from '../../ui/button.tsx'
import { cx } from '../../ui/class-names.ts'
import { FailureNote } from '../../ui/failure-note.tsx'
import { useMcpWork } from './mcp-queries.ts'

const SIGNS: Record<McpTool['standing'], string> = {
  accepted: 'bg-accent-soft text-accent-strong',
  new: 'bg-sunken text-ink-soft',
  changed: 'bg-danger-soft text-danger',
  gone: 'bg-sunken text-ink-quiet',
}

/** The tools of a server in its own words, and which of them research may use. Chosen is what stands here, word for word. */
export function ToolList({ server }: { server: McpServer }) {
  const { t } = useTranslation()
  const there = server.tools.filter(({ standing }) => standing !== 'gone')
  const accepted = there.filter(({ standing }) => standing === 'accepted').map(({ sha256 }) => sha256)
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set(accepted))
  const accept = useMcpWork((client, tools: McpTool[]) => client.mcp.accept({ id: server.id, tools }))
  const wanted = there.filter(({ sha256 }) => chosen.has(sha256))
  const isChanged = wanted.length !== accepted.length || wanted.some(({ standing }) => standing !== 'accepted')
  const toggle = (sha256: string) => {
    const next = new Set(chosen)
    if (!next.delete(sha256)) next.add(sha256)
    setChosen(next)
  }
  return (
    <div className="mt-4 border-line border-t pt-4">
      <h5 className="font-semibold text-ui">{t('settings.mcp.tools')}</h5>
      <p className="mt-0.5 max-w-[60ch] text-ink-quiet text-meta">{t('settings.mcp.toolsAbout')}</p>
      <ul className="mt-3 max-h-[28rem] space-y-1 overflow-y-auto" aria-label={t('settings.mcp.tools')}>
        {server.tools.map((tool) => (
          <Tool key={tool.name} tool={tool} isChosen={chosen.has(tool.sha256)} onToggle={() => toggle(tool.sha256)} />
        ))}
      </ul>
      {accept.error && <FailureNote failure={toFailure(accept.error)} className="mt-3" />}
      <div className="mt-3 flex flex-wrap gap-2">
        <Button
          size="small"
          look={isChanged ? 'primary' : 'plain'}
          disabled={!isChanged || accept.isPending}
          onClick={() => accept.mutate(wanted)}
        >
          {t('settings.mcp.accept', { count: wanted.length })}
        </Button>
        <Button size="small" look="quiet" onClick={() => setChosen(new Set(there.map(({ sha256 }) => sha256)))}>
          {t('settings.mcp.chooseAll')}
        </Button>
      </div>
    </div>
  )
}

function Tool({ tool, isChosen, onToggle }: { tool: McpTool; isChosen: boolean; onToggle(): void }) {
  const { t } = useTranslation()
  const id = useId()
  const inputs = Object.keys((tool.parameters.properties as Record<string, unknown> | undefined) ?? {})
  return (
    <li className="flex gap-3 rounded-lg py-1.5">
      <input
        id={id}
        type="checkbox"
        checked={isChosen && tool.standing !== 'gone'}
        disabled={tool.standing === 'gone'}
        onChange={onToggle}
        aria-describedby={`${id}-about`}
        className="mt-1 size-4 shrink-0 accent-accent"
      />
      <div className="min-w-0">
        <p className="flex flex-wrap items-baseline gap-x-2">
          <label htmlFor={id} className="font-mono text-meta [overflow-wrap:anywhere]">
            {tool.name}
          </label>
          <span className={cx('rounded px-1.5 py-px font-medium text-meta', SIGNS[tool.standing])}>
            {t(`settings.mcp.standing.${tool.standing}`)}
          </span>
        </p>
        <div id={`${id}-about`} className="text-ui">
          <p className="text-ink-soft [overflow-wrap:anywhere]">{tool.description || t('settings.mcp.saysNothing')}</p>
          {inputs.length > 0 && (
            <p className="text-ink-quiet text-meta [overflow-wrap:anywhere]">
              {t('settings.mcp.inputs', { names: inputs.join(', ') })}
            </p>
          )}
        </div>
      </div>
    </li>
  )
}
