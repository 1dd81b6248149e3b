import { useState } from 'preact/hooks'
import * as api from '../../shared/api'
import { go } from '../../shared/route'
import { when } from '../../shared/time'
import type { Note } from '../../shared/types'
import { useApp, useLoad, useSay } from './app'
import { Heading, Problem, useSend, Wait } from './parts'
import { useOwn } from './records'

const orderOf = (n: Note): string => n.order ?? ''

export function InboxPage() {
  const t = useSay()
  const { lang, refresh } = useApp()
  const own = useOwn('/inbox')
  const list = useLoad(() => (own ? api.inbox() : new Promise<never>(() => {})), [own, lang], 20_000)
  const [more, setMore] = useState<Note[]>([])
  const [cursor, setCursor] = useState<string>()
  const { busy, error, send } = useSend()
  const next = more.length ? cursor : list.data?.next_cursor
  const open = async (n: Note) => {
    if (!n.read_at) await api.readNote(n.id).catch(() => {})
    void refresh()
    const order = orderOf(n)
    if (order) go('/orders/' + order)
    else list.reload()
  }
  const load = () =>
    send(async () => {
      const page = await api.inbox(next)
      setMore([...more, ...page.items])
      setCursor(page.next_cursor)
    })
  return (
    <>
      <Heading>{t('inbox_title')}</Heading>
      <Wait of={list}>
        {(page) =>
          page.items.length === 0 ? (
            <p class="card empty">{t('inbox_empty')}</p>
          ) : (
            <>
              <ul class="rows">
                {[...page.items, ...more].map((n) => (
                  <li key={n.id} class={n.read_at ? 'card row' : 'card row unread'}>
                    <p>{orderOf(n) ? n.text.replace(/[:：]?\s*https?:\S+/, '') : n.text}</p>
                    <p class="hint">
                      {!n.read_at && <b class="new">{t('inbox_new')}</b>} {when(n.at, lang, api.now())}
                    </p>
                    {(orderOf(n) || !n.read_at) && (
                      <button type="button" onClick={() => void open(n)}>
                        {t('inbox_open')}
                      </button>
                    )}
                  </li>
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
    </>
  )
}
