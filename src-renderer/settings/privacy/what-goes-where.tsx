import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { useBackupStatus } from '../../backend/backup-queries.ts'
import { useProviders, useSettings } from '../../backend/queries.ts'
import { OPENAI_PREFIX } from '../../voice/voices.ts'
import { useMcpServers } from '../mcp/mcp-queries.ts'
import { Part } from '../section.tsx'
import type { SectionName } from '../sections.ts'
import { useSyncStatus } from '../sync/sync-queries.ts'

type Feature =
  | 'answers'
  | 'reading'
  | 'screen'
  | 'pictures'
  | 'listening'
  | 'speaking'
  | 'search'
  | 'research'
  | 'mcp'
  | 'sync'
  | 'backups'

/** All of it is done on this device, whatever is set. */
type Here = 'screen' | 'search'

type Row = ({ feature: Here; to: null } | { feature: Exclude<Feature, Here>; to: string | null }) & {
  /** Section of Settings that switches it; null where there is nothing to switch. */
  section: SectionName | null
}

/** A line for each thing the program does: where it is done, what is sent, to whom, and where that is switched; as it is set now. */
export function WhatGoesWhere({ researchWords }: { researchWords: string | null }) {
  const { t } = useTranslation()
  const settings = useSettings().data
  const active = useProviders().data?.find((provider) => provider.active)
  const servers = useMcpServers().data?.filter(({ enabled }) => enabled) ?? []
  const sync = useSyncStatus().data
  const places = useBackupStatus().data?.places ?? []
  const model = active && active.provider !== 'offline' ? active.baseUrl || t(`provider.${active.provider}`) : null
  const researches = settings !== undefined && settings.research !== 'off'
  const rows: Row[] = [
    { feature: 'answers', to: model, section: 'models' },
    { feature: 'reading', to: settings?.conceptsByModel ? model : null, section: 'models' },
    { feature: 'pictures', to: model, section: 'models' },
    { feature: 'screen', to: null, section: 'screen' },
    { feature: 'listening', to: settings?.recogniser === 'openai' ? t('provider.openai') : null, section: 'voice' },
    {
      feature: 'speaking',
      to: settings?.voice.startsWith(OPENAI_PREFIX) ? t('provider.openai') : null,
      section: 'voice',
    },
    { feature: 'search', to: null, section: null },
    {
      feature: 'research',
      to: researches && researchWords ? t('settings.privacy.where.sources') : null,
      section: 'research',
    },
    {
      feature: 'mcp',
      to: researches && servers.length > 0 ? servers.map(({ name }) => name).join(', ') : null,
      section: 'mcp',
    },
    { feature: 'sync', to: sync?.standing === 'member' ? sync.relay : null, section: 'sync' },
    {
      feature: 'backups',
      to: places.length > 0 ? places.map(({ label }) => label).join(', ') : null,
      section: 'backups',
    },
  ]
  return (
    <Part title={t('settings.privacy.where.title')}>
      <table className="w-full text-left text-ui max-sm:block">
        <thead className="text-ink-quiet text-meta max-sm:sr-only">
          <tr>
            <th scope="col" className="py-2 pr-4 font-medium">
              {t('settings.privacy.where.feature')}
            </th>
            <th scope="col" className="py-2 pr-4 font-medium">
              {t('settings.privacy.where.goes')}
            </th>
            <th scope="col" className="py-2 font-medium">
              {t('settings.privacy.where.change')}
            </th>
          </tr>
        </thead>
        <tbody className="max-sm:block">
          {rows.map((row) => (
            <tr key={row.feature} className="border-line border-t align-top max-sm:block max-sm:py-3">
              <th scope="row" className="py-3 pr-4 font-medium max-sm:block max-sm:py-0">
                {t(`settings.privacy.where.features.${row.feature}`)}
              </th>
              <td className="py-3 pr-4 text-ink-soft [overflow-wrap:anywhere] max-sm:block max-sm:py-1">
                {row.to === null ? (
                  t('settings.privacy.where.here')
                ) : (
                  <>
                    <span className="font-medium text-ink">{row.to}</span>
                    <br />
                    {t(`settings.privacy.where.sends.${row.feature}`)}
                  </>
                )}
              </td>
              <td className="py-3 max-sm:block max-sm:py-0">
                {row.section && (
                  <Link
                    to="/settings"
                    search={{ section: row.section }}
                    className="text-accent-strong underline underline-offset-4"
                  >
                    {t(`settings.${row.section}.title`)}
                  </Link>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Part>
  )
}
