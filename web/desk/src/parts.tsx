// Small parts that pages share.

import type { UseQueryResult } from '@tanstack/react-query'
import { useEffect, useRef, type FormEvent, type ReactNode } from 'react'
import { Refusal } from '../../shared/api'
import { digits } from '../../shared/time'
import { told, useNow, useSay, useWhen } from './app'

export function Heading({ children }: { children: string }) {
  const t = useSay()
  const ref = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    document.title = `${children} · ${t('name')}`
  }, [children])
  useEffect(() => ref.current?.focus({ preventScroll: true }), [])
  return (
    <h1 ref={ref} tabIndex={-1}>
      {children}
    </h1>
  )
}

export function Problem({ error, retry }: { error: unknown; retry?: () => void }) {
  const t = useSay()
  if (!error) return null
  const rows = error instanceof Refusal ? error.messages : []
  return (
    <div className="note bad" role="alert">
      <p>{told(error, t)}</p>
      {rows.length > 0 && (
        <ul>
          {rows.map((m, i) => (
            <li key={i}>{m}</li>
          ))}
        </ul>
      )}
      {retry && (
        <button type="button" onClick={retry}>
          {t('again')}
        </button>
      )}
    </div>
  )
}

/** Loading, error, or the page. */
export function Wait<T>({ of, children }: { of: UseQueryResult<T>; children: (data: T) => ReactNode }) {
  const t = useSay()
  if (of.data !== undefined) return <>{children(of.data)}</>
  if (of.error) return <Problem error={of.error} retry={() => void of.refetch()} />
  return (
    <p className="loading" role="status">
      {t('loading')}
    </p>
  )
}

interface FieldProps {
  id: string
  label: string
  hint?: string | undefined
  error?: string | undefined
  children: (aria: { id: string; 'aria-describedby'?: string; 'aria-invalid'?: boolean }) => ReactNode
}

export function Field({ id, label, hint, error, children }: FieldProps) {
  const about = [hint && id + '-hint', error && id + '-error'].filter(Boolean).join(' ')
  return (
    <div className={error ? 'field wrong' : 'field'}>
      <label htmlFor={id}>{label}</label>
      {hint && (
        <p className="hint" id={id + '-hint'}>
          {hint}
        </p>
      )}
      {children({ id, ...(about && { 'aria-describedby': about }), ...(error && { 'aria-invalid': true }) })}
      {error && (
        <p className="error" id={id + '-error'} role="alert">
          {error}
        </p>
      )}
    </div>
  )
}

/** The server's message at a field. */
export const at = (err: unknown, field: string): string | undefined => (err instanceof Refusal ? err.at(field) : undefined)

export const onSubmit = (fn: () => void) => (e: FormEvent) => {
  e.preventDefault()
  fn()
}

/** A running clock: what is left until due, in digits; colour by the warnings passed. */
export function Clock({ due, warn = [], level }: { due: string; warn?: string[]; level?: number }) {
  const t = useSay()
  const time = useWhen()
  const now = useNow()
  const left = Date.parse(due) - now
  const passed = level ?? warn.filter((w) => Date.parse(w) <= now).length
  const kind = left < 0 ? 'late' : passed >= 2 ? 'hot' : passed >= 1 ? 'warm' : 'calm'
  return (
    <span className={'clock ' + kind}>
      <span className="hint">{t(left < 0 ? 'clock_late' : 'clock_left')}</span> <b role="timer">{digits(left)}</b> <span className="hint due">{t('clock_due', { when: time(due) })}</span>
    </span>
  )
}

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

/** Name and value rows. */
export function Facts({ rows }: { rows: (readonly [string, ReactNode])[] }) {
  return (
    <dl className="pairs">
      {rows
        .filter(([, v]) => v !== undefined && v !== '' && v !== null)
        .map(([k, v]) => (
          <div key={k}>
            <dt>{k}</dt>
            <dd>{v}</dd>
          </div>
        ))}
    </dl>
  )
}
