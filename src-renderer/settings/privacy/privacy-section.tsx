import { Link } from '@tanstack/react-router'
import { Globe, House, Send } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { Settings } from '../../../src-core/contract/index.ts'
import { useAppInfo, useProviders, useSettings } from '../../backend/queries.ts'
import { Part, Section } from '../section.tsx'
import { DeletedPart } from './deleted-part.tsx'
import { WhatGoesWhere } from './what-goes-where.tsx'

/** What stays, what leaves, and to whom; as it is set now and not in general. */
export function PrivacySection() {
  const { t } = useTranslation()
  const active = useProviders().data?.find((provider) => provider.active)
  const info = useAppInfo().data
  const settings = useSettings().data
  const readsConcepts = settings?.conceptsByModel === true
  const stays = [
    t('settings.privacy.staysWords'),
    t('settings.privacy.staysSpeech'),
    t('settings.privacy.staysSearch'),
    t('settings.privacy.staysKeys'),
  ]
  const leaves = [
    t('settings.privacy.leavesTurn'),
    t('settings.privacy.leavesSession'),
    t('settings.privacy.leavesPassages'),
    ...(readsConcepts ? [t('settings.privacy.leavesConcepts')] : []),
  ]
  const researchWords = useResearchWords()
  const researched = settings ? researchWords(settings) : null
  const isLocal = active?.provider === 'compatible' && /\/\/(127\.|localhost|\[::1\])/.test(active.baseUrl)
  return (
    <Section title={t('settings.privacy.title')} about={t('settings.privacy.about')}>
      <Part>
        <List sign={<House />} title={t('settings.privacy.stays')} items={stays} />
        {info && <p className="text-ink-quiet text-meta [overflow-wrap:anywhere]">{info.dataDir}</p>}
      </Part>
      <Part>
        {!active || active.provider === 'offline' ? (
          <List
            sign={<Send />}
            title={researched ? t('provider.offline') : t('settings.privacy.nothingLeaves')}
            items={[t('settings.privacy.nothingLeavesMore')]}
          />
        ) : (
          <List
            sign={<Send />}
            title={
              isLocal
                ? t('settings.privacy.leavesToLocal', { address: active.baseUrl })
                : t('settings.privacy.leavesTo', { provider: active.baseUrl || t(`provider.${active.provider}`) })
            }
            items={leaves}
          />
        )}
        <p className="text-ui">
          <Link
            to="/settings"
            search={{ section: 'models' }}
            className="text-accent-strong underline underline-offset-4"
          >
            {t('settings.privacy.change')}
          </Link>
        </p>
      </Part>
      {researched && (
        <Part>
          <List sign={<Globe />} title={t('settings.research.title')} items={[researched]} />
          <p className="text-ui">
            <Link
              to="/settings"
              search={{ section: 'research' }}
              className="text-accent-strong underline underline-offset-4"
            >
              {t('settings.privacy.changeResearch')}
            </Link>
          </p>
        </Part>
      )}
      <WhatGoesWhere researchWords={researched} />
      <DeletedPart />
      <Part>
        <Link to="/welcome" className="text-accent-strong text-ui underline underline-offset-4">
          {t('settings.privacy.readWelcome')}
        </Link>
      </Part>
    </Section>
  )
}

/** Whom research may ask, and whether the learner is asked first. */
function useResearchWords() {
  const { t } = useTranslation()
  return ({ research, researchWeb, researchWikipedia, researchArxiv, researchAddresses }: Settings): string | null => {
    if (research === 'off') return null
    const names = [
      ...(researchWeb === 'none' ? [] : [researchWeb]),
      ...(researchWikipedia ? ['wikipedia' as const] : []),
      ...(researchArxiv ? ['arxiv' as const] : []),
      ...(researchAddresses ? ['address' as const] : []),
    ]
    if (names.length === 0) return null
    const sources = names.map((name) => t(`settings.research.webs.${name}`)).join(', ')
    return t(research === 'ask' ? 'settings.privacy.leavesResearchAsk' : 'settings.privacy.leavesResearch', { sources })
  }
}

function List({ sign, title, items }: { sign: React.ReactNode; title: string; items: readonly string[] }) {
  return (
    <div className="flex gap-4">
      <span className="mt-0.5 inline-flex size-9 shrink-0 items-center justify-center rounded-lg bg-accent-soft text-accent-strong [&_svg]:size-5">
        {sign}
      </span>
      <div>
        <h3 className="font-semibold text-answer">{title}</h3>
        <ul className="mt-1.5 list-disc space-y-1 pl-4 text-ink-soft text-ui marker:text-line-strong">
          {items.map((item) => (
            <li key={item}>{item}</li>
          ))}
        </ul>
      </div>
    </div>
  )
}
