// The parts that all pages share: heading, waiting, nothing there, refused; fields
// and choices; the running clock; the table. (A question for the reason: reason.tsx.)

import type { UseQueryResult } from '@tanstack/react-query'
import { useEffect, useId, useRef, type FormEvent, type KeyboardEvent, type ReactNode } from 'react'
import { Refusal } from '../../shared/api'
import { digits } from '../../shared/time'
import { told, useNow, useSay, useWhen, type Pages } from './app'
import { Button, Skeleton, type ButtonProps } from './controls'

// Pages and their states.

/** The heading of a page; it takes the focus, so that a screen reader says where one is. */
export function Heading({ children, extra }: { children: string; extra?: ReactNode }) {
  const t = useSay()
  const ref = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    document.title = `${children} · ${t('name')}`
  }, [children])
  useEffect(() => ref.current?.focus({ preventScroll: true }), [])
  return (
    <div className="heading">
      <h1 ref={ref} tabIndex={-1}>
        {children}
      </h1>
      {extra}
    </div>
  )
}

export function Loading() {
  const t = useSay()
  return (
    <div className="loading" role="status">
      <span className="unseen">{t('loading')}</span>
      <Skeleton />
    </div>
  )
}

/** Nothing is there, in words that say what will come or what to do. */
export function Empty({ children }: { children: ReactNode }) {
  return (
    <div className="card empty">
      <span className="blank" aria-hidden="true" />
      <p className="hint">{children}</p>
    </div>
  )
}

export function Problem({ error, retry }: { error: unknown; retry?: () => void }) {
  const t = useSay()
  if (!error) return null
  const rows = error instanceof Refusal ? error.messages : []
  const missing = error instanceof Refusal && error.status === 404
  const request = error instanceof Refusal && error.status >= 500 ? error.request : ''
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
      {request && <p className="hint">{request}</p>}
      {missing && <a href="#/">{t('to_start')}</a>}
      {retry && !missing && (
        <Button className="again" onClick={retry}>
          {t('again')}
        </Button>
      )}
    </div>
  )
}

/** Loading, error, or the page. */
export function Wait<T>({ of, children }: { of: UseQueryResult<T>; children: (data: T) => ReactNode }) {
  if (of.data !== undefined) return <>{children(of.data)}</>
  if (of.error) return <Problem error={of.error} retry={() => void of.refetch()} />
  return <Loading />
}

/** No such page, or not the viewer's: both look the same. */
export function Absent() {
  const t = useSay()
  return (
    <>
      <Heading>{t('name')}</Heading>
      <Empty>
        {t('not_found')} <a href="#/">{t('to_start')}</a>
      </Empty>
    </>
  )
}

/** The page could not be opened; what was typed lies in the drafts. */
export function Broken() {
  const t = useSay()
  return (
    <div className="note warn" role="alert">
      <p>{t('outdated')}</p>
      <Button type="primary" onClick={() => location.reload()}>
        {t('reload')}
      </Button>
    </div>
  )
}

// Forms.

export interface Aria {
  id: string
  'aria-describedby'?: string
  'aria-invalid'?: boolean
  status?: 'error'
}

interface FieldProps {
  id: string
  label: string
  hint?: string | undefined
  error?: string | undefined
  children: (aria: Aria) => ReactNode
}

/** Label, hint, control and what is wrong with it; give `aria` to the control. */
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
      {children({ id, ...(about && { 'aria-describedby': about }), ...(error && { 'aria-invalid': true, status: 'error' }) })}
      {error && (
        <p className="error" id={id + '-error'} role="alert">
          {error}
        </p>
      )}
    </div>
  )
}

interface ChoiceProps extends Partial<Aria> {
  value: string
  onChange: (value: string) => void
  options: readonly { value: string; label: string }[]
  /** what stands for "none"; without it something must be chosen */
  all?: string
  'aria-label'?: string
}

/** One of several, as codes with words. '' is none. */
export function Choice({ value, onChange, options, all, status: _, ...aria }: ChoiceProps) {
  const t = useSay()
  return (
    <select {...aria} className="input choice" value={value} onChange={(e) => onChange(e.target.value)}>
      {all !== undefined ? (
        <option value="">{all}</option>
      ) : (
        <option value="" disabled hidden={value !== ''}>
          {t('choose')}
        </option>
      )}
      {options.map((o) => (
        <option key={o.value} value={o.value}>
          {o.label}
        </option>
      ))}
    </select>
  )
}

/** The button that sends a form. */
export function Send({ pending, children, ...rest }: { pending: boolean; children: ReactNode } & ButtonProps) {
  return (
    <Button htmlType="submit" type="primary" loading={pending} {...rest}>
      {children}
    </Button>
  )
}

/** The server's message at a field. */
export const at = (err: unknown, field: string): string | undefined => (err instanceof Refusal ? err.at(field) : undefined)

export const onSubmit = (fn: () => void) => (e: FormEvent) => {
  e.preventDefault()
  fn()
}

// Lists.

export interface Column<T> {
  key: string
  title: string
  cell: (row: T) => ReactNode
  /** right-aligned figures */
  figure?: boolean
  /** stays on one line: a name, a time */
  whole?: boolean
}

interface TableProps<T> {
  label: string
  columns: readonly Column<T>[]
  rows: readonly T[]
  id: (row: T) => string
  /** attributes of a row, such as data-*: for tests and styles */
  row?: (row: T) => Record<string, string>
}

/**
 * A table that becomes a list of blocks at small widths, so that nothing scrolls
 * sideways. The first column heads its row and holds the link to what the row is.
 * With the focus in it, ArrowDown and ArrowUp (or j and k) walk from row to row.
 */
export function Table<T>({ label, columns, rows, id, row }: TableProps<T>) {
  const [first, ...rest] = columns
  if (!first) return null
  return (
    <div className="scroll">
      <table className="stack" aria-label={label} onKeyDown={walk}>
        <thead>
          <tr>
            {columns.map((c) => (
              <th key={c.key} scope="col" className={c.figure ? 'figure' : undefined}>
                {c.title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((r) => (
            <tr key={id(r)} {...row?.(r)}>
              <th scope="row">{first.cell(r)}</th>
              {rest.map((c) => (
                <td key={c.key} data-label={c.title} className={c.figure ? 'figure' : c.whole ? 'whole' : undefined}>
                  {c.cell(r)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

const steps: Record<string, number> = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1 }

function walk(e: KeyboardEvent<HTMLTableElement>): void {
  const step = steps[e.key]
  const target = e.target as HTMLElement
  if (!step || e.ctrlKey || e.metaKey || e.altKey || target.matches('input, textarea, select')) return
  const links = [...e.currentTarget.querySelectorAll<HTMLElement>('tbody th a')]
  const now = links.findIndex((l) => l.closest('tr') === target.closest('tr'))
  const next = links[now + step]
  if (!next) return
  next.focus()
  e.preventDefault()
}

/** A table over keyset pages: loading, error, nothing there, rows, and more of them. */
export function PagedTable<T>({ of, empty, ...table }: Omit<TableProps<T>, 'rows'> & { of: Pages<T>; empty: ReactNode }) {
  const t = useSay()
  if (!of.items) return of.error ? <Problem error={of.error} retry={of.again} /> : <Loading />
  if (of.items.length === 0) return <Empty>{empty}</Empty>
  return (
    <>
      <Table {...table} rows={of.items} />
      <Problem error={of.error} retry={of.again} />
      {of.more && (
        <Button className="more" loading={of.fetching} onClick={of.more}>
          {t('more')}
        </Button>
      )}
    </>
  )
}

// Small things.

/** A figure that opens the records behind it; without an address it is only shown. */
export function Figure({ label, value, href, hint, mark }: { label: string; value: ReactNode; href?: string | undefined; hint?: ReactNode; mark?: ReactNode }) {
  const id = useId()
  return (
    <div className="figure-card card">
      <span className="hint" id={id}>
        {label}
      </span>
      {href ? (
        <a href={href} id={id + '-v'} aria-labelledby={`${id} ${id}-v`}>
          {value}
        </a>
      ) : (
        <b>{value}</b>
      )}
      {hint && <small className="hint">{hint}</small>}
      {mark}
    </div>
  )
}

/**
 * A running clock: what is left until due, in digits. Colour and a word by the
 * warnings passed: nobody has to tell the colours apart.
 */
export function Clock({ due, warn = [], level }: { due: string; warn?: string[]; level?: number }) {
  const t = useSay()
  const time = useWhen()
  const now = useNow()
  const left = Date.parse(due) - now
  const passed = level ?? warn.filter((w) => Date.parse(w) <= now).length
  const kind = left < 0 ? 'late' : passed >= 2 ? 'hot' : passed >= 1 ? 'warm' : 'calm'
  return (
    <span className={'clock ' + kind}>
      <span className="word">{t(`clock_${kind}`)}</span> <b role="timer">{digits(left)}</b> <span className="hint due">{t('clock_due', { when: time(due) })}</span>
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
