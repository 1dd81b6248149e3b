// What the list, the file and the order's page show of a complaint.

import { query } from '../../../shared/api'
import type { Order } from '../../../shared/types'
import { is, useApp, usePages, useWhen } from '../app'
import { Button } from '../controls'
import { PagedTable, type Column } from '../parts'
import * as api from './complaintapi'
import { useWords } from './complainttexts'

const kinds: Record<api.Case['state'], string> = { collected: 'waiting', called: '', registered: 'good', closed: 'closed' }

/** State, and what must not be overlooked. */
export function Marks({ c }: { c: api.Case }) {
  const t = useWords()
  const s = c.staff?.sensitive
  return (
    <span className="line">
      <span className={'state ' + kinds[c.state]}>{t(c.state)}</span>
      {c.staff?.overdue && <span className="state bad">{t('overdue')}</span>}
      {s?.category ? <span className="state bad" data-sensitive={s.category}>{s.name ?? t('sensitive')}</span> : null}
      {s?.category && s.by_words && c.state !== 'closed' ? <span className="state warn">{t('maybe')}</span> : null}
    </span>
  )
}

/** The complaints about an order, on its page. */
export default function OfOrder({ o }: { o: Order }) {
  const t = useWords()
  const time = useWhen()
  const { me } = useApp()
  const list = usePages(['complaints', 'order', o.id], (cursor) => api.list({ order: o.id, limit: 20, ...(cursor && { cursor }) }))
  const columns: Column<api.Case>[] = [
    { key: 'number', title: t('number'), cell: (c) => <><a href={'#/complaints/' + c.id}>{c.number}</a> <small className="hint">{t(c.kind)}</small></> },
    { key: 'state', title: t('state'), cell: (c) => <Marks c={c} /> },
    { key: 'received', title: t('received'), cell: (c) => time(c.received_at) },
  ]
  return (
    <section aria-labelledby="complaints" className="of-order">
      <h2 id="complaints">{t('of_this')}</h2>
      <PagedTable of={list} empty={t('of_this_none')} label={t('of_this')} columns={columns} id={(c) => c.id} />
      {is(me, 'operations', 'quality') && (
        <p>
          <Button href={'#/complaints/new' + query({ order: o.id, number: o.number })}>{t('new')}</Button>
        </p>
      )}
    </section>
  )
}
