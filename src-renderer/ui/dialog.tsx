import { X } from 'lucide-react'
import { Dialog as Primitive } from 'radix-ui'
import { type KeyboardEvent, type ReactNode, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { Button, IconButton } from './button.tsx'

/*
 * Radix's own overlay locks scrolling with a style element, which a strict content security policy refuses. Our pages never scroll as a
 * whole, so a plain scrim is all that is needed.
 */
export function Scrim() {
  return <div aria-hidden className="fixed inset-0 z-40 animate-appear bg-scrim" />
}

/**
 * What Radix leaves out. It gives the focus back to a trigger only, and ours are opened by keys and commands: the focus returns to where it
 * was, unless what was chosen in the dialog has taken it. And a message in passing that comes up over a dialog takes its Escape.
 */
export function useDialogManners(onClose: () => void) {
  const before = useRef<Element | null>(null)
  return {
    onOpenAutoFocus() {
      before.current = document.activeElement
    },
    onCloseAutoFocus(event: Event) {
      event.preventDefault()
      if (document.activeElement === document.body && before.current instanceof HTMLElement) before.current.focus()
    },
    onKeyDown(event: KeyboardEvent) {
      if (event.key !== 'Escape' || event.defaultPrevented) return
      event.preventDefault()
      onClose()
    },
  }
}

/** A question in the middle of the screen. */
export function Dialog({
  open,
  onClose,
  title,
  description,
  children,
}: {
  open: boolean
  onClose(): void
  title: string
  description: string
  children: ReactNode
}) {
  const manners = useDialogManners(onClose)
  return (
    <Primitive.Root open={open} onOpenChange={(isOpen) => !isOpen && onClose()}>
      <Primitive.Portal>
        <Scrim />
        <Primitive.Content
          {...manners}
          className="fixed top-1/2 left-1/2 z-50 w-[min(28rem,calc(100vw-2rem))] -translate-x-1/2 -translate-y-1/2 animate-appear rounded-2xl border border-line bg-surface p-6 shadow-float outline-none"
        >
          <Primitive.Title className="text-words-small font-semibold">{title}</Primitive.Title>
          <Primitive.Description className="mt-2 text-ink-soft text-ui">{description}</Primitive.Description>
          <div className="mt-6 flex flex-wrap justify-end gap-2">{children}</div>
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  )
}

/** A question that is answered with yes, or not at all. It closes with either. */
export function Confirm({
  open,
  onClose,
  title,
  description,
  yes,
  look = 'danger',
  onYes,
}: {
  open: boolean
  onClose(): void
  title: string
  description: string
  /** What is done, as the learner would say it. */
  yes: string
  look?: 'danger' | 'primary'
  onYes(): void
}) {
  const { t } = useTranslation()
  return (
    <Dialog open={open} onClose={onClose} title={title} description={description}>
      <Button look="quiet" onClick={onClose}>
        {t('common.cancel')}
      </Button>
      <Button
        look={look}
        onClick={() => {
          onClose()
          onYes()
        }}
      >
        {yes}
      </Button>
    </Dialog>
  )
}

/** Something that comes up from below over the place: the drawer of a narrow screen. */
export function Sheet({
  open,
  onClose,
  title,
  children,
}: {
  open: boolean
  onClose(): void
  title: string
  children: ReactNode
}) {
  const { t } = useTranslation()
  const manners = useDialogManners(onClose)
  return (
    <Primitive.Root open={open} onOpenChange={(isOpen) => !isOpen && onClose()}>
      <Primitive.Portal>
        <Scrim />
        <Primitive.Content
          {...manners}
          aria-describedby={undefined}
          className="fixed inset-x-0 bottom-0 z-50 mx-auto flex max-h-[85dvh] max-w-2xl animate-sheet flex-col rounded-t-2xl border border-line border-b-0 bg-surface pb-[env(safe-area-inset-bottom)] shadow-float outline-none"
        >
          <header className="flex items-center justify-between gap-3 px-5 pt-4 pb-1">
            <Primitive.Title className="font-semibold text-ui">{title}</Primitive.Title>
            <Primitive.Close asChild>
              <IconButton label={t('common.close')} className="-mr-2">
                <X />
              </IconButton>
            </Primitive.Close>
          </header>
          <div className="min-h-0 flex-1 overflow-y-auto px-5 pb-6">{children}</div>
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  )
}
