// Call-backs with their clocks. A lawyer sees those that wait for his call.

import * as api from '../../../shared/api'
import type { CallbackRow } from '../../../shared/types'
import { is, useApp, useLoad, useName, useSay } from '../app'
import { CallbackPage } from './callback'
import { Clock, Empty, Heading, Wait } from '../parts'
import type { PageProps } from '.'

export default function Callbacks({ route }: PageProps) {
  const id = route.parts[1]
  return id ? <CallbackPage key={id} id={id} /> : <CallbacksPage state={route.query.get('state') === 'done' ? 'done' : 'open'} />
}

function CallbacksPage({ state }: { state: 'open' | 'done' }) {
  const t = useSay()
  const { me } = useApp()
  const list = useLoad(['callbacks', state], () => api.callbacks(state), 10_000)
  const staff = is(me, 'operations', 'quality')
  return (
    <>
      <Heading>{t(staff ? 'callbacks_title' : 'calls_title')}</Heading>
      <nav className="tabs" aria-label={t('filter')}>
        <a href="#/callbacks" aria-current={state === 'open' ? 'page' : undefined}>
          {t('cb_open')}
        </a>
        <a href="#/callbacks?state=done" aria-current={state === 'done' ? 'page' : undefined}>
          {t('cb_done')}
        </a>
      </nav>
      <Wait of={list}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty>{t('cb_empty')}</Empty>
          ) : (
            <ul className="rows">
              {items.map((c) => (
                <Row key={c.id} c={c} open={state === 'open'} />
              ))}
            </ul>
          )
        }
      </Wait>
    </>
  )
}

function Row({ c, open }: { c: CallbackRow; open: boolean }) {
  const t = useSay()
  const name = useName()
  return (
    <li>
      <a className="card row" href={'#/callbacks/' + c.id}>
        <strong>{c.order.title || c.order.number}</strong>
        <span>
          <span className="state bad">{name('l', c.level)}</span> {c.overdue && <span className="state bad">{t('cb_overdue')}</span>}
        </span>
        {open && (
          <span>
            {t('cb_due')} <Clock due={c.due_at} />
          </span>
        )}
        {open && c.lawyer_due_at && !c.lawyer_called_at && (
          <span>
            {t('cb_lawyer_due')} <Clock due={c.lawyer_due_at} />
          </span>
        )}
        <span className="hint">{c.order.number}</span>
      </a>
    </li>
  )
}
