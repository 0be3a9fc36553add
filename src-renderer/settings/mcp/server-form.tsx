import { Globe, SquareTerminal } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { McpConnectionInput, McpServer } from '../../../src-core/contract/index.ts'
import { toFailure } from '../../backend/failure.ts'
import { Button } from '../../ui/button.tsx'
import { Choice } from '../../ui/choice.tsx'
import { FailureNote } from '../../ui/failure-note.tsx'
import { TextField } from '../../ui/field.tsx'
import { useMcpWork } from './mcp-queries.ts'
import { SecretFields, type SecretRow } from './secret-fields.tsx'

export interface ServerDraft {
  name: string
  commandLine: string
}

/** Adds a server, or changes the one that is given. */
export function ServerForm({
  server,
  draft,
  onDone,
}: {
  server?: McpServer
  draft?: ServerDraft
  /** Called with the server when it is kept, with nothing when the form is left. */
  onDone(server?: McpServer): void
}) {
  const { t } = useTranslation()
  const connection = server?.connection
  const [transport, setTransport] = useState<'stdio' | 'http'>(connection?.transport ?? 'stdio')
  const [name, setName] = useState(server?.name ?? draft?.name ?? '')
  const [commandLine, setCommandLine] = useState(
    connection?.transport === 'stdio' ? connection.commandLine : (draft?.commandLine ?? ''),
  )
  const [url, setUrl] = useState(connection?.transport === 'http' ? connection.url : '')
  const [variables, setVariables] = useState(() => keptRows(connection, 'stdio'))
  const [headers, setHeaders] = useState(() => keptRows(connection, 'http'))
  const keep = useMcpWork(async (client, input: { name: string; connection: McpConnectionInput }) => {
    return server ? client.mcp.edit({ id: server.id, ...input }) : client.mcp.add(input)
  }, onDone)
  const where = transport === 'stdio' ? commandLine : url
  const isComplete = name.trim() !== '' && where.trim() !== ''
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!isComplete || keep.isPending) return
    keep.mutate({
      name: name.trim(),
      connection:
        transport === 'stdio'
          ? { transport, commandLine: commandLine.trim(), variables: valuesOf(variables) }
          : { transport, url: url.trim(), headers: valuesOf(headers) },
    })
  }
  return (
    <form onSubmit={submit} className="space-y-5">
      <TextField
        label={t('settings.mcp.name')}
        help={t('settings.mcp.nameHelp')}
        autoComplete="off"
        maxLength={40}
        value={name}
        onChange={({ target }) => setName(target.value)}
      />
      <Choice<'stdio' | 'http'>
        label={t('settings.mcp.transport')}
        value={transport}
        onValue={setTransport}
        options={[
          { value: 'stdio', label: t('settings.mcp.stdio'), icon: <SquareTerminal /> },
          { value: 'http', label: t('settings.mcp.http'), icon: <Globe /> },
        ]}
      />
      {transport === 'stdio' ? (
        <TextField
          label={t('settings.mcp.commandLine')}
          help={t('settings.mcp.commandLineHelp')}
          placeholder={t('settings.mcp.commandLineExample')}
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          maxLength={8_000}
          value={commandLine}
          onChange={({ target }) => setCommandLine(target.value)}
        />
      ) : (
        <TextField
          label={t('settings.mcp.url')}
          help={t('settings.mcp.urlHelp')}
          type="url"
          inputMode="url"
          placeholder={t('settings.mcp.urlExample')}
          autoComplete="off"
          maxLength={2_000}
          value={url}
          onChange={({ target }) => setUrl(target.value)}
        />
      )}
      {transport === 'stdio' ? (
        <SecretFields kind="variable" rows={variables} onRows={setVariables} />
      ) : (
        <SecretFields kind="header" rows={headers} onRows={setHeaders} />
      )}
      {keep.error && <FailureNote failure={toFailure(keep.error)} />}
      <div className="flex flex-wrap gap-2">
        <Button look="primary" type="submit" disabled={!isComplete || keep.isPending}>
          {server ? t('common.save') : t('settings.mcp.add')}
        </Button>
        <Button look="quiet" onClick={() => onDone()}>
          {t('common.cancel')}
        </Button>
      </div>
    </form>
  )
}

function keptRows(connection: McpServer['connection'] | undefined, transport: 'stdio' | 'http'): SecretRow[] {
  if (connection?.transport !== transport) return []
  const names = connection.transport === 'stdio' ? connection.variables : connection.headers
  return names.map((name, at) => ({ id: at + 1, name, value: '', isKept: true }))
}

/** Null keeps the value that is there. Rows without a name were begun and left. */
function valuesOf(rows: readonly SecretRow[]): Record<string, string | null> {
  return Object.fromEntries(
    rows
      .filter(({ name }) => name.trim() !== '')
      .map(({ name, value, isKept }) => [name.trim(), value === '' && isKept ? null : value]),
  )
}
