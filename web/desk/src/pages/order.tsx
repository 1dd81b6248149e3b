// One order as staff see it: the consultation, and the person beside it.

import { lazy, Suspense, useState, type KeyboardEvent } from 'react'
import * as api from '../../../shared/api'
import { followUp } from '../../../shared/talk'
import type { Answer, Order } from '../../../shared/types'
import { is, useApp, useLang, useLoad, useName, useSay, useWhen } from '../app'
import { Button } from '../controls'
import { Clock, Heading, Text, Wait } from '../parts'
import { useShortcuts } from '../shortcuts'
import { Actions } from './actions'
import { Attachments } from './attachments'
import { Composer } from './composer'
import { useWords } from './desktexts'
import { Person } from './person'
import { Reply } from './reply'

const PassDialog = lazy(() => import('./pass'))
const AddCheck = lazy(() => import('./addcheck'))
const Complaints = lazy(() => import('./complaintparts'))

export function OrderPage({ id, person }: { id: string; person: boolean }) {
  return (
    <div className={'panes two ' + (person ? 'at-person' : 'at-talk')}>
      <OrderPanes id={id} back="#/orders" />
    </div>
  )
}

/** The consultation and, beside it, the person: two panes of the desk. */
export function OrderPanes({ id, back }: { id: string; back: string }) {
  const t = useSay()
  const w = useWords()
  const order = useLoad(['order', id], () => api.getOrder(id), 5_000)
  const [slot, setSlot] = useState<HTMLElement | null>(null)
  return (
    <>
      <section className="talk-pane">
        <p className="backlink line">
          <a href={back}>← {t('back_to_list')}</a>
          {!order.error && <a href={`#/orders/${id}/person`}>{w('person')} →</a>}
        </p>
        <Wait of={order}>{(o) => <View o={o} slot={slot} />}</Wait>
      </section>
      <aside className="person-pane" aria-label={w('person')}>
        <p className="backlink">
          <a href={'#/orders/' + id}>← {w('back_to_order')}</a>
        </p>
        <div ref={setSlot} />
        {order.data && (
          <Person o={order.data}>
            <Timeline o={order.data} />
          </Person>
        )}
      </aside>
    </>
  )
}

/** The consultation; what a reply needs stands in the pane beside it, where there is one. */
function View({ o, slot }: { o: Order; slot: HTMLElement | null }) {
  const t = useSay()
  const name = useName()
  const { me } = useApp()
  const [passing, setPassing] = useState(false)
  const open = o.state === 'waiting' || o.state === 'assigned'
  const due = o.clock?.due_at ?? (open ? o.answer_by : undefined)
  useShortcuts({
    r: () => (document.getElementById('judgement') ?? document.getElementById('reply'))?.focus(),
    n: () => document.getElementById('note')?.focus(),
    p: o.can.includes('pass') ? () => setPassing(true) : undefined,
  })
  return (
    <article onKeyDown={leaveField}>
      <Heading extra={o.can.includes('pass') && <Button aria-haspopup="dialog" onClick={() => setPassing(true)}>{t('pass')}</Button>}>{o.title || o.number}</Heading>
      <p className="line">
        <span className={'state ' + o.state}>{name('s', o.state)}</span>
        {o.breach && <span className="state bad">{t('breach')}</span>}
        {due && <Clock due={due} warn={o.clock?.warn_at ?? []} />}
      </p>
      <Handovers o={o} />
      {o.exclusion && (
        <p className="note warn">
          {t('excluded_as', { reason: name('x', o.exclusion.reason) })} {o.exclusion.note}
        </p>
      )}
      <section className="card question" aria-labelledby="q">
        <h2 id="q">{t('question')}</h2>
        <Text>{o.erased ? t('erased') : o.question}</Text>
        <Attachments order={o.id} list={o.attachments} />
      </section>
      {o.answer && !o.erased && (
        <section className="card" aria-labelledby="a">
          <h2 id="a">{t('the_answer')}</h2>
          <AnswerView a={o.answer} />
          <Attachments order={o.id} list={o.answer.attachments} />
        </section>
      )}
      <Talk o={o} />
      {o.can.includes('answer') && <Composer key={o.id} o={o} slot={slot} />}
      {o.can.includes('message') && <Reply o={o} />}
      <Actions o={o} />
      {is(me, 'operations', 'quality', 'bureau') && (
        <Suspense>
          {is(me, 'quality') && o.answer && !o.exclusion && <AddCheck o={o} />}
          <Complaints o={o} />
        </Suspense>
      )}
      {passing && (
        <Suspense>
          <PassDialog o={o} onClose={() => setPassing(false)} />
        </Suspense>
      )}
    </article>
  )
}

/** Escape in a field gives the focus back to the page, so that the keys work again. */
function leaveField(e: KeyboardEvent<HTMLElement>): void {
  if (e.key !== 'Escape' || e.nativeEvent.isComposing || !(e.target as HTMLElement).matches('input, textarea')) return
  e.currentTarget.querySelector('h1')?.focus()
}

/** What the lawyers before wrote for the next one: the newest on top, open. */
function Handovers({ o }: { o: Order }) {
  const t = useSay()
  const w = useWords()
  const time = useWhen()
  const [first, ...rest] = o.handovers ?? []
  if (!first) return null
  const one = (h: typeof first) => (
    <>
      <p className="hint">{w('handover_by', { name: h.from ?? w('somebody'), when: time(h.at) })}</p>
      <Text>{h.erased ? t('erased') : h.summary}</Text>
    </>
  )
  return (
    <section className="note handover" aria-labelledby="handover">
      <h2 id="handover">{w('handover')}</h2>
      {one(first)}
      {rest.length > 0 && (
        <details>
          <summary>{w('handover_more', { n: rest.length })}</summary>
          {rest.map((h) => (
            <div key={h.at}>{one(h)}</div>
          ))}
        </details>
      )}
    </section>
  )
}

export function AnswerView({ a }: { a: Answer }) {
  const t = useSay()
  const time = useWhen()
  return (
    <>
      <p className="hint">{time(a.at)}</p>
      <div className="hint">
        <Text>{a.opening}</Text>
      </div>
      <h3>{t('judgement')}</h3>
      <Text>{a.judgement}</Text>
      <h3>{t('text')}</h3>
      <Text>{a.text}</Text>
      <h3>{t('basis')}</h3>
      {a.basis.length > 0 && (
        <ul>
          {a.basis.map((b) => (
            <li key={b.law + b.article}>
              {b.law} {b.article} <small className="hint whole">{t(b.checked ? 'checked' : 'unchecked')}</small>
            </li>
          ))}
        </ul>
      )}
      {a.no_basis_reason && <p>{a.no_basis_reason}</p>}
      <h3>{t('advice')}</h3>
      <ol>
        {a.advice.map((x, i) => (
          <li key={i}>{x}</li>
        ))}
      </ol>
      <div className="hint">
        <Text>{a.disclaimer}</Text>
        <Text>{a.closing}</Text>
      </div>
    </>
  )
}

function Talk({ o }: { o: Order }) {
  const t = useSay()
  const name = useName()
  const time = useWhen()
  const list = followUp(o)
  if (!list.length) return null
  return (
    <section aria-labelledby="talk">
      <h2 id="talk">{t('talk')}</h2>
      <ol className="talk">
        {list.map((m) => (
          <li key={m.id} className={'card ' + m.role}>
            <p className="hint">
              <b>{name('r', m.role)}</b> · {time(m.at)}
            </p>
            <Text>{m.erased ? t('erased') : m.text}</Text>
            <Attachments order={o.id} list={m.attachments} />
          </li>
        ))}
      </ol>
    </section>
  )
}

function Timeline({ o }: { o: Order }) {
  const t = useSay()
  const name = useName()
  const time = useWhen()
  const lang = useLang()
  const [open, setOpen] = useState(false)
  const list = useLoad(['facts', o.id, o.rev], () => api.facts(o.id), 0, open)
  return (
    <details className="card timeline" onToggle={(e) => setOpen(e.currentTarget.open)}>
      <summary>{t('timeline')}</summary>
      {open && (
        <Wait of={list}>
          {({ items }) => (
            <>
              <ol className="facts">
                {items.map((f, i) => (
                  <li key={i}>
                    <span className="hint">{time(f.at)}</span> {f.sentence}{' '}
                    <small className="hint whole">
                      {name('r', f.actor_role)}
                      {f.leaf !== undefined && ` · ${t('leaf', { n: f.leaf })}`}
                    </small>
                    {f.words && <Text>{f.words}</Text>}
                  </li>
                ))}
              </ol>
              <p className="line">
                <a className="file whole" href={api.proofPath(o.id)} download={`proof-${o.number}.json`}>
                  {t('proof')}
                </a>
                {!o.erased &&
                  (['pdf', 'txt'] as const).map((kind) => (
                    <a key={kind} className="file whole" href={api.transcriptPath(o.id, kind, lang)} download={`${o.number}.${kind}`}>
                      {t('transcript', { kind: kind.toUpperCase() })}
                    </a>
                  ))}
              </p>
            </>
          )}
        </Wait>
      )}
    </details>
  )
}
