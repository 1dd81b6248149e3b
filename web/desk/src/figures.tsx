// The day at a glance: each figure with its formula, its source in the standard
// and its threshold; warnings. Every figure opens its orders.

import { type ReactNode } from 'react'
import * as api from '../../shared/api'
import { query } from '../../shared/api'
import { go } from '../../shared/route'
import type { Figures, Rate, State, Warning } from '../../shared/types'
import { is, useApp, useLoad, useName, useSay, useWhen } from './app'
import { formulaOf, mark } from './marks'
import { Heading, Wait } from './parts'

const names = [
  'consultations',
  'answered',
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
  'callback_rate',
  'abandoned',
] as const

/** The state whose orders stand behind a figure, where there is one. */
const behind: Partial<Record<(typeof names)[number], State | ''>> = { consultations: '', answered: 'answered', completed: 'closed' }

export function TodayPage({ date }: { date: string }) {
  const t = useSay()
  const { me } = useApp()
  const day = useLoad(['figures', date], () => api.figures(date || undefined), 10_000)
  return (
    <>
      <Heading>{t('today_title')}</Heading>
      <div className="filters">
        <label>
          {t('date')} <input type="date" value={date || day.data?.date || ''} onChange={(e) => go('/today' + query({ date: e.target.value }))} />
        </label>
      </div>
      {is(me, 'operations', 'quality') && <Warnings />}
      <Wait of={day}>{(f) => <Table f={f} />}</Wait>
    </>
  )
}

const isRate = (v: unknown): v is Rate => typeof v === 'object' && v !== null && 'num' in v && 'den' in v

function Table({ f }: { f: Figures }) {
  const t = useSay()
  const shown = (v: unknown): ReactNode =>
    isRate(v) ? (
      <>
        <b>{v.text}</b> <span className="hint">{`${v.num} / ${v.den}`}</span>
      </>
    ) : (
      <b>{typeof v === 'number' || typeof v === 'string' ? v : ''}</b>
    )
  return (
    <>
      <p className="hint">
        {f.date} · {t(f.live ? 'live' : 'stored')} · {t('leaf_upto', { n: f.leaf })}
      </p>
      <div className="scroll" tabIndex={0} role="region" aria-label={t('today_title')}>
        <table className="stack">
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
              const state = behind[n]
              return (
                <tr key={n} data-figure={n}>
                  <th scope="row">{state !== undefined ? <a href={'#/orders' + query({ date: f.date, state })}>{t(`f_${n}`)}</a> : n.startsWith('callbacks') ? <a href={'#/callbacks' + (n === 'callbacks_done' ? '?state=done' : '')}>{t(`f_${n}`)}</a> : t(`f_${n}`)}</th>
                  <td>{shown(f[n])}</td>
                  <td>
                    {m.text} {m.ok !== undefined && <span className={m.ok ? 'state answered' : 'state bad'}>{t(m.ok ? 'met' : 'not_met')}</span>}
                  </td>
                  <td className="hint">{formulaOf(f.formulas, n)}</td>
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
  const m = f.answer_minutes ?? {}
  const part = (k: 'mean' | 'median' | 'p95' | 'max') => `${t(k)} ${m[k] ?? 'n/a'}`
  return (
    <tr>
      <th scope="row">{t('f_answer_minutes')}</th>
      <td colSpan={2}>{(['mean', 'median', 'p95', 'max'] as const).map(part).join(' · ')}</td>
      <td className="hint">{formulaOf(f.formulas, 'answer_minutes')}</td>
    </tr>
  )
}

function Excluded({ f }: { f: Figures }) {
  const t = useSay()
  const name = useName()
  return (
    <tr>
      <th scope="row">
        <a href={'#/orders' + query({ date: f.date, state: 'excluded' })}>{t('f_excluded')}</a>
      </th>
      <td colSpan={2}>{f.excluded?.length ? f.excluded.map((x) => `${name('x', x.reason)} ${x.count}`).join(' · ') : '0'}</td>
      <td className="hint">{formulaOf(f.formulas, 'excluded')}</td>
    </tr>
  )
}

function Warnings() {
  const t = useSay()
  const time = useWhen()
  const list = useLoad(['warnings'], api.warnings, 5_000)
  const lawyer = (w: Warning) => (typeof w.lawyer === 'object' ? w.lawyer.name : (w.lawyer ?? ''))
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
                    {lawyer(w)} {time(w.at)}
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
