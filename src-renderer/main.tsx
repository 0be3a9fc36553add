import './backend/no-eval.ts'
import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { I18nextProvider } from 'react-i18next'
import { createClient } from '../src-core/contract/index.ts'
import { BackendProvider } from './backend/backend.tsx'
import { findCarrier } from './backend/find-carrier.ts'
import { createQueryClient } from './backend/query-client.ts'
import { showRememberedTheme } from './design/appearance.ts'
import { DeskProvider } from './desk/desk.tsx'
import { DeskLine } from './desk/desk-line.ts'
import { FirstUseProvider } from './first-use/first-use-dialog.tsx'
import { createI18n } from './i18n/i18n.ts'
import { takeQuickName } from './quick/quick-window.ts'
import { createPlaces } from './shell/router.tsx'
import { SourceProvider } from './shell/source.tsx'
import { TalkProvider } from './talk/talk.tsx'
import { StudyProvider } from './timeline/study.tsx'
import { Toasts } from './ui/toasts.tsx'
import { TooltipProvider } from './ui/tooltip.tsx'

takeQuickName(location.search)
// Places stand behind the hash; what a host put before it (such as the token of this launch) has done its work.
if (location.search !== '') history.replaceState(null, '', location.pathname + location.hash)
showRememberedTheme(document.documentElement)

const carrier = findCarrier(window)
const backend = { carrier, client: createClient(carrier) }
const desk = window.lva ? new DeskLine(window.lva) : null
const root = document.getElementById('root')
if (!root) throw new Error('index.html has no #root')

createRoot(root).render(
  <StrictMode>
    <I18nextProvider i18n={createI18n()}>
      <BackendProvider backend={backend}>
        <QueryClientProvider client={createQueryClient()}>
          <TooltipProvider delayDuration={400}>
            <Toasts>
              <FirstUseProvider>
                <DeskProvider line={desk}>
                  <TalkProvider>
                    <StudyProvider>
                      <SourceProvider>
                        <RouterProvider router={createPlaces()} />
                      </SourceProvider>
                    </StudyProvider>
                  </TalkProvider>
                </DeskProvider>
              </FirstUseProvider>
            </Toasts>
          </TooltipProvider>
        </QueryClientProvider>
      </BackendProvider>
    </I18nextProvider>
  </StrictMode>,
)
