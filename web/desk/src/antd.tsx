// The one file that draws with antd: see above.tsx, which fetches it.

import { ConfigProvider, Drawer, Image, Modal } from 'antd'
import { cloneElement, type FocusEvent, type ReactElement, type ReactNode } from 'react'
import type { DialogProps } from './above'
import { useLang, useSay } from './app'
import { useLocale } from './locale'
import { nonce } from './nonce'
import { useIsDark } from './theme'
import { useTheme } from './antdtheme'

function Themed({ children }: { children: ReactNode }) {
  return (
    <ConfigProvider theme={useTheme(useIsDark())} csp={{ nonce }} locale={useLocale(useLang())}>
      {children}
    </ConfigProvider>
  )
}

/** A dialogue's afterOpenChange: the focus goes to its first field, not to the cross that closes it. */
const toField = (open: boolean): void => {
  if (open) document.querySelector<HTMLElement>('.ant-modal textarea, .ant-modal input')?.focus()
}

export function Dialog({ title, onClose, children }: DialogProps) {
  const t = useSay()
  return (
    <Themed>
      <Modal open afterOpenChange={toField} title={title} onCancel={onClose} footer={null} closable={{ 'aria-label': t('close') }} destroyOnHidden>
        {children}
      </Modal>
    </Themed>
  )
}

/** The drawer takes the focus itself; what it holds is wanted. */
const toFirst = (open: boolean): void => {
  if (open) document.querySelector<HTMLElement>('.ant-drawer-open :is(a[href], button)')?.focus()
}

/** Shift+Tab on the first leads to the last of the drawer, which antd does not bring into sight. */
const intoSight = (e: FocusEvent): void => e.target.scrollIntoView({ block: 'nearest' })

export function Side({ open, title, onClose, children }: DialogProps & { open: boolean }) {
  const t = useSay()
  return (
    <Themed>
      <Drawer open={open} onClose={onClose} afterOpenChange={toFirst} placement="left" size={304} title={title} closable={{ 'aria-label': t('close') }} classNames={{ body: 'drawer' }}>
        <div className="contents" onFocus={intoSight}>
          {children}
        </div>
      </Drawer>
    </Themed>
  )
}

const tools = ['rotateLeft', 'rotateRight', 'zoomOut', 'zoomIn'] as const

/** The viewer takes the focus; its own way to do so may come too early. */
const toViewer = (open: boolean): void => {
  const viewer = document.querySelector<HTMLElement>('.ant-image-preview')
  if (open && !viewer?.contains(document.activeElement)) viewer?.focus()
}

export function Picture({ src, alt, onClose }: { src: string; alt: string; onClose: () => void }) {
  const t = useSay()
  // antd names its tools in English whatever the language is.
  const named = (all: ReactNode, { icons }: { icons: Record<`${(typeof tools)[number]}Icon`, ReactNode> }) =>
    cloneElement(all as ReactElement, {}, ...tools.map((k) => cloneElement(icons[`${k}Icon`] as ReactElement<{ 'aria-label'?: string; title?: string }>, { 'aria-label': t(k), title: t(k) })))
  return (
    <Themed>
      <span className="unseen">
        <Image src={src} alt={alt} preview={{ open: true, actionsRender: named, afterOpenChange: toViewer, onOpenChange: (open: boolean) => !open && onClose() }} />
      </span>
    </Themed>
  )
}
