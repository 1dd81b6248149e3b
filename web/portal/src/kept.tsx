// What a person who is signed in has begun to ask: kept in his account while he types,
// offered when he comes back, on this device or another. The rules are keeper.ts's;
// here is what he sees. Fetched when he is signed in and asks. req: B5.2.4

import type { ComponentChildren } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import { call, getOrder, now, Refusal } from '../../shared/api'
import { reader, type Triple } from '../../shared/lang'
import { when } from '../../shared/time'
import type { List } from '../../shared/types'
import { leaving, useApp, useSay } from './app'
import type { Draft } from './askdraft'
import { Keeper, worth, type Begun, type Memory, type State, type Wire } from './keeper'
import { Problem, useSend } from './parts'

const rows = {
  begun: ['您有没写完的咨询', '您有未寫完的諮詢', 'You began a question'],
  begun_at: ['{when} 写到这里', '{when} 寫到這裏', 'Written up to here {when}'],
  go_on: ['接着写', '繼續寫', 'Go on with it'],
  throw_away: ['扔掉', '捨棄', 'Throw it away'],
  sure: ['扔掉后找不回来。确定吗？', '捨棄後無法找回。確定嗎？', 'It can’t be brought back. Are you sure?'],
  sure_yes: ['确定扔掉', '確定捨棄', 'Yes, throw it away'],
  sure_no: ['不，留着', '不，保留', 'No, keep it'],
  or_new: ['也可以在下面写一个新的问题。', '亦可在下面寫一個新的問題。', 'Or ask something new below.'],
  opened: ['已打开您 {when} 保存的内容，请接着写。', '已開啟您 {when} 保存的內容，請繼續寫。', 'This is what you kept {when}. Please go on.'],
  kept: ['{when} 已保存到您的账号。换一台手机或电脑，登录后也能接着写。', '{when} 已保存到您的帳戶。換一部手機或電腦，登入後亦可繼續寫。', 'Kept in your account {when}. You can go on with it on another device when you sign in there.'],
  waits: ['您写的内容在这一页里，网络恢复后会保存到您的账号。', '您寫的內容在這一頁內，網絡恢復後會保存到您的帳戶。', 'What you write is in this page. It is kept in your account once the network is back.'],
  full: [
    '您没写完的咨询已经有 {n} 份，这一份先保存在本页。扔掉一份旧的，这一份就能保存到账号。',
    '您未寫完的諮詢已有 {n} 份，這一份先保存在本頁。捨棄一份舊的，這一份便可保存到帳戶。',
    'You have {n} unfinished questions, so this one is kept in this page only. Throw an old one away and it is kept in your account.',
  ],
  anew: ['扔掉，重新写', '捨棄，重新寫', 'Throw away and start anew'],
  stale: ['您在另一台设备上改过这份咨询', '您在另一部裝置上改過這份諮詢', 'You changed this question on another device'],
  stale_pick: ['另一台设备 {when} 保存的是：', '另一部裝置 {when} 保存的是：', 'On the other device, kept {when}:'],
  theirs: ['用另一台设备的', '用另一部裝置的', 'Take that one'],
  mine: ['用这一页的', '用這一頁的', 'Keep what is here'],
  sent: ['这份咨询已经在另一台设备上发送了。', '這份諮詢已在另一部裝置上傳送。', 'This question was sent from another device.'],
  sent_more: ['下面是您在这里写的，没有发送。', '以下是您在這裏寫的，並未傳送。', 'Below is what you wrote here. It was not sent.'],
  see: ['查看这次咨询', '檢視這次諮詢', 'See this question'],
  new_one: ['问另一个问题', '問另一個問題', 'Ask another question'],
} satisfies Record<string, Triple>
const speakIn = reader(rows)

const draft = (id: string) => '/me/drafts/' + encodeURIComponent(id)
const wire: Wire = {
  list: async () => (await call<List<Begun>>('GET', '/me/drafts')).items,
  put: (id, body, rev, last) => call('PUT', draft(id), body, rev || undefined, last),
  drop: (id, rev) => call('DELETE', draft(id), undefined, rev || undefined),
  asked: (id) =>
    getOrder(id).then(
      () => true,
      (err: unknown) => {
        if (err instanceof Refusal && err.status === 404) return false
        throw err
      },
    ),
}

export interface KeptProps {
  d: Draft
  /** it is being sent */
  busy: boolean
  /** puts another draft into the page */
  swap: (d: Draft) => void
  mark: (id: string, m: Memory) => void
  /** what stands below the form, and whether the form is shown at all */
  show: (s: { foot?: ComponentChildren; closed?: boolean }) => void
  /** for the form: may it be sent, and it was */
  hold: { current: Pick<Keeper, 'ready' | 'end'> | null }
}

export default function Kept({ d, busy, swap, mark, show, hold }: KeptProps) {
  const { lang, me } = useApp()
  const t = speakIn(lang)
  const keeper = useRef<Keeper | null>(null)
  const [state, setState] = useState<State>({ how: '', at: '', rest: [], opened: '' })
  const { error, send } = useSend()
  const top = useRef<HTMLDivElement>(null)

  const begin = !busy || !!keeper.current // who signs in with the question sends it at once
  useEffect(() => {
    if (!begin || !me) return
    const k = new Keeper(d, me.id, wire, { tell: setState, swap, mark })
    keeper.current = k
    hold.current = {
      ready: async () => {
        const ok = await k.ready()
        if (!ok) top.current?.focus()
        return ok
      },
      end: () => k.end(),
    }
    void k.open()
    const seen = () => void (document.hidden ? k.flush(true) : k.open())
    const leave = () => k.flush()
    const online = () => void k.flush()
    document.addEventListener('visibilitychange', seen)
    addEventListener('online', online)
    leaving.add(leave)
    return () => {
      document.removeEventListener('visibilitychange', seen)
      removeEventListener('online', online)
      leaving.delete(leave)
      hold.current = null
      void k.flush(true).finally(() => k.end())
    }
  }, [begin, me?.id])
  useEffect(() => keeper.current?.change(d), [d])

  const { how, at, other, opened } = state
  const told = (iso: string) => when(iso, lang, now())
  const typed = how === 'sent' && JSON.stringify([d.question, d.files.map((f) => f.id)]) !== sentAs(d)
  const goOn = (b: Begun) => async (k: Keeper) => {
    if (!(await k.goOn(b))) throw new Refusal(0, 'offline', '', '', []) // what is here could not be kept
  }
  const act = (fn: (k: Keeper) => Promise<unknown>) => () => {
    const k = keeper.current
    if (k) void send(async () => void (await fn(k)))
  }
  useEffect(() => {
    const foot =
      how === 'kept' ? t('kept', { when: told(at) }) : how === 'waits' ? t('waits') : how === 'full' ? t('full', { n: state.rest.length }) : undefined
    show({
      foot: foot && (
        <div class="foot">
          <p class="hint" role="status">
            {foot}
          </p>
          {worth(d) && <Sure t={t} label={t('anew')} yes={act((k) => k.anew())} />}
        </div>
      ),
      closed: how === 'sent' && !typed,
    })
  }, [how, at, lang, worth(d), typed, state.rest.length])
  useEffect(() => () => show({}), [])

  return (
    <div tabIndex={-1} ref={top}>
      <Problem error={error} />
      {how === 'sent' && (
        <div class="note good" role="status">
          <p>{t('sent')}</p>
          {typed && <p>{t('sent_more')}</p>}
          <div class="buttons">
            <a class="button" href={`#/orders/${d.id}`}>
              {t('see')}
            </a>
            <button type="button" onClick={act((k) => k.anew())}>
              {t('new_one')}
            </button>
          </div>
        </div>
      )}
      {how === 'stale' && other && (
        <section class="card" aria-labelledby="stale" role="alert">
          <h2 id="stale">{t('stale')}</h2>
          <p>{t('stale_pick', { when: told(other.kept_at) })}</p>
          <Snippet b={other} />
          <div class="buttons">
            <button type="button" onClick={act((k) => k.decide(true))}>
              {t('theirs')}
            </button>
            <button type="button" onClick={act((k) => k.decide(false))}>
              {t('mine')}
            </button>
          </div>
        </section>
      )}
      {how === 'kept' && opened && (
        <p class="note good" role="status">
          {t('opened', { when: told(opened) })}
        </p>
      )}
      {state.rest.length > 0 && (
        <section class="card" aria-labelledby="begun">
          <h2 id="begun">{t('begun')}</h2>
          <ul class="rows">
            {state.rest.map((b) => (
              <li key={b.id} class="begun" data-draft={b.id}>
                <p class="hint">{t('begun_at', { when: told(b.kept_at) })}</p>
                <Snippet b={b} />
                <div class="buttons">
                  {!(how === 'full' && worth(d)) && (
                    <button type="button" class={worth(d) ? 'go-on' : 'go-on primary'} onClick={act(goOn(b))}>
                      {t('go_on')}
                    </button>
                  )}
                  <Sure t={t} label={t('throw_away')} yes={act((k) => k.throwAway(b))} />
                </div>
              </li>
            ))}
          </ul>
          {!worth(d) && <p class="hint">{t('or_new')}</p>}
        </section>
      )}
    </div>
  )
}

/** What the account last had of this question, as far as one would miss it. */
function sentAs(d: Draft): string {
  try {
    const b = JSON.parse(d.base) as { question: string; attachments: { id: string }[] }
    return JSON.stringify([b.question, b.attachments.map((f) => f.id)])
  } catch {
    return ''
  }
}

/** The beginning of what was typed, and how many files there are. */
function Snippet({ b }: { b: Begun }) {
  const text = b.question.trim()
  const long = [...text].length > 60
  const say = useSay()
  return (
    <>
      {text && <p class="quote">{long ? [...text].slice(0, 60).join('') + '…' : text}</p>}
      {b.attachments.length > 0 && (
        <p>
          <span class="hint">{say('files')}</span> {b.attachments.map((f) => f.name).join(', ')}
        </p>
      )}
    </>
  )
}

/** A button that asks once more before it does what can't be undone. */
function Sure({ t, label, yes }: { t: ReturnType<typeof speakIn>; label: string; yes: () => void }) {
  const [asks, setAsks] = useState(false)
  if (!asks)
    return (
      <button type="button" class="link throw-away" onClick={() => setAsks(true)}>
        {label}
      </button>
    )
  return (
    <div role="group" aria-label={label}>
      <p>{t('sure')}</p>
      <div class="buttons">
        <button type="button" class="sure" onClick={() => (setAsks(false), yes())}>
          {t('sure_yes')}
        </button>
        <button type="button" ref={(e) => e?.focus()} onClick={() => setAsks(false)}>
          {t('sure_no')}
        </button>
      </div>
    </div>
  )
}
