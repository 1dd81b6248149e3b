// Tokens of machines: the list, making one (its secret is shown once), revoking.
// req: B8.2.2.9

import { useState } from 'react'
import { call, now, query } from '../../../shared/api'
import { newID } from '../../../shared/ident'
import type { List } from '../../../shared/types'
import { Dialog } from '../above'
import { usePages, useSay, useVerb, useWhen } from '../app'
import { Button, Checkbox, Input } from '../controls'
import { at, Choice, Field, Heading, onSubmit, PagedTable, Problem, Send, type Column } from '../parts'
import { useWords } from './tokenstexts'

interface Token { id: string; name: string; scopes: string[]; made_at: string; expires_at: string; revoked_at?: string; used_at?: string; token?: string }

const scopes = ['orders:read', 'figures:read', 'reports:read', 'statutes:read'] as const
const periods = [30, 90, 180, 365] as const
type Scope = (typeof scopes)[number]

export default function TokensPage() {
  const t = useWords()
  const [made, setMade] = useState<Token>()
  return (
    <>
      <Heading>{t('title')}</Heading>
      <p className="lead hint">{t('lead')}</p>
      {made ? <Secret of={made} onDone={() => setMade(undefined)} /> : <Make onMade={setMade} />}
      <All />
    </>
  )
}

function Make({ onMade }: { onMade: (token: Token) => void }) {
  const t = useWords()
  const [d, setD] = useState({ id: newID(), name: '', scopes: [] as string[], days: '90' })
  const [tried, setTried] = useState(false)
  const send = useVerb(
    () => call<Token>('POST', '/tokens', { id: d.id, name: d.name.trim(), scopes: d.scopes, expires_at: new Date(now() + Number(d.days) * 86_400_000).toISOString() }),
    onMade,
  )
  const submit = () => {
    setTried(true)
    if (d.name.trim() && d.scopes.length) send.mutate(undefined)
  }
  const wrong = tried && d.scopes.length === 0 ? t('choose') : at(send.error, 'scopes')
  return (
    <form className="card" onSubmit={onSubmit(submit)} noValidate aria-labelledby="make">
      <h2 id="make">{t('new')}</h2>
      <Field id="t-name" label={t('name')} hint={t('name_hint')} error={tried && !d.name.trim() ? t('required') : at(send.error, 'name')}>
        {(aria) => <Input {...aria} autoComplete="off" maxLength={64} value={d.name} onChange={(e) => setD({ ...d, name: e.target.value })} />}
      </Field>
      <fieldset className={wrong ? 'wrong' : undefined}>
        <legend>{t('scopes')}</legend>
        {scopes.map((s) => (
          <Checkbox className="check" key={s} data-scope={s} checked={d.scopes.includes(s)} onChange={(e) => setD({ ...d, scopes: e.target.checked ? [...d.scopes, s] : d.scopes.filter((x) => x !== s) })}>
            {t(s)} <small className="hint">{s}</small>
          </Checkbox>
        ))}
        {wrong && (
          <p className="error" id="t-scopes-error" role="alert">
            {wrong}
          </p>
        )}
      </fieldset>
      <Field id="t-days" label={t('expires')} error={at(send.error, 'expires_at')}>
        {(aria) => <Choice {...aria} value={d.days} onChange={(days) => setD({ ...d, days })} options={periods.map((n) => ({ value: String(n), label: t('days', { n }) }))} />}
      </Field>
      <Problem error={send.error} />
      <Send pending={send.isPending}>{t('new')}</Send>
    </form>
  )
}

/** The secret, until it is put away: it lies in this page's memory and nowhere else. */
function Secret({ of, onDone }: { of: Token; onDone: () => void }) {
  const t = useWords()
  const [told, setTold] = useState<'copied' | 'by_hand'>()
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(of.token ?? '')
      setTold('copied')
    } catch {
      const field = document.getElementById('secret') as HTMLInputElement | null
      field?.select()
      setTold('by_hand')
    }
  }
  return (
    <section className="card" aria-labelledby="made">
      <h2 id="made">{of.name}</h2>
      <p className={of.token ? 'note good' : 'note warn'} role="status">
        {t(of.token ? 'made' : 'lost')}
      </p>
      {of.token && (
        <>
          <Field id="secret" label={t('secret')} hint={t('secret_hint')}>
            {(aria) => <Input {...aria} readOnly autoFocus value={of.token} onFocus={(e) => e.target.select()} />}
          </Field>
          <p aria-live="polite">{told && t(told)}</p>
        </>
      )}
      <div className="buttons">
        {of.token && (
          <Button type="primary" data-act="copy" onClick={() => void copy()}>
            {t('copy')}
          </Button>
        )}
        <Button data-act="done" onClick={onDone}>
          {t('done')}
        </Button>
      </div>
    </section>
  )
}

type TokenState = 'valid' | 'expired' | 'revoked'
const stateOf = (x: Token): TokenState => (x.revoked_at ? 'revoked' : Date.parse(x.expires_at) <= now() ? 'expired' : 'valid')

function All() {
  const t = useWords()
  const time = useWhen()
  const list = usePages(['tokens'], (cursor) => call<List<Token>>('GET', '/tokens' + query({ cursor, limit: 50 })))
  const columns: Column<Token>[] = [
    { key: 'name', title: t('name'), cell: (x) => x.name },
    { key: 'state', title: t('state'), cell: (x) => <span className={'state ' + (stateOf(x) === 'valid' ? 'good' : 'closed')}>{t(stateOf(x))}</span> },
    { key: 'scopes', title: t('scopes'), cell: (x) => x.scopes.map((s) => ((scopes as readonly string[]).includes(s) ? t(s as Scope) : s)).join(' · ') },
    { key: 'made', title: t('made_at'), cell: (x) => time(x.made_at) },
    { key: 'until', title: t('until'), cell: (x) => time(x.expires_at) },
    { key: 'used', title: t('used'), cell: (x) => (x.used_at ? time(x.used_at) : t('never')) },
    { key: 'do', title: t('do'), cell: (x) => stateOf(x) === 'valid' && <Revoke x={x} /> },
  ]
  return (
    <section aria-labelledby="list">
      <h2 id="list">{t('list')}</h2>
      <PagedTable of={list} empty={t('empty')} label={t('list')} columns={columns} id={(x) => x.id} row={(x) => ({ 'data-token': x.id, 'data-state': stateOf(x) })} />
    </section>
  )
}

function Revoke({ x }: { x: Token }) {
  const t = useWords()
  const say = useSay()
  const [open, setOpen] = useState(false)
  const send = useVerb(
    () => call<void>('DELETE', '/tokens/' + encodeURIComponent(x.id)),
    () => setOpen(false),
  )
  return (
    <>
      <Button size="small" danger data-act="revoke" aria-haspopup="dialog" onClick={() => (send.reset(), setOpen(true))}>
        {t('revoke')}
      </Button>
      {open && (
        <Dialog title={`${t('revoke')} · ${x.name}`} onClose={() => setOpen(false)}>
          <form onSubmit={onSubmit(() => send.mutate(undefined))}>
            <p>{t('revoke_lead')}</p>
            <Problem error={send.error} />
            <div className="buttons">
              <Send pending={send.isPending} danger>
                {t('revoke')}
              </Send>
              <Button onClick={() => setOpen(false)}>{say('cancel')}</Button>
            </div>
          </form>
        </Dialog>
      )}
    </>
  )
}
