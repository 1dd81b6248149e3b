// Small parts that pages share.

import type { ComponentChildren } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import { Refusal } from '../../shared/api'
import { span } from '../../shared/time'
import { told, useApp, useNow, useSay, useTitle, type Loaded } from './app'

export function Heading({ children }: { children: string }) {
  const ref = useTitle(children)
  return (
    <h1 ref={ref} tabIndex={-1}>
      {children}
    </h1>
  )
}

export function Problem({ error, retry }: { error: unknown; retry?: () => void }) {
  const t = useSay()
  if (!error) return null
  const missing = error instanceof Refusal && error.status === 404
  return (
    <div class="note bad" role="alert">
      <p>{missing ? t('not_found') : told(error, t)}</p>
      {retry && !missing && (
        <button type="button" onClick={retry}>
          {t('again')}
        </button>
      )}
      {missing && <a href="#/">{t('to_home')}</a>}
    </div>
  )
}

/** Loading, error, or the page. */
export function Wait<T>({ of, children }: { of: Loaded<T>; children: (data: T) => ComponentChildren }) {
  const t = useSay()
  if (of.data !== undefined) return <>{children(of.data)}</>
  if (of.error) return <Problem error={of.error} retry={of.reload} />
  return (
    <p class="loading" role="status">
      {t('loading')}
    </p>
  )
}

interface FieldProps {
  id: string
  label: string
  hint?: string | undefined
  error?: string | undefined
  children: (aria: { id: string; 'aria-describedby'?: string; 'aria-invalid'?: boolean }) => ComponentChildren
}

/** A label, a hint, a message and the control they belong to. */
export function Field({ id, label, hint, error, children }: FieldProps) {
  const about = [hint && id + '-hint', error && id + '-error'].filter(Boolean).join(' ')
  return (
    <div class={error ? 'field wrong' : 'field'}>
      <label for={id}>{label}</label>
      {hint && (
        <p class="hint" id={id + '-hint'}>
          {hint}
        </p>
      )}
      {children({ id, ...(about && { 'aria-describedby': about }), ...(error && { 'aria-invalid': true }) })}
      {error && (
        <p class="error" id={id + '-error'}>
          {error}
        </p>
      )}
    </div>
  )
}

/** What is wrong in a form, with a way to each field; takes the focus when it appears. */
export function Summary({ errors }: { errors: Record<string, string> }) {
  const t = useSay()
  const ref = useRef<HTMLDivElement>(null)
  const rows = Object.entries(errors)
  const count = rows.length
  const before = useRef(0)
  useEffect(() => {
    // More than before: the form was just refused. Fewer: it is being mended, leave the focus there.
    if (count > before.current) ref.current?.focus()
    before.current = count
  }, [count])
  if (!rows.length) return null
  const to = (id: string) => (e: Event) => {
    e.preventDefault()
    document.getElementById(id)?.focus()
  }
  return (
    <div class="note bad" role="alert" tabIndex={-1} ref={ref}>
      <p>{t('problems')}</p>
      <ul>
        {rows.map(([id, text]) => (
          <li key={id}>
            <a href={'#' + id} onClick={to(id)}>
              {text}
            </a>
          </li>
        ))}
      </ul>
    </div>
  )
}

/** A live countdown; silent to screen readers between readings. */
export function Countdown({ by }: { by: string }) {
  const t = useSay()
  const { lang } = useApp()
  const left = Date.parse(by) - useNow()
  if (left < 0) return <p class="late">{t('late')}</p>
  return (
    <p class="countdown">
      {t('left')} <span role="timer">{span(left, lang)}</span>
    </p>
  )
}

/** Plain text with its paragraphs. */
export function Text({ children }: { children: string }) {
  return (
    <>
      {children
        .split(/\n+/)
        .filter((p) => p.trim())
        .map((p, i) => (
          <p key={i}>{p}</p>
        ))}
    </>
  )
}

/** A form's sending: one at a time, its error kept. */
export function useSend() {
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>()
  const send = async (fn: () => Promise<void>) => {
    if (busy) return
    setBusy(true)
    setError(undefined)
    try {
      await fn()
    } catch (e) {
      setError(e)
    } finally {
      setBusy(false)
    }
  }
  return { busy, error, setError, send }
}
