import { useEffect, useState } from 'preact/hooks'
import * as api from '../../shared/api'
import { go } from '../../shared/route'
import { when } from '../../shared/time'
import type { OrderRow } from '../../shared/types'
import { useApp, useLoad, useSay } from './app'
import { Heading, Problem, useSend, Wait } from './parts'

/** Pages for a person who is signed in; others are sent to sign in and come back. */
export function useOwn(path: string): boolean {
  const { me } = useApp()
  useEffect(() => {
    if (me === null) go('/sign-in?next=' + encodeURIComponent(path), true)
  }, [me])
  return !!me
}

export function RecordsPage() {
  const t = useSay()
  const { lang } = useApp()
  const own = useOwn('/orders')
  const first = useLoad(() => (own ? api.orders({ limit: 20 }) : new Promise<never>(() => {})), [own, lang], 15_000)
  const [more, setMore] = useState<OrderRow[]>([])
  const [cursor, setCursor] = useState<string>()
  const { busy, error, send } = useSend()
  const next = more.length ? cursor : first.data?.next_cursor
  const load = () =>
    send(async () => {
      const page = await api.orders({ cursor: next!, limit: 20 })
      setMore([...more, ...page.items])
      setCursor(page.next_cursor)
    })
  return (
    <>
      <Heading>{t('records_title')}</Heading>
      <Wait of={first}>
        {(page) =>
          page.items.length === 0 ? (
            <div class="card empty">
              <p>{t('records_empty')}</p>
              <a class="button primary" href="#/ask">
                {t('home_ask')}
              </a>
            </div>
          ) : (
            <>
              <ul class="rows">
                {[...page.items, ...more].map((o) => (
                  <Row key={o.id} o={o} />
                ))}
              </ul>
              <Problem error={error} />
              {next && (
                <button type="button" disabled={busy} onClick={load}>
                  {t('records_more')}
                </button>
              )}
            </>
          )
        }
      </Wait>
      <p>
        <a href="#/complaints">{t('complaints')}</a> · <a href="#/me">{t('me')}</a>
      </p>
    </>
  )
}

function Row({ o }: { o: OrderRow }) {
  const t = useSay()
  const { lang } = useApp()
  const open = o.awaiting ?? (o.state === 'waiting' || o.state === 'assigned')
  return (
    <li class="card row">
      <a href={'#/orders/' + o.id}>
        <strong>{o.title}</strong>
      </a>
      <p>
        <span class={'state ' + o.state}>{t(`s_${o.state}`)}</span> {open && t('reply_by', { when: when(o.answer_by, lang, api.now()) })}
        {o.answered_at && t('answered_at', { when: when(o.answered_at, lang, api.now()) })}
      </p>
      <p class="hint">
        {o.problem_type.name} · {t('asked_at')} {when(o.asked_at, lang, api.now())} · <span class="whole">{o.number}</span>
      </p>
      {o.state === 'answered' && !o.rating_level && <p class="todo">{t('to_rate')}</p>}
      {o.rating_level && <p class="hint">{t('rated', { level: t(`l_${o.rating_level}`) })}</p>}
    </li>
  )
}
