import { Download } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ExportFormat } from '../../../src-core/contract/index.ts'
import { useClient } from '../../backend/backend.tsx'
import { useSessionList } from '../../backend/queries.ts'
import { LabelFilter } from '../../documents/label-filter.tsx'
import { useFormats } from '../../i18n/format.ts'
import { sessionName } from '../../talk/session-name.ts'
import { Button } from '../../ui/button.tsx'
import { Choice, Switch } from '../../ui/choice.tsx'
import { FailureNote } from '../../ui/failure-note.tsx'
import { SelectField, TextField } from '../../ui/field.tsx'
import { RadioList } from '../../ui/radio-list.tsx'
import { saveFile } from '../../ui/save-file.ts'
import { useCoreWork } from '../core-work.ts'
import { Part } from '../section.tsx'
import { type Fetched, fetchExport } from './download.ts'
import { EVERYTHING, type ExportChoice, filterOf } from './export-filter.ts'
import { Running, type TakeHomeProgress } from './take-home-progress.tsx'

const FORMATS = ['markdown', 'jsonl', 'csv'] as const satisfies readonly ExportFormat[]
const PARTS = ['all', 'captures', 'notes', 'documents'] as const
/** Longest session name in the list, in characters. */
const NAME_LENGTH = 48

/** Writes everything, or a part of it, into a file that the browser keeps. */
export function ExportPart() {
  const { t } = useTranslation()
  const client = useClient()
  const work = useCoreWork<TakeHomeProgress>()
  const [format, setFormat] = useState<ExportFormat>('markdown')
  const [choice, setChoice] = useState(EVERYTHING)
  const [withFiles, setWithFiles] = useState(true)
  const [saved, setSaved] = useState<Fetched['result'] | null>(null)
  const packing = format === 'markdown' || withFiles ? 'zip' : 'file'
  const start = async () => {
    setSaved(null)
    const order = { format, packing, filter: filterOf(choice) } as const
    const fetched = await work.run<Fetched>(async (signal) => fetchExport(client, order, signal))
    if (!fetched) return
    saveFile(fetched.blob, fetched.result.name)
    setSaved(fetched.result)
  }
  return (
    <Part title={t('settings.takeHome.export')}>
      <RadioList
        label={t('settings.takeHome.format')}
        value={format}
        onValue={(value) => setFormat(value)}
        options={FORMATS.map((value) => ({
          value,
          label: t(`settings.takeHome.formats.${value}`),
          detail: t(`settings.takeHome.formats.${value}Detail`),
        }))}
      />
      <WhatToExport choice={choice} onChange={(change) => setChoice({ ...choice, ...change })} />
      {format !== 'markdown' && (
        <Switch
          label={t('settings.takeHome.withFiles')}
          help={t('settings.takeHome.withFilesHelp')}
          checked={withFiles}
          onChecked={setWithFiles}
        />
      )}
      {work.isRunning ? (
        <Running work={work} />
      ) : (
        <Button look="primary" onClick={() => void start()}>
          <Download />
          {t('settings.takeHome.startExport')}
        </Button>
      )}
      {work.failure && <FailureNote failure={work.failure} />}
      {saved && <Saved result={saved} />}
    </Part>
  )
}

/** Everything, or which part: days for all, and what else that part can be told by. */
function WhatToExport({ choice, onChange }: { choice: ExportChoice; onChange(change: Partial<ExportChoice>): void }) {
  const { t } = useTranslation()
  const sessions = useSessionList()
  const { what, from, to, session, tag, collection } = choice
  return (
    <div className="space-y-4">
      <p className="font-semibold text-answer">{t('settings.takeHome.what')}</p>
      <Choice
        label={t('settings.takeHome.what')}
        value={what}
        onValue={(value) => onChange({ ...EVERYTHING, from, to, what: value })}
        options={PARTS.map((value) => ({ value, label: t(`settings.takeHome.part.${value}`) }))}
      />
      <div className="flex flex-wrap gap-3">
        <TextField
          type="date"
          label={t('settings.takeHome.from')}
          value={from}
          max={to || undefined}
          onChange={(event) => onChange({ from: event.target.value })}
        />
        <TextField
          type="date"
          label={t('settings.takeHome.to')}
          value={to}
          min={from || undefined}
          onChange={(event) => onChange({ to: event.target.value })}
        />
        {what === 'captures' && (
          <SelectField
            className="w-64 max-sm:w-full"
            label={t('search.session')}
            value={session}
            onValue={(value) => onChange({ session: value })}
            options={[
              { value: '', label: t('search.allSessions') },
              ...sessions.items.map((each) => ({ value: each.id, label: sessionName(each, t).slice(0, NAME_LENGTH) })),
            ]}
          />
        )}
        {what === 'documents' && (
          <LabelFilter
            className="w-64 self-end max-sm:w-full"
            all={t('search.anyLabel')}
            collection={collection || undefined}
            tag={tag || undefined}
            onChange={(next) => onChange({ collection: next.collection ?? '', tag: next.tag ?? '' })}
          />
        )}
        {what === 'notes' && (
          <TextField
            className="w-64 max-sm:w-full"
            label={t('settings.takeHome.tag')}
            value={tag}
            autoComplete="off"
            placeholder={t('settings.takeHome.anyTag')}
            onChange={(event) => onChange({ tag: event.target.value.trim().replace(/^#/, '') })}
          />
        )}
      </div>
    </div>
  )
}

function Saved({ result }: { result: Fetched['result'] }) {
  const { t } = useTranslation()
  const { number, bytes } = useFormats()
  const { name, sessions, captures, notes, documents, attachments, missing } = result
  return (
    <div role="status" className="rounded-xl border border-line bg-surface px-4 py-3 text-ui">
      <p className="font-medium text-accent-strong [overflow-wrap:anywhere]">
        {t('settings.takeHome.saved', { name, size: bytes(result.bytes) })}
      </p>
      <p className="figures mt-1 text-ink-soft">
        {t('settings.takeHome.savedCounts', {
          sessions: number(sessions),
          captures: number(captures),
          notes: number(notes),
          documents: number(documents),
          attachments: number(attachments),
        })}
      </p>
      {missing > 0 && (
        <p className="mt-1">{t('settings.takeHome.missing', { count: missing, shown: number(missing) })}</p>
      )}
    </div>
  )
}
