import { useTranslation } from 'react-i18next'
import { toFailure } from '../backend/failure.ts'
import { useAppInfo, useDataSize } from '../backend/queries.ts'
import { useFormats } from '../i18n/format.ts'
import { FailureNote } from '../ui/failure-note.tsx'
import { Waiting } from '../ui/waiting.tsx'
import { Doctor } from './doctor.tsx'
import { Rebuild } from './rebuild.tsx'
import { Facts, Part, Section } from './section.tsx'

export function DataSection() {
  const { t } = useTranslation()
  const { bytes } = useFormats()
  const info = useAppInfo()
  const size = useDataSize()
  const error = info.error ?? size.error
  if (error) return <FailureNote failure={toFailure(error)} />
  if (!info.data || !size.data) return <Waiting />
  const { database, recordings, dumps, total, free } = size.data
  return (
    <Section title={t('settings.data.title')} about={t('settings.data.about')}>
      <Part title={t('settings.data.folder')}>
        <p className="select-all rounded-lg border border-line bg-sunken px-3 py-2 font-mono text-meta [overflow-wrap:anywhere]">
          {info.data.dataDir}
        </p>
        <Facts
          facts={[
            [t('settings.data.database'), bytes(database)],
            [t('settings.data.recordings'), bytes(recordings)],
            [t('settings.data.dumps'), bytes(dumps)],
            [t('settings.data.total'), <strong key="total">{bytes(total)}</strong>],
            [t('settings.data.free'), bytes(free)],
          ]}
        />
      </Part>
      <Part title={t('settings.data.check')}>
        <Doctor />
      </Part>
      <Part title={t('settings.data.rebuild')}>
        <Rebuild />
      </Part>
    </Section>
  )
}
