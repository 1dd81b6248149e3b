// All orders in the viewer's scope, with filters kept in the address; one of them.

import { lazy, Suspense, useState } from 'react'
import { query as search } from '../../../shared/api'
import { go } from '../../../shared/route'
import type { OrderRow } from '../../../shared/types'
import { useName, usePages, useSay, useWhen } from '../app'
import { Button, Input } from '../controls'
import { Choice, Clock, Heading, Loading, onSubmit, PagedTable, type Column } from '../parts'
import type { PageProps } from '.'
import { filterOf, ordersOf, type Filter } from './ordersquery'
import { counted, useWords, type Counted } from './orderstexts'

const OrderPage = lazy(() => import('./order').then((m) => ({ default: m.OrderPage })))

const states = ['waiting', 'assigned', 'answered', 'closed', 'excluded'] as const

export default function Orders({ route }: PageProps) {
  const id = route.parts[1]
  if (!id) return <All query={route.query} />
  return (
    <Suspense fallback={<Loading />}>
      <OrderPage key={id} id={id} person={route.parts[2] === 'person'} />
    </Suspense>
  )
}

function All({ query }: { query: URLSearchParams }) {
  const t = useSay()
  const own = useWords()
  const name = useName()
  const f = filterOf(query)
  const [words, setWords] = useState(f.q)
  const put = (c: Partial<Filter>) => go('/orders' + search({ ...f, q: words.trim(), ...c }))
  return (
    <>
      <Heading>{t('orders_title')}</Heading>
      <form className="filters" role="search" onSubmit={onSubmit(() => put({}))}>
        <label htmlFor="f-state">
          {t('state')}
          <Choice id="f-state" value={f.state} all={t('all')} options={states.map((s) => ({ value: s, label: name('s', s) }))} onChange={(state) => put({ state })} />
        </label>
        <label>
          {t('date')} <Input type="date" value={f.date} onChange={(e) => put({ date: e.target.value })} />
        </label>
        <label>
          {t('keyword')} <Input type="search" value={words} onChange={(e) => setWords(e.target.value)} />
        </label>
        <Button htmlType="submit">{t('filter')}</Button>
      </form>
      {f.figure && (
        <p className="note" data-figure={f.figure}>
          {own('figure', { what: f.figure in counted ? own(f.figure as Counted) : f.figure })} <a href={'#/orders' + search({ ...f, figure: '' })}>{own('all')}</a>
        </p>
      )}
      <List key={JSON.stringify(f)} f={f} />
    </>
  )
}

function List({ f }: { f: Filter }) {
  const t = useSay()
  const name = useName()
  const time = useWhen()
  const { key, fn } = ordersOf(f)
  const list = usePages(key, fn, 10_000)
  const columns: Column<OrderRow>[] = [
    { key: 'title', title: t('title'), cell: (o) => <><a href={'#/orders/' + o.id}>{o.title}</a> <small className="hint">{o.number}</small></> },
    { key: 'state', title: t('state'), cell: (o) => <State o={o} /> },
    { key: 'type', title: t('type'), cell: (o) => o.problem_type.name },
    { key: 'region', title: t('region'), cell: (o) => o.region.name },
    { key: 'lawyer', title: t('lawyer'), cell: (o) => o.lawyer?.name, whole: true },
    { key: 'asked', title: t('asked_at'), cell: (o) => time(o.asked_at), whole: true },
    { key: 'rating', title: t('rating'), cell: (o) => o.rating_level && name('l', o.rating_level), whole: true },
  ]
  return <PagedTable of={list} empty={t('orders_empty')} label={t('orders_title')} columns={columns} id={(o) => o.id} />
}

function State({ o }: { o: OrderRow }) {
  const t = useSay()
  const name = useName()
  const open = o.state === 'waiting' || o.state === 'assigned'
  return (
    <>
      <span className={'state ' + o.state}>{name('s', o.state)}</span> {o.breach && <span className="state bad">{t('breach')}</span>} {open && <Clock due={o.answer_by} level={o.warn_level} />}
    </>
  )
}
