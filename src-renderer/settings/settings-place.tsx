import { getRouteApi, Link } from '@tanstack/react-router'
import type { ComponentType } from 'react'
import { useTranslation } from 'react-i18next'
import { usePageTitle } from '../shell/page-title.ts'
import { AboutSection } from './about-section.tsx'
import { AppearanceSection } from './appearance-section.tsx'
import { BackupsSection } from './backups/backups-section.tsx'
import { CostSection } from './cost-section.tsx'
import { DataSection } from './data-section.tsx'
import { DesktopSection } from './desktop-section.tsx'
import { EraseSection } from './erase/erase-section.tsx'
import { FoldersSection } from './folders-section.tsx'
import { KeyboardSection } from './keyboard-section.tsx'
import { LegacySection } from './legacy-section.tsx'
import { McpSection } from './mcp/mcp-section.tsx'
import { ModelsSection } from './models-section.tsx'
import { PrivacySection } from './privacy/privacy-section.tsx'
import { ResearchSection } from './research/research-section.tsx'
import { ScreenSection } from './screen/screen-section.tsx'
import { SETTINGS_SECTIONS, type SectionName } from './sections.ts'
import { SyncSection } from './sync/sync-section.tsx'
import { TakeHomeSection } from './take-home/take-home-section.tsx'
import { VoiceSection } from './voice-section.tsx'

const route = getRouteApi('/settings')

const SECTIONS: Record<SectionName, ComponentType> = {
  models: ModelsSection,
  research: ResearchSection,
  voice: VoiceSection,
  screen: ScreenSection,
  privacy: PrivacySection,
  cost: CostSection,
  mcp: McpSection,
  folders: FoldersSection,
  data: DataSection,
  takeHome: TakeHomeSection,
  backups: BackupsSection,
  sync: SyncSection,
  legacy: LegacySection,
  appearance: AppearanceSection,
  desktop: DesktopSection,
  keyboard: KeyboardSection,
  about: AboutSection,
  erase: EraseSection,
}

export function SettingsPlace() {
  const { t } = useTranslation()
  const { section = 'models' } = route.useSearch()
  usePageTitle(t(`settings.${section}.title`))
  const Section = SECTIONS[section]
  return (
    <div className="flex h-full min-h-0 flex-col md:flex-row">
      <div className="shrink-0 border-line max-md:border-b md:w-60 md:border-r md:px-3 md:py-4">
        <h1 className="px-3 pb-3 font-semibold text-ui max-md:sr-only">{t('place.settings')}</h1>
        <nav
          aria-label={t('settings.sections')}
          className="flex gap-1 max-md:overflow-x-auto max-md:px-3 max-md:py-2 md:flex-col"
        >
          {SETTINGS_SECTIONS.map((name) => (
            <Link
              key={name}
              to="/settings"
              search={{ section: name }}
              aria-current={section === name ? 'page' : undefined}
              ref={section === name ? scrollIntoSight : undefined}
              className="shrink-0 rounded-lg px-3 py-2 font-medium text-ink-quiet text-ui transition-colors hover:bg-hover hover:text-ink aria-[current=page]:bg-hover aria-[current=page]:text-ink"
            >
              {t(`settings.${name}.title`)}
            </Link>
          ))}
        </nav>
      </div>
      <section
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable without a mouse
        tabIndex={0}
        aria-label={t(`settings.${section}.title`)}
        className="min-h-0 flex-1 overflow-y-auto outline-offset-[-2px]"
      >
        <div className="mx-auto max-w-[44rem] px-5 pt-6 pb-20 md:px-10 md:pt-10">
          <Section key={section} />
        </div>
      </section>
    </div>
  )
}

/** On a phone the sections are wider than the screen. */
function scrollIntoSight(link: HTMLAnchorElement | null): void {
  link?.scrollIntoView({ block: 'nearest', inline: 'center' })
}
