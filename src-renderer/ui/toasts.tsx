import { X } from 'lucide-react'
import { Toast as Primitive } from 'radix-ui'
import { createContext, type ReactNode, use, useCallback, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { IconButton } from './button.tsx'

export interface ToastMessage {
  text: string
  /** Something below it, such as advice. */
  detail?: string
  action?: { label: string; run(): void }
}

interface Shown extends ToastMessage {
  key: number
}

const ToastContext = createContext<(message: ToastMessage) => void>(() => undefined)

/** Says something in passing. Only what can be ignored; what cannot belongs into the page. */
export function useToast(): (message: ToastMessage) => void {
  return use(ToastContext)
}

/** How long a message stays, in milliseconds: long enough to read it and reach its button. */
const STAY_MS = 8_000

export function Toasts({ children }: { children: ReactNode }) {
  const { t } = useTranslation()
  const [shown, setShown] = useState<Shown[]>([])
  const show = useCallback((message: ToastMessage) => {
    setShown((present) => [...present.slice(-2), { ...message, key: (present.at(-1)?.key ?? 0) + 1 }])
  }, [])
  const close = useCallback((key: number) => setShown((present) => present.filter((one) => one.key !== key)), [])
  const label = useMemo(() => t('common.messages'), [t])
  return (
    <ToastContext value={show}>
      <Primitive.Provider duration={STAY_MS} label={label} swipeDirection="down">
        {children}
        {shown.map((toast) => (
          <Primitive.Root
            key={toast.key}
            onOpenChange={(open) => !open && close(toast.key)}
            className="pointer-events-auto flex w-full animate-rise items-center gap-1 rounded-xl bg-ink py-1.5 pr-1.5 pl-4 text-paper shadow-float"
          >
            <div className="min-w-0 flex-1 py-1">
              <Primitive.Title className="font-medium text-ui">{toast.text}</Primitive.Title>
              {toast.detail && (
                <Primitive.Description className="text-meta opacity-80">{toast.detail}</Primitive.Description>
              )}
            </div>
            {toast.action && (
              <Primitive.Action
                altText={toast.action.label}
                onClick={toast.action.run}
                className="h-9 shrink-0 rounded-lg px-3 font-semibold text-paper text-ui underline decoration-1 underline-offset-4 hover:decoration-2 focus-visible:outline-paper pointer-coarse:h-11"
              >
                {toast.action.label}
              </Primitive.Action>
            )}
            <Primitive.Close asChild>
              <IconButton
                size="small"
                label={t('common.close')}
                className="text-paper! hover:bg-transparent! focus-visible:outline-paper"
              >
                <X />
              </IconButton>
            </Primitive.Close>
          </Primitive.Root>
        ))}
        <Primitive.Viewport className="pointer-events-none fixed inset-x-0 bottom-[calc(5.5rem+env(safe-area-inset-bottom))] z-50 mx-auto flex w-[min(28rem,calc(100vw-2rem))] flex-col gap-2 outline-none sm:bottom-6" />
      </Primitive.Provider>
    </ToastContext>
  )
}
