import { Plus, X } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Button, IconButton } from '../../ui/button.tsx'
import { TextField } from '../../ui/field.tsx'

/** A name with its value; `isKept` where a value is there that an empty field leaves as it is. */
export interface SecretRow {
  id: number
  name: string
  value: string
  isKept: boolean
}

/** Environment variables or headers: names that are shown, and values that are not shown again. */
export function SecretFields({
  kind,
  rows,
  onRows,
}: {
  kind: 'variable' | 'header'
  rows: readonly SecretRow[]
  onRows(rows: SecretRow[]): void
}) {
  const { t } = useTranslation()
  const change = (id: number, patch: Partial<SecretRow>) =>
    onRows(rows.map((row) => (row.id === id ? { ...row, ...patch } : row)))
  const next = Math.max(0, ...rows.map(({ id }) => id)) + 1
  return (
    <fieldset>
      <legend className="mb-1.5 font-medium text-ui">{t(`settings.mcp.${kind}.title`)}</legend>
      <p className="mb-3 text-ink-quiet text-meta">{t(`settings.mcp.${kind}.help`)}</p>
      <ul className="space-y-3">
        {rows.map((row) => (
          <li key={row.id} className="flex items-end gap-2">
            <TextField
              className="min-w-0 flex-1"
              label={t('settings.mcp.secretName')}
              placeholder={t(`settings.mcp.${kind}.example`)}
              autoComplete="off"
              autoCapitalize="none"
              spellCheck={false}
              maxLength={200}
              value={row.name}
              onChange={({ target }) => change(row.id, { name: target.value, isKept: false })}
            />
            <TextField
              className="min-w-0 flex-1"
              type="password"
              label={t('settings.mcp.secretValue')}
              placeholder={row.isKept ? t('settings.mcp.secretKept') : undefined}
              autoComplete="off"
              maxLength={10_000}
              value={row.value}
              onChange={({ target }) => change(row.id, { value: target.value })}
            />
            <IconButton
              label={t('settings.mcp.secretRemove', { name: row.name })}
              onClick={() => onRows(rows.filter(({ id }) => id !== row.id))}
            >
              <X />
            </IconButton>
          </li>
        ))}
      </ul>
      <Button
        size="small"
        look="quiet"
        className={rows.length > 0 ? 'mt-3' : '-ms-2.5'}
        onClick={() => onRows([...rows, { id: next, name: '', value: '', isKept: false }])}
      >
        <Plus />
        {t(`settings.mcp.${kind}.add`)}
      </Button>
    </fieldset>
  )
}
