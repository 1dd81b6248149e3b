// What stands above a page: a dialogue, the drawer, a picture looked at. antd draws
// them; it is fetched when the first is opened, or when the browser has nothing to do.
// The focus goes back to where it was when they close.

import { lazy, Suspense, useLayoutEffect, useRef, useState, type ReactNode } from 'react'

const antd = () => import('./antd')
const Antd = {
  Dialog: lazy(async () => ({ default: (await antd()).Dialog })),
  Side: lazy(async () => ({ default: (await antd()).Side })),
  Picture: lazy(async () => ({ default: (await antd()).Picture })),
}

/** Fetches them when the page stands and nothing else is to do. */
export function fetchWhenIdle(): () => void {
  const fetch = () => void antd().catch(() => {}) // offline: asked for again when one is opened
  const timer = setTimeout(() => ('requestIdleCallback' in window ? requestIdleCallback(fetch) : fetch()), 5_000)
  return () => clearTimeout(timer)
}

/** Gives the focus back to what had it, if that is still there. */
function useFocusBack(open: boolean): void {
  const before = useRef<Element | null>(null)
  useLayoutEffect(() => {
    if (!open) return
    before.current = document.activeElement
    return () => {
      const back = before.current
      // After antd has taken its own out of the page.
      requestAnimationFrame(() => {
        const now = document.activeElement
        const nowhere = !now || now === document.body || !!now.closest('[role=dialog], .ant-drawer, .ant-modal-wrap')
        if (nowhere && back instanceof HTMLElement && back.isConnected) back.focus()
      })
    }
  }, [open])
}

export interface DialogProps {
  title: string
  onClose: () => void
  children: ReactNode
}

/** A dialogue over the page, open while it is in the tree. */
export function Dialog(p: DialogProps) {
  useFocusBack(true)
  return (
    <Suspense>
      <Antd.Dialog {...p} />
    </Suspense>
  )
}

/** The drawer at the side. */
export function Side({ open, ...p }: DialogProps & { open: boolean }) {
  useFocusBack(open)
  const ever = useRef(false)
  ever.current ||= open
  if (!ever.current) return null
  return (
    <Suspense>
      <Antd.Side open={open} {...p} />
    </Suspense>
  )
}

/** A picture over the page, to be turned and enlarged. */
export function Picture(p: { src: string; alt: string; onClose: () => void }) {
  useFocusBack(true)
  return (
    <Suspense>
      <Antd.Picture {...p} />
    </Suspense>
  )
}

/** A small picture that is looked at when pressed. */
export function Thumb({ src, alt, width }: { src: string; alt: string; width: number }) {
  const [open, setOpen] = useState(false)
  return (
    <>
      <button type="button" className="thumb" aria-haspopup="dialog" onClick={() => setOpen(true)}>
        <img src={src} alt={alt} width={width} />
      </button>
      {open && <Picture src={src} alt={alt} onClose={() => setOpen(false)} />}
    </>
  )
}
