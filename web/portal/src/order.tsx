// One order as the citizen sees it: what comes next, question, reply with all
// its parts, follow-up, rating, what happened. (B6.1b, B7.1.3.1a)

import { useEffect, useState } from 'preact/hooks'
import * as api from '../../shared/api'
import { when } from '../../shared/time'
import { followUp } from '../../shared/talk'
import type { Answer, Order } from '../../shared/types'
import { useApp, useLoad, useSay } from './app'
import { AskBack } from './askback'
import { FilesOf } from './files'
import { Countdown, Heading, Text, Wait } from './parts'
import { Rating } from './rating'
import { useOwn } from './records'

export function OrderPage({ id }: { id: string }) {
  const { lang, refresh } = useApp()
  const own = useOwn('/orders/' + id)
  const order = useLoad(() => (own ? api.getOrder(id) : new Promise<never>(() => {})), [own, id, lang], 10_000)
  const unread = order.data?.can.includes('read') && !order.data.read_at
  useEffect(() => {
    // The reply is on the screen: mark it as read.
    if (!unread) return
    api.markRead(id).then(
      () => {
        order.reload()
        void refresh()
      },
      () => {}, // tried again with the next load
    )
  }, [unread])
  return <Wait of={order}>{(o) => <View o={o} reload={order.reload} />}</Wait>
}

function View({ o, reload }: { o: Order; reload: () => void }) {
  const t = useSay()
  const { lang } = useApp()
  const at = (iso?: string) => when(iso, lang, api.now())
  return (
    <>
      <Heading>{o.title || o.number}</Heading>
      <p>
        <span class={'state ' + o.state}>{t(`s_${o.state}`)}</span> {o.problem_type.name} · {o.region.name}
      </p>
      <p class="hint">
        {t('sent_number')} <span class="whole">{o.number}</span> · {t('asked_at')} {at(o.asked_at)}
      </p>
      <Next o={o} />
      <section class="card" aria-labelledby="q">
        <h2 id="q">{t('your_question')}</h2>
        <Text>{o.question}</Text>
        <FilesOf order={o.id} list={o.attachments} />
      </section>
      <section class="card" aria-labelledby="a">
        <h2 id="a">{t('the_answer')}</h2>
        {o.answer ? <Reply a={o.answer} o={o} /> : <p>{t('no_answer')}</p>}
      </section>
      <Talk o={o} />
      {o.can.includes('message') && <AskBack id={o.id} done={reload} />}
      <Rating o={o} done={reload} />
      <Keep o={o} />
      <History id={o.id} rev={o.rev} />
      <p>
        <a href={'#/complain?order=' + o.id}>{t('complain_about')}</a>
      </p>
    </>
  )
}

function Next({ o }: { o: Order }) {
  const t = useSay()
  const { lang } = useApp()
  if (o.state === 'excluded') return <p class="note">{t('excluded')}</p>
  return (
    <section class="note next" aria-labelledby="next">
      <h2 id="next">{t('order_next')}</h2>
      <p>{o.next.text}</p>
      {o.next.by && <Countdown by={o.next.by} />}
      {o.callback && (
        <p>
          {o.callback.state !== 'open' ? t('callback_done') : t('callback_by', { when: when(o.callback.due_at, lang, api.now()) })}
        </p>
      )}
    </section>
  )
}

function Reply({ a, o }: { a: Answer; o: Order }) {
  const t = useSay()
  const { lang } = useApp()
  return (
    <div class="reply">
      <p class="hint">
        {[o.lawyer?.name, o.lawyer?.firm].filter(Boolean).join(' · ')} {t('answered_at', { when: when(a.at, lang, api.now()) })}
      </p>
      <Text>{a.opening}</Text>
      <h3>{t('judgement')}</h3>
      <Text>{a.judgement}</Text>
      <h3>{t('explanation')}</h3>
      <Text>{a.text}</Text>
      <h3>{t('basis')}</h3>
      {a.basis.length > 0 && (
        <ul>
          {a.basis.map((b) => (
            <li key={b.law + b.article}>
              《{b.law.replace(/^《|》$/g, '')}》{b.article} {b.checked && <small class="checked">{t('checked')}</small>}
            </li>
          ))}
        </ul>
      )}
      {a.no_basis_reason && (
        <p>
          {t('no_basis')} {a.no_basis_reason}
        </p>
      )}
      <h3>{t('advice')}</h3>
      <ol>
        {a.advice.map((x, i) => (
          <li key={i}>{x}</li>
        ))}
      </ol>
      <h3>{t('disclaimer')}</h3>
      <div class="hint">
        <Text>{a.disclaimer}</Text>
      </div>
      <Text>{a.closing}</Text>
      <FilesOf order={o.id} list={a.attachments} />
      {o.read_at && <p class="hint">✓ {t('read_at', { when: when(o.read_at, lang, api.now()) })}</p>}
    </div>
  )
}

function Talk({ o }: { o: Order }) {
  const t = useSay()
  const { lang } = useApp()
  const list = followUp(o)
  if (!list.length) return null
  return (
    <section aria-labelledby="talk">
      <h2 id="talk">{t('talk')}</h2>
      <ol class="talk">
        {list.map((m) => (
          <li key={m.id} class={'card ' + m.role}>
            <p class="hint">
              <b>{t(m.role === 'citizen' ? 'you' : m.role === 'lawyer' ? 'lawyer' : 'system')}</b> · {when(m.at, lang, api.now())}
            </p>
            <Text>{m.erased ? t('erased') : m.text}</Text>
            <FilesOf order={o.id} list={m.attachments} />
          </li>
        ))}
      </ol>
    </section>
  )
}

/** The record of the conversation, to keep. */
function Keep({ o }: { o: Order }) {
  const t = useSay()
  const { lang } = useApp()
  if (o.erased) return null
  return (
    <p class="keep">
      {t('keep')}{' '}
      {(['pdf', 'txt'] as const).map((kind) => (
        <a key={kind} href={api.transcriptPath(o.id, kind, lang)} download={`${o.number}.${kind}`}>
          {kind.toUpperCase()}
        </a>
      ))}
    </p>
  )
}

function History({ id, rev }: { id: string; rev: number }) {
  const t = useSay()
  const { lang } = useApp()
  const [open, setOpen] = useState(false)
  const list = useLoad(() => (open ? api.facts(id) : new Promise<never>(() => {})), [open, id, rev, lang])
  return (
    <details class="card" onToggle={(e) => setOpen((e.currentTarget as HTMLDetailsElement).open)}>
      <summary>{t('history')}</summary>
      {open && (
        <Wait of={list}>
          {({ items }) => (
            <ol class="facts">
              {items.map((f, i) => (
                <li key={i}>
                  <span class="hint">{when(f.at, lang, api.now())}</span> {f.sentence}
                </li>
              ))}
            </ol>
          )}
        </Wait>
      )}
    </details>
  )
}

/** The confirmation after asking: received, what comes next and by when. */
export function SentPage({ id }: { id: string }) {
  const t = useSay()
  const { lang } = useApp()
  const own = useOwn('/orders/' + id)
  const order = useLoad(() => (own ? api.getOrder(id) : new Promise<never>(() => {})), [own, id, lang], 10_000)
  return (
    <>
      <Heading>{t('sent_title')}</Heading>
      <Wait of={order}>
        {(o) => (
          <>
            <section class="note good" aria-labelledby="sn">
              <h2 id="sn">{t('sent_next')}</h2>
              <p>{o.next.text}</p>
              {!o.answer && (
                <>
                  <p>
                    <strong>{t('sent_by', { when: when(o.next.by ?? o.answer_by, lang, api.now()) })}</strong>
                  </p>
                  <Countdown by={o.next.by ?? o.answer_by} />
                </>
              )}
            </section>
            <p>
              {t('sent_number')} <b class="whole">{o.number}</b>
            </p>
            <p>{t('sent_close')}</p>
            <p>
              <a class="button primary" href={'#/orders/' + o.id}>
                {t('sent_view')}
              </a>
            </p>
          </>
        )}
      </Wait>
    </>
  )
}
