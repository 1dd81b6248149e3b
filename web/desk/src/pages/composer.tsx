// The reply and, beside it, what it still needs, line by line while one types.
// The server decides; its messages come to the fields. (B6.2.1.2a-f)

import { useEffect, useState } from 'react'
import { createPortal } from 'react-dom'
import * as api from '../../../shared/api'
import { now } from '../../../shared/api'
import * as drafts from '../../../shared/draft'
import { enough, own } from '../../../shared/length'
import { dateIn, onDay } from '../../../shared/time'
import type { CheckItem, Order, Saved } from '../../../shared/types'
import { beginning, body, rules, seen, type AnswerDraft, type Rule } from './answerdraft'
import { useApp, useLang, useSay, useVerb, type Say } from '../app'
import { Button, Input } from '../controls'
import { AddFiles, useFiles } from './attachments'
import { BasisFields } from './basis'
import { at, Field, onSubmit, Problem, Send } from '../parts'
import { useMatch } from '../theme'
import { useWords } from './desktexts'
import { filled, valuesOf } from './saved'
import { SlashText } from './slash'

/** slot: where the checklist stands; without one it stands below the fields. */
export function Composer({ o, slot }: { o: Order; slot: HTMLElement | null }) {
  const t = useSay()
  const w = useWords()
  const key = 'answer.' + o.id
  const [d, setD] = useState(() => drafts.load(key, beginning()))
  useEffect(() => drafts.save(key, d), [d])
  const put = (change: Partial<AnswerDraft>) => setD((old) => ({ ...old, ...change }))
  const said = useServerCheck(o.id, d)
  const files = useFiles(o.id, key)
  const send = useVerb(
    async () => api.answer(o.id, body(d), o.rev, await files.settled()),
    () => {
      drafts.drop(key)
      files.drop()
    },
  )
  const err = send.error
  useEffect(() => {
    if (err) document.querySelector<HTMLElement>('#compose [aria-invalid=true], #compose .wrong input')?.focus()
  }, [err])
  const { me, lang } = useApp()
  const values = valuesOf(o, me.name ?? '', onDay(dateIn(now()), lang))
  const macro = (field: 'text' | 'judgement') => (s: Saved) => setD((old) => ({ ...old, ...filled(old, s, field, values) }))
  const narrow = useMatch('(max-width: 75rem)')
  const checks = (
    <aside className="checks card" aria-label={t('checklist')}>
      <Checklist seen={seen(d)} said={said} t={t} />
      {err && !['text', 'judgement', 'basis', 'no_basis_reason', 'advice', 'attachments'].some((f) => at(err, f)) && <Problem error={err} />}
      <Send pending={send.isPending} form="compose">
        {t('send_answer')}
      </Send>
      <p className="hint">{t('draft_kept')}</p>
    </aside>
  )
  const n = own(d.text)
  return (
    <>
      <form
        id="compose"
        className="card composer"
        aria-label={t('compose')}
        onSubmit={onSubmit(() => send.mutate(undefined))}
        onKeyDown={(e) => {
          if (e.key === 'Enter' && (e.ctrlKey || e.metaKey)) send.mutate(undefined)
        }}
        noValidate
      >
        <h2>{t('compose')}</h2>
        <p className="hint">
          {t('compose_auto')} {w('slash_hint')}
        </p>
        <Field id="judgement" label={t('judgement')} hint={t('judgement_hint')} error={at(err, 'judgement')}>
          {(aria) => <SlashText {...aria} field="judgement" rows={3} value={d.judgement} values={values} onChange={(judgement) => put({ judgement })} onMacro={macro('judgement')} />}
        </Field>
        <Field id="text" label={t('text')} hint={t('text_hint')} error={at(err, 'text')}>
          {(aria) => <SlashText {...aria} field="text" rows={7} value={d.text} values={values} onChange={(text) => put({ text })} onMacro={macro('text')} />}
        </Field>
        <p className={n >= enough ? 'count ok' : 'count'}>{n >= enough ? t('length', { n }) : t('length_missing', { n, m: enough - n })}</p>
        <BasisFields d={d} put={put} error={at(err, 'basis') ?? at(err, 'no_basis_reason')} />
        <AdviceFields d={d} put={put} error={at(err, 'advice')} />
        <AddFiles files={files} error={at(err, 'attachments')} />
      </form>
      {slot && !narrow ? createPortal(checks, slot) : checks}
    </>
  )
}

function Checklist({ seen, said, t }: { seen: Record<Rule, boolean>; said: CheckItem[]; t: Say }) {
  return (
    <>
      <h3>{t('checklist')}</h3>
      <ul className="checklist" aria-live="polite">
        {rules.map((r) => {
          const server = said.find((x) => x.rule === r)
          // The page sees at once what is missing; the server may see more (a statute that isn't there).
          const ok = seen[r] && server?.ok !== false
          return (
            <li key={r} className={ok ? 'ok' : 'no'} data-rule={r}>
              <span aria-hidden="true">{ok ? '✓' : '○'}</span> {t(`c_${r}`)} <small>{t(ok ? 'ok' : 'missing')}</small>
              {seen[r] && !ok && <p>{server?.message}</p>}
            </li>
          )
        })}
      </ul>
    </>
  )
}

/** What the server finds, asked when typing rests. Empty again with each key. */
function useServerCheck(id: string, d: AnswerDraft): CheckItem[] {
  const lang = useLang()
  const [items, setItems] = useState<CheckItem[]>([])
  const sign = JSON.stringify(body(d))
  useEffect(() => {
    setItems([])
    let dead = false
    const timer = setTimeout(() => {
      api.check(id, body(d)).then(
        (r) => !dead && setItems(r.items),
        () => {}, // the page's own view stays; sending tells
      )
    }, 700)
    return () => {
      dead = true
      clearTimeout(timer)
    }
  }, [sign, id, lang])
  return items
}

interface PartProps {
  d: AnswerDraft
  put: (c: Partial<AnswerDraft>) => void
  error: string | undefined
}

function AdviceFields({ d, put, error }: PartProps) {
  const t = useSay()
  return (
    <fieldset className={error ? 'wrong' : ''} aria-describedby={error ? 'advice-error' : undefined}>
      <legend>{t('advice')}</legend>
      <p className="hint">{t('advice_hint')}</p>
      {d.advice.map((x, i) => (
        <div className="pair" key={i}>
          <Input.TextArea
            rows={2}
            id={i === 0 ? 'advice' : undefined}
            aria-label={t('advice_n', { n: i + 1 })}
            aria-invalid={error ? true : undefined}
            value={x}
            onChange={(e) => put({ advice: d.advice.map((y, j) => (j === i ? e.target.value : y)) })}
          />
          {d.advice.length > 1 && (
            <Button type="text" aria-label={t('remove_n', { n: i + 1 })} onClick={() => put({ advice: d.advice.filter((_, j) => j !== i) })}>
              {t('remove')}
            </Button>
          )}
        </div>
      ))}
      <Button onClick={() => put({ advice: [...d.advice, ''] })}>
        {t('add_advice')}
      </Button>
      {error && (
        <p className="error" id="advice-error" role="alert">
          {error}
        </p>
      )}
    </fieldset>
  )
}
