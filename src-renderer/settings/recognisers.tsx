import { useMutation } from '@tanstack/react-query'
import { Download, Pause, Trash2, X } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { Recogniser } from '../../src-core/contract/index.ts'
import { useClient } from '../backend/backend.tsx'
import { toFailure } from '../backend/failure.ts'
import { useChangeSettings, useRecognisers, useSettings } from '../backend/queries.ts'
import { useFormats } from '../i18n/format.ts'
import { nameOfLanguage } from '../i18n/language-names.ts'
import { useTellFailure } from '../library/history.ts'
import { Button } from '../ui/button.tsx'
import { FailureNote } from '../ui/failure-note.tsx'
import { SelectField } from '../ui/field.tsx'
import { ProgressBar } from '../ui/progress.tsx'
import { Part } from './section.tsx'

/** Who hears: what is there to choose from, and what can be downloaded. */
export function Recognisers() {
  const { t, i18n } = useTranslation()
  const settings = useSettings().data
  const { data: recognisers, error } = useRecognisers()
  const change = useChangeSettings()
  if (error) {
    return (
      <Part title={t('settings.recogniser.title')}>
        <FailureNote failure={toFailure(error)} />
      </Part>
    )
  }
  if (!settings || !recognisers) return null
  const chosen = recognisers.find(({ id }) => id === settings.recogniser)
  const choices = recognisers.filter(({ id, state }) => state === 'ready' || id === settings.recogniser)
  const codes = [...new Set(recognisers.flatMap(({ languages }) => languages))]
  const languages = codes
    .map((code) => ({ value: code, label: nameOfLanguage(code, i18n.language) }))
    .sort((one, other) => one.label.localeCompare(other.label, i18n.language))
  const isForeign =
    chosen && settings.spokenLanguage !== '' && chosen.languages.length > 0
      ? !chosen.languages.includes(settings.spokenLanguage)
      : false
  return (
    <Part title={t('settings.recogniser.title')}>
      <SelectField
        label={t('settings.recogniser.choose')}
        value={settings.recogniser}
        onValue={(recogniser) => change.mutate({ recogniser })}
        options={[
          ...choices.map(({ id, name, kind }) => ({
            value: id,
            label: kind === 'packaged' ? t('settings.recogniser.packaged', { name }) : name,
          })),
          ...(chosen ? [] : [{ value: settings.recogniser, label: settings.recogniser }]),
        ]}
        help={
          chosen?.kind === 'openai'
            ? t('settings.recogniser.openaiHelp', { origin: chosen.origin })
            : chosen?.state === 'ready'
              ? t('settings.recogniser.deviceHelp')
              : t('settings.recogniser.missingHelp')
        }
      />
      <SelectField
        label={t('settings.recogniser.language')}
        value={settings.spokenLanguage}
        onValue={(spokenLanguage) => change.mutate({ spokenLanguage })}
        options={[{ value: '', label: t('settings.recogniser.detect') }, ...languages]}
        help={
          isForeign && chosen
            ? t('settings.recogniser.notItsLanguage', {
                name: chosen.name,
                language: nameOfLanguage(settings.spokenLanguage, i18n.language),
              })
            : undefined
        }
      />
      <div>
        <h4 className="font-medium text-ui">{t('settings.recogniser.downloads')}</h4>
        <p className="mt-1 max-w-[60ch] text-ink-quiet text-meta">{t('settings.recogniser.downloadsHelp')}</p>
        <ul className="mt-3 divide-y divide-line overflow-hidden rounded-xl border border-line bg-surface">
          {recognisers
            .filter(({ kind }) => kind === 'download')
            .map((recogniser) => (
              <DownloadRow key={recogniser.id} recogniser={recogniser} />
            ))}
        </ul>
      </div>
    </Part>
  )
}

function DownloadRow({ recogniser }: { recogniser: Recogniser }) {
  const { t } = useTranslation()
  const { bytes, percent } = useFormats()
  const client = useClient()
  const tellFailure = useTellFailure()
  const { id, name, state, have } = recogniser
  const run = useMutation({
    mutationFn: (what: 'download' | 'pause' | 'remove') => client.recognisers[what]({ id }),
    onError: tellFailure,
  })
  const share = have / recogniser.bytes
  const button = (what: 'download' | 'pause' | 'remove', label: string, sign: React.ReactNode) => (
    <Button
      size="small"
      look={what === 'remove' ? 'quiet' : 'plain'}
      aria-label={`${label}: ${name}`}
      disabled={run.isPending}
      onClick={() => run.mutate(what)}
    >
      {sign}
      {label}
    </Button>
  )
  return (
    <li className="px-4 py-3">
      <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2">
        <div className="min-w-0">
          <p className="font-medium text-ui">{name}</p>
          <p className="figures text-ink-quiet text-meta [overflow-wrap:anywhere]">
            {[
              bytes(recogniser.bytes),
              t('settings.recogniser.languages', { count: recogniser.languages.length }),
              recogniser.licence,
              recogniser.origin,
            ].join(' · ')}
          </p>
        </div>
        <div className="flex flex-wrap gap-2">
          {state === 'absent' && button('download', t('settings.recogniser.download'), <Download />)}
          {state === 'paused' && button('download', t('settings.recogniser.goOn'), <Download />)}
          {state === 'paused' && button('remove', t('common.cancel'), <X />)}
          {state === 'downloading' && button('pause', t('settings.recogniser.pause'), <Pause />)}
          {state === 'ready' && button('remove', t('settings.recogniser.remove'), <Trash2 />)}
        </div>
      </div>
      {(state === 'downloading' || state === 'paused') && (
        <div className="mt-2">
          <ProgressBar label={t('settings.recogniser.progress', { name })} share={share} />
          <p className="figures mt-1 text-ink-quiet text-meta">
            {t('settings.recogniser.so', { have: bytes(have), share: percent(share) })}
          </p>
        </div>
      )}
      {state === 'ready' && <p className="mt-1 text-ink-quiet text-meta">{t('settings.recogniser.ready')}</p>}
      {recogniser.error && <FailureNote failure={recogniser.error} className="mt-3" />}
    </li>
  )
}
