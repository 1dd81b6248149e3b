// Tokens of machines: the list, making one (its secret is shown once), revoking.
// req: A2.12

import { Button, Checkbox, Input, Modal } from 'antd'
import { useState } from 'react'
import { call, now, query } from '../../../shared/api'
import { newID } from '../../../shared/ident'
import type { List } from '../../../shared/types'
import { usePages, useSay, useVerb, useWhen, words } from '../app'
import { at, Choice, Field, Heading, onSubmit, PagedTable, Problem, Send, type Column } from '../parts'

const useWords = words({
  title: ['程序接口令牌', '程式介面權杖', 'Tokens of machines'],
  lead: ['供对接系统读取数据，只读，可随时吊销。每个程序一个令牌。', '供對接系統讀取數據，唯讀，可隨時撤銷。每個程式一個權杖。', 'For programs that read data here; read-only, revoked at any time. One token for each program.'],
  new: ['新建令牌', '新增權杖', 'Make a token'],
  name: ['程序名称', '程式名稱', 'Name of the program'],
  name_hint: ['写程序，不写人名。', '填寫程式名稱，不要填人名。', 'Of the program, not of a person.'],
  scopes: ['可以读取', '可以讀取', 'May read'],
  'orders:read': ['工单', '工單', 'Orders'],
  'figures:read': ['指标', '指標', 'Figures'],
  'reports:read': ['报表', '報表', 'Reports'],
  'statutes:read': ['法条', '法例條文', 'Statutes'],
  expires: ['有效期', '有效期', 'Valid for'],
  days: ['{n} 天', '{n} 日', '{n} days'],
  required: ['请填写。', '請填寫。', 'Fill this in.'],
  choose: ['至少选一项。', '至少選一項。', 'Choose at least one.'],
  made: ['令牌已建立。密钥只显示这一次，请现在复制并交给对接方。', '權杖已建立。密鑰只顯示這一次，請現在複製並交給對接方。', 'The token was made. Its secret is shown this once: copy it now and hand it over.'],
  lost: ['令牌已建立，但密钥不能再次显示。请吊销它，再新建一个。', '權杖已建立，但密鑰不能再次顯示。請撤銷它，再新增一個。', 'The token was made, but its secret can’t be shown again. Revoke it and make another.'],
  secret: ['密钥', '密鑰', 'Secret'],
  secret_hint: ['放在请求头 Authorization: Bearer 之后。', '放在請求標頭 Authorization: Bearer 之後。', 'Goes behind Authorization: Bearer.'],
  copy: ['复制', '複製', 'Copy'],
  copied: ['已复制。', '已複製。', 'Copied.'],
  by_hand: ['已选中，请按 Ctrl+C 复制。', '已選取，請按 Ctrl+C 複製。', 'Selected; copy it with Ctrl+C.'],
  done: ['我已保存，关闭', '我已儲存，關閉', 'I have kept it; close'],
  list: ['全部令牌', '全部權杖', 'All tokens'],
  empty: ['还没有令牌。', '尚未有權杖。', 'No tokens yet.'],
  state: ['状态', '狀態', 'State'],
  valid: ['有效', '有效', 'Valid'],
  expired: ['已过期', '已過期', 'Expired'],
  revoked: ['已吊销', '已撤銷', 'Revoked'],
  made_at: ['建立时间', '建立時間', 'Made'],
  until: ['有效至', '有效至', 'Valid until'],
  used: ['最近使用', '最近使用', 'Last used'],
  never: ['从未使用', '從未使用', 'never'],
  do: ['操作', '操作', 'Do'],
  revoke: ['吊销', '撤銷', 'Revoke'],
  revoke_lead: ['立即生效，不能撤回；使用它的程序将无法读取数据。', '即時生效，不能復原；使用它的程式將無法讀取數據。', 'At once and for good: the program that uses it can read no more.'],
})

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
      <Button size="small" danger data-act="revoke" onClick={() => (send.reset(), setOpen(true))}>
        {t('revoke')}
      </Button>
      {open && (
        <Modal open title={`${t('revoke')} · ${x.name}`} onCancel={() => setOpen(false)} footer={null} closable={{ 'aria-label': say('close') }} destroyOnHidden>
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
        </Modal>
      )}
    </>
  )
}
