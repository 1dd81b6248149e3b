// One order as staff see it.

import { useState } from 'react'
import * as api from '../../../shared/api'
import { langNames, type Lang } from '../../../shared/lang'
import { followUp } from '../../../shared/talk'
import type { Answer, Order } from '../../../shared/types'
import { Actions } from './actions'
import { Attachments } from './attachments'
import { is, useApp, useLang, useLoad, useName, useSay, useWhen } from '../app'
import { Composer } from './composer'
import { Clock, Facts, Heading, Text, Wait } from '../parts'
import { Reply } from './reply'

export function OrderPage({ id }: { id: string }) {
  return (
    <div className="single">
      <OrderView id={id} back="#/orders" />
    </div>
  )
}

export function OrderView({ id, back }: { id: string; back: string }) {
  const t = useSay()
  const order = useLoad(['order', id], () => api.getOrder(id), 5_000)
  return (
    <>
      <p className="backlink">
        <a href={back}>← {t('back_to_list')}</a>
      </p>
      <Wait of={order}>{(o) => <View o={o} />}</Wait>
    </>
  )
}

function View({ o }: { o: Order }) {
  const t = useSay()
  const name = useName()
  const open = o.state === 'waiting' || o.state === 'assigned'
  const due = o.clock?.due_at ?? (open ? o.answer_by : undefined)
  return (
    <article>
      <Heading>{o.title || o.number}</Heading>
      <p className="line">
        <span className={'state ' + o.state}>{name('s', o.state)}</span>
        {o.breach && <span className="state bad">{t('breach')}</span>}
        {due && <Clock due={due} warn={o.clock?.warn_at ?? []} />}
      </p>
      <section className="card" aria-labelledby="q">
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
      {o.can.includes('answer') && <Composer key={o.id} o={o} />}
      {o.can.includes('message') && <Reply id={o.id} />}
      {o.exclusion && (
        <p className="note warn">
          {t('excluded_as', { reason: name('x', o.exclusion.reason) })} {o.exclusion.note}
        </p>
      )}
      <Details o={o} />
      <Actions o={o} />
      <Timeline o={o} />
    </article>
  )
}

function Details({ o }: { o: Order }) {
  const t = useSay()
  const name = useName()
  const time = useWhen()
  const { me } = useApp()
  return (
    <section className="card" aria-labelledby="d">
      <h2 id="d">{t('details')}</h2>
      <Facts
        rows={[
          [t('number'), o.number],
          [t('type'), o.problem_type.name],
          [t('region'), o.region.name],
          [t('asker'), o.contact.name],
          [t('phone'), o.contact.phone_masked],
          [t('language_asked'), langNames[o.language as Lang] ?? o.language],
          [t('source'), name('src', o.source)],
          [t('asked_at'), time(o.asked_at)],
          [t('answer_by'), time(o.answer_by)],
          [t('answered_at'), time(o.answered_at)],
          [t('read_at'), time(o.read_at)],
          [t('lawyer'), [o.lawyer?.name, o.lawyer?.firm].filter(Boolean).join(' · ')],
          [t('match'), o.match_reason],
          [t('rating'), o.rating && [name('l', o.rating.level), o.rating.comment].filter(Boolean).join(' · ')],
          [t('next'), o.next?.text],
        ]}
      />
      {o.callback && is(me, 'lawyer', 'operations', 'quality') && <a href={'#/callbacks/' + o.callback.id}>{t('callback_open')}</a>}
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
              {b.law} {b.article} <small className="hint">{t(b.checked ? 'checked' : 'unchecked')}</small>
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
    <details className="card" onToggle={(e) => setOpen(e.currentTarget.open)}>
      <summary>{t('timeline')}</summary>
      {open && (
        <Wait of={list}>
          {({ items }) => (
            <>
              <ol className="facts">
                {items.map((f, i) => (
                  <li key={i}>
                    <span className="hint">{time(f.at)}</span> {f.sentence}{' '}
                    <small className="hint">
                      {name('r', f.actor_role)}
                      {f.leaf !== undefined && ` · ${t('leaf', { n: f.leaf })}`}
                    </small>
                    {f.words && <Text>{f.words}</Text>}
                  </li>
                ))}
              </ol>
              <a href={api.proofPath(o.id)} download={`proof-${o.number}.json`}>
                {t('proof')}
              </a>
              {!o.erased &&
                (['pdf', 'txt'] as const).map((kind) => (
                  <span key={kind}>
                    {' · '}
                    <a href={api.transcriptPath(o.id, kind, lang)} download={`${o.number}.${kind}`}>
                      {t('transcript', { kind: kind.toUpperCase() })}
                    </a>
                  </span>
                ))}
            </>
          )}
        </Wait>
      )}
    </details>
  )
}
