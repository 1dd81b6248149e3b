// Complaining and suggesting, with an order or without (B7.1.2.1a): one tap from
// the foot of every page, one more to send. The number, what happens next and,
// for who despairs, whom to call are told at once (B7.1.2.3a, B7.1.2.4).

import { useState } from 'preact/hooks'
import * as api from '../../shared/api'
import { drop, load as loadDraft, save } from '../../shared/draft'
import { newID } from '../../shared/ident'
import { when } from '../../shared/time'
import { complaintKinds, type Complaint, type ComplaintKind } from '../../shared/types'
import { useApp, useLoad, useSay } from './app'
import { FilesOf, Later } from './files'
import { Field, Heading, Problem, Text, useSend, Wait } from './parts'
import { useOwn } from './records'

export function ComplainPage({ order }: { order: string | undefined }) {
  const t = useSay()
  const { lang } = useApp()
  const own = useOwn('/complain' + (order ? '?order=' + order : ''))
  const key = 'complain' + (order ?? '')
  const [draft, setDraft] = useState(() => loadDraft(key, { id: newID(), kind: 'complaint', text: '' }))
  const { id, text } = draft
  const kind = complaintKinds.find((k) => k === draft.kind) ?? 'complaint'
  const write = (more: { kind?: ComplaintKind; text?: string }) => {
    save(key, { ...draft, ...more })
    setDraft({ ...draft, ...more })
  }
  const [wrong, setWrong] = useState(false)
  const [done, setDone] = useState<Complaint>()
  const { busy, error, send } = useSend()
  const hotline = useLoad(api.complaintNumbers, []).data?.hotline
  if (!own) return null
  if (done) {
    return (
      <>
        <Heading>{t('complain_done')}</Heading>
        <One c={done} told={() => {}} />
        <p>
          <a class="button primary" href="#/complaints">
            {t('complaints')}
          </a>
        </p>
      </>
    )
  }
  const submit = (e: Event) => {
    e.preventDefault()
    const words = text.trim()
    setWrong(!words)
    if (!words) return
    void send(async () => {
      setDone(await api.complain({ id, kind, text: words, language: lang, channel: 'web', ...(order && { order }) }))
      drop(key)
    })
  }
  const bad = wrong ? t('complain_needed') : error instanceof api.Refusal ? error.at('text') : undefined
  return (
    <>
      <Heading>{t('complain')}</Heading>
      <p class="lead">{t('complain_lead')}</p>
      {hotline && (
        <p>
          {t('complain_hotline')} <a href={'tel:' + hotline}>{hotline}</a>
        </p>
      )}
      {order && <p class="note">{t('complain_order')}</p>}
      <form class="card rate" onSubmit={submit} noValidate>
        <fieldset>
          <legend>{t('complain_kind')}</legend>
          {complaintKinds.map((k) => (
            <label key={k} class="level">
              <input type="radio" name="kind" value={k} checked={k === kind} onChange={() => write({ kind: k })} /> {t(`k_${k}`)}
            </label>
          ))}
        </fieldset>
        <Field id="text" label={t('complain_text')} hint={t('complain_hint')} error={bad}>
          {(aria) => <textarea {...aria} rows={6} value={text} onInput={(e) => write({ text: e.currentTarget.value })} />}
        </Field>
        <Problem error={error} />
        <button class="primary" disabled={busy}>
          {busy ? t('sending') : t('complain_send')}
        </button>
      </form>
      <p>
        <a href="#/complaints">{t('complaints')}</a>
      </p>
    </>
  )
}

/** One complaint as its citizen sees it: number, what happens next, the result. */
function One({ c, told }: { c: Complaint; told: () => void }) {
  const t = useSay()
  const { lang } = useApp()
  return (
    <section class="card" aria-label={c.number}>
      {c.help && (
        <p class="note bad" role="alert">
          {c.help}
        </p>
      )}
      <p>
        <b>{t(`k_${c.kind}`)}</b> · {t('complain_number')} <b class="whole">{c.number}</b>
      </p>
      <p>{c.next.text}</p>
      {c.next.by && <p>{t('callback_by', { when: when(c.next.by, lang, api.now()) })}</p>}
      <FilesOf order="" list={c.attachments} at={(f) => '/api/v1' + api.complaintFile(c.id, f)} />
      {c.can.includes('attach') && <Later load={() => import('./evidence')} props={{ complaint: c.id, have: (c.attachments ?? []).map((f) => f.id), told }} />}
      {c.result && (
        <>
          <h3>{t('complain_result')}</h3>
          <Text>{c.result}</Text>
        </>
      )}
      <details>
        <summary>{t('complain_yours')}</summary>
        <p class="hint">{when(c.received_at, lang, api.now())}</p>
        <Text>{c.erased ? t('erased') : c.text}</Text>
      </details>
    </section>
  )
}

export function ComplaintsPage() {
  const t = useSay()
  const { lang } = useApp()
  const own = useOwn('/complaints')
  const first = useLoad(() => (own ? api.complaints() : new Promise<never>(() => {})), [own, lang], 30_000)
  const [more, setMore] = useState<Complaint[]>([])
  const [cursor, setCursor] = useState<string>()
  const { busy, error, send } = useSend()
  const next = more.length ? cursor : first.data?.next_cursor
  const load = () =>
    send(async () => {
      const page = await api.complaints(next)
      setMore([...more, ...page.items])
      setCursor(page.next_cursor)
    })
  return (
    <>
      <Heading>{t('complaints')}</Heading>
      <p>
        <a class="button primary" href="#/complain">
          {t('complain')}
        </a>
      </p>
      <Wait of={first}>
        {(page) => (
          <>
            {!page.items.length && <p class="card empty">{t('complaints_empty')}</p>}
            {[...page.items, ...more].map((c) => (
              <One key={c.id} c={c} told={first.reload} />
            ))}
            <Problem error={error} />
            {next && (
              <button type="button" disabled={busy} onClick={load}>
                {t('records_more')}
              </button>
            )}
          </>
        )}
      </Wait>
    </>
  )
}
