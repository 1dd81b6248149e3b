// The pane beside a consultation: who asks, what staff noted, what he asked before.

import type { ReactNode } from 'react'
import * as api from '../../../shared/api'
import { langNames, type Lang } from '../../../shared/lang'
import type { Order } from '../../../shared/types'
import { is, useApp, useLoad, useName, useSay, useWhen } from '../app'
import { Facts, Wait } from '../parts'
import { useWords } from './desktexts'
import { Notes } from './notes'

export function Person({ o, children }: { o: Order; children?: ReactNode }) {
  return (
    <>
      <Asker o={o} />
      <Notes o={o} />
      <History o={o} />
      <Details o={o} />
      {children}
    </>
  )
}

function Asker({ o }: { o: Order }) {
  const t = useSay()
  const name = useName()
  const { me } = useApp()
  return (
    <section className="card" aria-labelledby="d">
      <h2 id="d">{o.contact.name || t('asker')}</h2>
      <Facts
        rows={[
          [t('phone'), o.contact.phone_masked],
          [t('region'), o.region.name],
          [t('type'), o.problem_type.name],
          [t('language_asked'), langNames[o.language as Lang] ?? o.language],
          [t('rating'), o.rating && [name('l', o.rating.level), o.rating.comment].filter(Boolean).join(' · ')],
        ]}
      />
      {o.callback && is(me, 'lawyer', 'operations', 'quality') && (
        <p>
          <a href={'#/callbacks/' + o.callback.id}>{t('callback_open')}</a>
        </p>
      )}
    </section>
  )
}

/** The order itself: its number, its times, why it came to this lawyer. */
function Details({ o }: { o: Order }) {
  const t = useSay()
  const name = useName()
  const time = useWhen()
  return (
    <section className="card" aria-labelledby="o">
      <h2 id="o">{t('details')}</h2>
      <Facts
        rows={[
          [t('number'), o.number],
          [t('source'), name('src', o.source)],
          [t('asked_at'), time(o.asked_at)],
          [t('answer_by'), time(o.answer_by)],
          [t('answered_at'), time(o.answered_at)],
          [t('read_at'), time(o.read_at)],
          [t('lawyer'), [o.lawyer?.name, o.lawyer?.firm].filter(Boolean).join(' · ')],
          [t('match'), o.match_reason],
          [t('next'), o.next.text],
        ]}
      />
    </section>
  )
}

/** Other consultations of the same person, as far as the viewer may see each. */
function History({ o }: { o: Order }) {
  const w = useWords()
  const name = useName()
  const time = useWhen()
  const list = useLoad(['history', o.id], () => api.orders({ same_person: o.id, limit: 20 }))
  return (
    <section className="card" aria-labelledby="h">
      <h2 id="h">{w('history')}</h2>
      <Wait of={list}>
        {({ items }) =>
          items.length === 0 ? (
            <p className="hint">{w('history_none')}</p>
          ) : (
            <ul className="facts">
              {items.map((x) => (
                <li key={x.id}>
                  <a href={'#/orders/' + x.id}>{x.title}</a>
                  <br />
                  <span className="hint">
                    {time(x.asked_at)} · {name('s', x.state)}
                    {x.rating_level && ` · ${name('l', x.rating_level)}`}
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
