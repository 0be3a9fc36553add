import { Pencil, PlugZap, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { McpServer } from '../../../src-core/contract/index.ts'
import { toFailure } from '../../backend/failure.ts'
import { Button } from '../../ui/button.tsx'
import { Switch } from '../../ui/choice.tsx'
import { Confirm } from '../../ui/dialog.tsx'
import { FailureNote } from '../../ui/failure-note.tsx'
import { useMcpWork } from './mcp-queries.ts'
import { ServerForm } from './server-form.tsx'
import { ToolList } from './tool-list.tsx'

/** One server: where it is, how it stands, what to do about it, and its tools. */
export function ServerCard({ server }: { server: McpServer }) {
  const { t } = useTranslation()
  const [isEditing, setEditing] = useState(false)
  const [isAsking, setAsking] = useState(false)
  const { id, name, connection, enabled, failure, lastWords, missingSecrets, tools } = server
  const test = useMcpWork((client) => client.mcp.test({ id }))
  const enable = useMcpWork((client, on: boolean) => client.mcp.enable({ id, enabled: on }))
  const remove = useMcpWork(async (client) => {
    await client.mcp.remove({ id })
    return undefined
  })
  const failed = test.error ?? enable.error ?? remove.error
  if (isEditing) {
    return (
      <li className="rounded-xl border border-line bg-surface px-4 py-4 sm:px-5">
        <ServerForm server={server} onDone={() => setEditing(false)} />
      </li>
    )
  }
  const changed = tools.filter(({ standing }) => standing === 'changed').length
  return (
    <li className="rounded-xl border border-line bg-surface px-4 py-4 sm:px-5">
      <h4 className="sr-only">{name}</h4>
      <Switch
        label={name}
        help={<span className="font-mono [overflow-wrap:anywhere]">{whereOf(connection)}</span>}
        checked={enabled}
        onChecked={(on) => enable.mutate(on)}
      />
      <p role="status" className="mt-2 text-ink-soft text-ui">
        {test.isPending ? t('settings.mcp.testing') : <Standing server={server} />}
      </p>
      {failure && enabled && !test.isPending && (
        <FailureNote failure={failure} className="mt-3">
          {lastWords !== '' && (
            <p className="w-full text-ink-soft [overflow-wrap:anywhere]">
              {t('settings.mcp.lastWords')} <q className="font-mono text-meta">{lastWords}</q>
            </p>
          )}
        </FailureNote>
      )}
      {missingSecrets.length > 0 && (
        <p className="mt-2 text-danger text-ui">
          {t('settings.mcp.missingSecrets', { names: missingSecrets.join(', ') })}
        </p>
      )}
      {changed > 0 && enabled && (
        <p className="mt-2 text-danger text-ui">{t('settings.mcp.changed', { count: changed })}</p>
      )}
      {failed && <FailureNote failure={toFailure(failed)} className="mt-3" />}
      <div className="mt-3 flex flex-wrap gap-2">
        <Button
          size="small"
          disabled={!enabled || test.isPending}
          aria-label={t('settings.mcp.testNamed', { name })}
          onClick={() => test.mutate(undefined)}
        >
          <PlugZap />
          {t('settings.mcp.test')}
        </Button>
        <Button
          size="small"
          look="quiet"
          aria-label={t('settings.mcp.editNamed', { name })}
          onClick={() => setEditing(true)}
        >
          <Pencil />
          {t('common.edit')}
        </Button>
        <Button
          size="small"
          look="quiet"
          disabled={remove.isPending}
          aria-label={t('settings.mcp.removeNamed', { name })}
          onClick={() => setAsking(true)}
        >
          <Trash2 />
          {t('settings.mcp.remove')}
        </Button>
      </div>
      {enabled && tools.length > 0 && <ToolList key={tools.map(keyOf).join()} server={server} />}
      <Confirm
        open={isAsking}
        onClose={() => setAsking(false)}
        title={t('settings.mcp.removeTitle', { name })}
        description={t('settings.mcp.removeMore')}
        yes={t('settings.mcp.remove')}
        onYes={() => remove.mutate(undefined)}
      />
    </li>
  )
}

/** The choice begins anew when a tool is another one, or stands otherwise. */
const keyOf = ({ sha256, standing }: McpServer['tools'][number]) => `${sha256}${standing}`

const whereOf = (connection: McpServer['connection']) =>
  connection.transport === 'stdio' ? connection.commandLine : connection.url

/** How it stands, in a sentence. */
function Standing({ server: { enabled, state, tools } }: { server: McpServer }) {
  const { t } = useTranslation()
  if (!enabled) return t('settings.mcp.off')
  const accepted = tools.filter(({ standing }) => standing === 'accepted').length
  if (state === 'failed') return t('settings.mcp.state.failed')
  if (accepted > 0) return t(`settings.mcp.uses.${state === 'running' ? 'running' : 'resting'}`, { count: accepted })
  return tools.length > 0 ? t('settings.mcp.usesNone') : t('settings.mcp.state.unknown')
}
