// The lawyer's orders, each with its clock running; beside it the one in hand.

import { Segmented } from 'antd'
import { useState } from 'react'
import * as api from '../../../shared/api'
import type { OrderRow } from '../../../shared/types'
import { useLoad, useName, useSay, useWhen } from '../app'
import { OrderView } from './order'
import { Clock, Empty, Heading, Wait } from '../parts'
import type { PageProps } from '.'

/** Waiting for the lawyer: not answered yet, or asked back with a clock that runs. */
const open = (o: OrderRow) => o.awaiting ?? (o.state === 'waiting' || o.state === 'assigned')

export default function QueuePage({ route }: PageProps) {
  const selected = route.parts[0] === 'orders' ? route.parts[1] : undefined
  const t = useSay()
  const [done, setDone] = useState(false)
  const list = useLoad(['orders', 'queue'], () => api.orders({ limit: 200 }), 5_000)
  return (
    <div className={selected ? 'panes chosen' : 'panes'}>
      <section className="list" aria-labelledby="queue">
        {selected ? <h2 id="queue">{t('queue_title')}</h2> : <div id="queue"><Heading>{t('queue_title')}</Heading></div>}
        <Wait of={list}>
          {({ items }) => {
            const todo = items.filter(open).sort((a, b) => a.answer_by.localeCompare(b.answer_by))
            const rest = items.filter((o) => !open(o))
            const shown = done ? rest : todo
            return (
              <>
                <Segmented<'todo' | 'done'>
                  block
                  className="tabs"
                  aria-label={t('filter')}
                  value={done ? 'done' : 'todo'}
                  onChange={(v) => setDone(v === 'done')}
                  options={[
                    { value: 'todo', label: t('queue_open', { n: todo.length }) },
                    { value: 'done', label: t('queue_done') },
                  ]}
                />
                {shown.length === 0 && <Empty>{t(done ? 'queue_done_empty' : 'queue_empty')}</Empty>}
                <ul className="rows">
                  {shown.map((o) => (
                    <Row key={o.id} o={o} current={o.id === selected} />
                  ))}
                </ul>
              </>
            )
          }}
        </Wait>
      </section>
      <section className="detail">{selected ? <OrderView key={selected} id={selected} back="#/queue" /> : <p className="empty hint">{t('queue_pick')}</p>}</section>
    </div>
  )
}

function Row({ o, current }: { o: OrderRow; current: boolean }) {
  const name = useName()
  const time = useWhen()
  const t = useSay()
  return (
    <li>
      <a className="card row" href={'#/orders/' + o.id} aria-current={current ? 'true' : undefined}>
        <strong>{o.title}</strong>
        {open(o) ? <Clock due={o.answer_by} level={o.warn_level} /> : <span className={'state ' + o.state}>{name('s', o.state)}</span>}
        <span className="hint">
          {o.problem_type.name} · {o.region.name} · {time(o.asked_at)}
          {o.rating_level && ` · ${name('l', o.rating_level)}`}
        </span>
        {o.breach && <span className="state bad">{t('breach')}</span>}
      </a>
    </li>
  )
}
