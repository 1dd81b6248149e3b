// The day at a glance: each figure with its formula, its source in the standard
// and its threshold; warnings. Every figure opens its orders.

import { type ReactNode } from 'react'
import * as api from '../../../shared/api'
import { query } from '../../../shared/api'
import { go } from '../../../shared/route'
import type { Figures } from '../../../shared/types'
import { is, useApp, useLoad, useName, useRate, useSay, useWhen } from '../app'
import { Input } from '../controls'
import { isRate, mark, sources } from './marks'
import { Heading, Wait } from '../parts'
import type { PageProps } from '.'

const names = [
  'consultations',
  'answered',
  'open',
  'reply_rate',
  'answered_within_120min',
  'timely_answer_rate',
  'breaches',
  'completed',
  'rated',
  'participation',
  'satisfied',
  'satisfaction',
  'non_satisfied',
  'callbacks_due',
  'callbacks_done',
  'callbacks_late',
  'callback_rate',
  'abandoned',
  'inspected',
  'fatal_error_rate',
  'non_fatal_error_rate',
  'complaints_received',
  'suggestions',
  'complaint_callback_rate',
  'complaints_closed',
  'complaints_open',
  'complaints_overdue',
  'complaints_sensitive',
] as const

/** The set of orders that a figure counts, where it has another name. */
const sets: Partial<Record<(typeof names)[number], string>> = {
  answered: 'answered',
  open: 'open',
  answered_within_120min: 'answered_in_time',
  breaches: 'breaches',
  completed: 'answered',
  rated: 'rated',
  satisfied: 'satisfied',
  non_satisfied: 'non_satisfied',
  callbacks_due: 'non_satisfied',
  callbacks_done: 'callbacks_done',
  callbacks_late: 'callbacks_late',
  abandoned: 'abandoned',
}

/** The list of what stands behind a figure, where a list shows exactly that. */
function behind(figure: (typeof names)[number], date: string): string | undefined {
  if (figure === 'consultations') return '#/orders' + query({ date })
  if (figure === 'complaints_received') return '#/complaints' + query({ date })
  return sets[figure] && '#/orders' + query({ figure: sets[figure], date })
}

export default function TodayPage({ route }: PageProps) {
  const date = route.query.get('date') ?? ''
  const t = useSay()
  const { me } = useApp()
  const day = useLoad(['figures', date], () => api.figures(date || undefined), 10_000)
  return (
    <>
      <Heading>{t('today_title')}</Heading>
      <div className="filters">
        <label>
          {t('date')} <Input type="date" value={date || day.data?.date || ''} onChange={(e) => go('/today' + query({ date: e.target.value }))} />
        </label>
      </div>
      {is(me, 'operations', 'quality') && <Warnings />}
      <Wait of={day}>{(f) => <Table f={f} />}</Wait>
    </>
  )
}

/** How a figure is made, in the reader's words, with its source in the standard. */
function useFormula(f: Figures): (figure: string) => string {
  const name = useName()
  return (figure) => {
    const server = f.formulas?.[figure]
    if (!server) return ''
    const own = name('p', figure)
    return own === figure ? server : [own, sources(server)].filter(Boolean).join(' · ')
  }
}

function Table({ f }: { f: Figures }) {
  const t = useSay()
  const formula = useFormula(f)
  const rate = useRate()
  const shown = (v: unknown): ReactNode =>
    isRate(v) ? (
      <>
        <b>{rate(v.text)}</b> <span className="hint">{`${v.num} / ${v.den}`}</span>
      </>
    ) : (
      <b>{typeof v === 'number' || typeof v === 'string' ? v : ''}</b>
    )
  return (
    <>
      <p className="hint">
        {f.date} · {t(f.live ? 'live' : 'stored')} · {t('leaf_upto', { n: f.leaf })}
      </p>
      <div className="scroll">
        <table className="stack" aria-label={t('today_title')}>
          <thead>
            <tr>
              <th scope="col">{t('figure')}</th>
              <th scope="col">{t('value')}</th>
              <th scope="col">{t('threshold')}</th>
              <th scope="col">{t('formula')}</th>
            </tr>
          </thead>
          <tbody>
            {names.map((n) => {
              const m = mark(f.thresholds, n, f[n])
              const to = behind(n, f.date)
              return (
                <tr key={n} data-figure={n}>
                  <th scope="row">{to ? <a href={to}>{t(`f_${n}`)}</a> : t(`f_${n}`)}</th>
                  <td>{shown(f[n])}</td>
                  <td>
                    {m && `${m.most ? '≤' : '≥'} ${m.percent} %`} {m?.met !== undefined && <span className={m.met ? 'state answered' : 'state bad'}>{t(m.met ? 'met' : 'not_met')}</span>}
                  </td>
                  <td className="hint">{formula(n)}</td>
                </tr>
              )
            })}
            <Minutes f={f} />
            <Excluded f={f} />
          </tbody>
        </table>
      </div>
    </>
  )
}

function Minutes({ f }: { f: Figures }) {
  const t = useSay()
  const formula = useFormula(f)
  const m = f.answer_minutes ?? {}
  const part = (k: 'mean' | 'median' | 'p95' | 'max') => `${t(k)} ${m[k] === undefined ? t('na') : +m[k].toFixed(2)}`
  return (
    <tr>
      <th scope="row">{t('f_answer_minutes')}</th>
      <td colSpan={2}>{(['mean', 'median', 'p95', 'max'] as const).map(part).join(' · ')}</td>
      <td className="hint">{formula('answer_minutes')}</td>
    </tr>
  )
}

function Excluded({ f }: { f: Figures }) {
  const t = useSay()
  const formula = useFormula(f)
  const name = useName()
  return (
    <tr>
      <th scope="row">
        <a href={'#/orders' + query({ date: f.date, state: 'excluded' })}>{t('f_excluded')}</a>
      </th>
      <td colSpan={2}>{f.excluded?.length ? f.excluded.map((x) => `${name('x', x.reason)} ${x.count}`).join(' · ') : '0'}</td>
      <td className="hint">{formula('excluded')}</td>
    </tr>
  )
}

function Warnings() {
  const t = useSay()
  const time = useWhen()
  const list = useLoad(['warnings'], api.warnings, 5_000)
  return (
    <section className="card" aria-labelledby="w">
      <h2 id="w">{t('warnings')}</h2>
      <Wait of={list}>
        {({ items }) =>
          items.length === 0 ? (
            <p className="hint">{t('warnings_empty')}</p>
          ) : (
            <ul className="warnings">
              {items.map((w, i) => (
                <li key={i}>
                  <span className={w.level >= 110 ? 'state bad' : 'state waiting'}>{t('warn', { n: w.level })}</span> <a href={'#/orders/' + w.order.id}>{w.order.number}</a>{' '}
                  <span className="hint">
                    {w.lawyer?.name} {time(w.at)}
                  </span>
                </li>
              ))}
            </ul>
          )
        }
      </Wait>
    </section>
  )
}
