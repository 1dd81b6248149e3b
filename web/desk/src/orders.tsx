// All orders in the viewer's scope, with filters kept in the address.

import { useState } from 'react'
import * as api from '../../shared/api'
import { query as search } from '../../shared/api'
import { go } from '../../shared/route'
import type { OrderRow } from '../../shared/types'
import { useLoad, useName, useSay, useVerb, useWhen } from './app'
import { Clock, Heading, onSubmit, Problem, Wait } from './parts'

const states = ['waiting', 'assigned', 'answered', 'closed', 'excluded'] as const

export function OrdersPage({ query }: { query: URLSearchParams }) {
  const t = useSay()
  const name = useName()
  const f = { state: query.get('state') ?? '', date: query.get('date') ?? '', q: query.get('q') ?? '' }
  const [words, setWords] = useState(f.q)
  const put = (c: Partial<typeof f>) => go('/orders' + search({ ...f, q: words.trim(), ...c }))
  return (
    <>
      <Heading>{t('orders_title')}</Heading>
      <form className="filters" role="search" onSubmit={onSubmit(() => put({}))}>
        <label>
          {t('state')}{' '}
          <select value={f.state} onChange={(e) => put({ state: e.target.value })}>
            <option value="">{t('all')}</option>
            {states.map((s) => (
              <option key={s} value={s}>
                {name('s', s)}
              </option>
            ))}
          </select>
        </label>
        <label>
          {t('date')} <input type="date" value={f.date} onChange={(e) => put({ date: e.target.value })} />
        </label>
        <label>
          {t('keyword')} <input type="search" value={words} onChange={(e) => setWords(e.target.value)} />
        </label>
        <button>{t('filter')}</button>
      </form>
      <List key={JSON.stringify(f)} f={f} />
    </>
  )
}

function List({ f }: { f: { state: string; date: string; q: string } }) {
  const t = useSay()
  const first = useLoad(['orders', f], () => api.orders({ ...f, limit: 50 }), 10_000)
  const [more, setMore] = useState<OrderRow[]>([])
  const [cursor, setCursor] = useState<string>()
  const next = more.length ? cursor : first.data?.next_cursor
  const load = useVerb(
    () => api.orders({ ...f, limit: 50, ...(next && { cursor: next }) }),
    (page) => {
      setMore((old) => [...old, ...page.items])
      setCursor(page.next_cursor)
    },
  )
  return (
    <Wait of={first}>
      {(page) =>
        page.items.length === 0 ? (
          <p className="card empty">{t('orders_empty')}</p>
        ) : (
          <>
            <div className="scroll" tabIndex={0} role="region" aria-label={t('orders_title')}>
              <table className="stack">
                <thead>
                  <tr>
                    <th scope="col">{t('title')}</th>
                    <th scope="col">{t('state')}</th>
                    <th scope="col">{t('type')}</th>
                    <th scope="col">{t('region')}</th>
                    <th scope="col">{t('lawyer')}</th>
                    <th scope="col">{t('asked_at')}</th>
                    <th scope="col">{t('rating')}</th>
                  </tr>
                </thead>
                <tbody>
                  {[...page.items, ...more].map((o) => (
                    <Row key={o.id} o={o} />
                  ))}
                </tbody>
              </table>
            </div>
            <Problem error={load.error} />
            {next && (
              <button type="button" disabled={load.isPending} onClick={() => load.mutate(undefined)}>
                {t('more')}
              </button>
            )}
          </>
        )
      }
    </Wait>
  )
}

function Row({ o }: { o: OrderRow }) {
  const t = useSay()
  const name = useName()
  const time = useWhen()
  const open = o.state === 'waiting' || o.state === 'assigned'
  return (
    <tr>
      <th scope="row">
        <a href={'#/orders/' + o.id}>{o.title}</a> <small className="hint">{o.number}</small>
      </th>
      <td data-label={t('state')}>
        <span className={'state ' + o.state}>{name('s', o.state)}</span> {o.breach && <span className="state bad">{t('breach')}</span>} {open && <Clock due={o.answer_by} level={o.warn_level} />}
      </td>
      <td data-label={t('type')}>{o.problem_type.name}</td>
      <td data-label={t('region')}>{o.region.name}</td>
      <td data-label={t('lawyer')}>{o.lawyer?.name}</td>
      <td data-label={t('asked_at')}>{time(o.asked_at)}</td>
      <td data-label={t('rating')}>{o.rating_level && name('l', o.rating_level)}</td>
    </tr>
  )
}
