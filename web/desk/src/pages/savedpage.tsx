// Saved replies: the lawyer's own, and those of the organisation for whom may.

import { useState } from 'react'
import * as api from '../../../shared/api'
import { newID } from '../../../shared/ident'
import { go } from '../../../shared/route'
import type { Saved, SavedText } from '../../../shared/types'
import { Dialog } from '../above'
import { is, useApp, useLoad, useSay, useVerb } from '../app'
import { Button, Input } from '../controls'
import { at, Empty, Field, Heading, onSubmit, Problem, Send, Wait } from '../parts'
import type { PageProps } from '.'
import { useWords } from './desktexts'
import { fold, placeholders } from './saved'
import { Fills } from './slash'

export default function SavedPage({ route }: PageProps) {
  const which = route.parts[1]
  if (!which) return <List />
  return <Wanted key={which} which={which} />
}

function List() {
  const w = useWords()
  const { me } = useApp()
  const list = useLoad(['saved'], api.savedReplies)
  const [find, setFind] = useState('')
  const words = fold(find.trim())
  const fits = (s: Saved) => fold([s.title, s.keyword, s.text, s.judgement, ...(s.advice ?? [])].join('\n')).includes(words)
  const byTitle = (a: Saved, b: Saved) => a.title.localeCompare(b.title, 'zh')
  return (
    <>
      <Heading>{w('saved_title')}</Heading>
      <p>{w('saved_lead')}</p>
      <div className="filters">
        <label>
          {w('saved_find')} <Input type="search" value={find} onChange={(e) => setFind(e.target.value)} />
        </label>
        {is(me, 'lawyer') && (
          <Button type="primary" href="#/saved/new">
            {w('saved_new')}
          </Button>
        )}
        {is(me, 'operations', 'administrator') && (
          <Button type={is(me, 'lawyer') ? 'default' : 'primary'} href="#/saved/shared">
            {w('saved_new_shared')}
          </Button>
        )}
      </div>
      <Wait of={list}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty>{w('saved_none')}</Empty>
          ) : (
            <>
              {!items.some(fits) && (
                <p className="hint" role="status">
                  {w('saved_none_found')}
                </p>
              )}
              {[false, true].map((shared) => {
                const some = items.filter((s) => s.shared === shared && fits(s)).sort(byTitle)
                return some.length === 0 ? null : (
                  <section key={String(shared)} aria-labelledby={'saved-' + shared}>
                    <h2 id={'saved-' + shared}>{w(shared ? 'saved_shared' : 'saved_own')}</h2>
                    <ul className="saved-cards">
                      {some.map((s) => (
                        <One key={s.id} s={s} />
                      ))}
                    </ul>
                  </section>
                )
              })}
            </>
          )
        }
      </Wait>
    </>
  )
}

function One({ s }: { s: Saved }) {
  const t = useSay()
  const w = useWords()
  const [asking, setAsking] = useState(false)
  const remove = useVerb(() => api.removeSaved(s.id, s.rev), () => setAsking(false))
  return (
    <li className="card">
      <h3>
        {s.title} {s.keyword && <kbd>{s.keyword}</kbd>}
      </h3>
      <p className="quote clip">{s.text || s.judgement}</p>
      <Fills s={s} />
      {s.mine && (
        <div className="buttons">
          <Button size="small" href={'#/saved/' + s.id} aria-label={`${w('saved_change')} ${s.title}`}>
            {w('saved_change')}
          </Button>
          <Button size="small" type="text" danger aria-haspopup="dialog" onClick={() => setAsking(true)} aria-label={`${w('saved_remove')} ${s.title}`}>
            {w('saved_remove')}
          </Button>
        </div>
      )}
      {asking && (
        <Dialog title={w('saved_remove')} onClose={() => setAsking(false)}>
          <p>{w('saved_remove_lead', { title: s.title })}</p>
          <Problem error={remove.error} />
          <div className="buttons">
            <Button danger type="primary" loading={remove.isPending} onClick={() => remove.mutate(undefined)}>
              {w('saved_remove')}
            </Button>
            <Button onClick={() => setAsking(false)}>{t('cancel')}</Button>
          </div>
        </Dialog>
      )}
    </li>
  )
}

/** A new one of one's own ("new"), a new shared one ("shared"), or one that is there. */
function Wanted({ which }: { which: string }) {
  const t = useSay()
  const list = useLoad(['saved'], api.savedReplies)
  if (which === 'new' || which === 'shared') return <Form shared={which === 'shared'} />
  return (
    <Wait of={list}>
      {({ items }) => {
        const s = items.find((x) => x.id === which && x.mine)
        return s ? <Form s={s} shared={s.shared} /> : <Empty>{t('not_found')}</Empty>
      }}
    </Wait>
  )
}

const lines = (s: string) => s.split('\n').map((l) => l.trim()).filter(Boolean)

/** "劳动法 第五十条" in its two parts; undefined where there is no second. */
function citation(line: string): { law: string; article: string } | undefined {
  const m = /^(.*\S)\s+(\S+)$/.exec(line)
  return m ? { law: m[1]!, article: m[2]! } : undefined
}

function Form({ s, shared }: { s?: Saved; shared: boolean }) {
  const t = useSay()
  const w = useWords()
  const [id] = useState(() => s?.id ?? newID())
  const [d, setD] = useState({
    title: s?.title ?? '',
    keyword: s?.keyword ?? '',
    text: s?.text ?? '',
    judgement: s?.judgement ?? '',
    basis: (s?.basis ?? []).map((b) => `${b.law} ${b.article}`).join('\n'),
    advice: (s?.advice ?? []).join('\n'),
  })
  const [tried, setTried] = useState(false)
  const cited = lines(d.basis).map(citation)
  const wrong = cited.some((c) => !c)
  const body = (): SavedText => ({ title: d.title.trim(), keyword: d.keyword.trim(), text: d.text, judgement: d.judgement, basis: cited.filter((c) => c !== undefined), advice: lines(d.advice) })
  const send = useVerb(() => (s ? api.changeSaved(id, s.rev, body()) : api.saveReply(id, shared, body())), () => go('/saved'))
  const submit = () => {
    setTried(true)
    if (d.title.trim() && !wrong) send.mutate(undefined)
  }
  const error = (f: string) => at(send.error, f)
  const put = (f: keyof typeof d) => (e: { target: { value: string } }) => setD({ ...d, [f]: e.target.value })
  return (
    <form className="single" onSubmit={onSubmit(submit)} noValidate>
      <p>
        <a href="#/saved">← {t('back_to_list')}</a>
      </p>
      <Heading>{w(s ? 'saved_edit' : shared ? 'saved_new_shared' : 'saved_new')}</Heading>
      <div className="card">
        <Field id="saved-title" label={t('title')} error={tried && !d.title.trim() ? t('required') : error('title')}>
          {(aria) => <Input {...aria} maxLength={64} value={d.title} onChange={put('title')} />}
        </Field>
        <Field id="saved-keyword" label={w('saved_keyword')} hint={w('saved_keyword_hint')} error={error('keyword')}>
          {(aria) => <Input {...aria} maxLength={32} value={d.keyword} onChange={put('keyword')} />}
        </Field>
        <Field id="saved-text" label={w('saved_text')} hint={w('saved_text_hint', { list: placeholders.map((p) => `{${p}} ${w(`ph_${p}`)}`).join(' · ') })} error={error('text')}>
          {(aria) => <Input.TextArea {...aria} rows={6} maxLength={5000} value={d.text} onChange={put('text')} />}
        </Field>
      </div>
      <section className="card" aria-labelledby="macro">
        <h2 id="macro">{w('saved_macro')}</h2>
        <Field id="saved-judgement" label={t('judgement')} error={error('judgement')}>
          {(aria) => <Input.TextArea {...aria} rows={3} maxLength={2000} value={d.judgement} onChange={put('judgement')} />}
        </Field>
        <Field id="saved-basis" label={w('saved_basis')} error={tried && wrong ? w('saved_basis_bad') : error('basis')}>
          {(aria) => <Input.TextArea {...aria} rows={2} value={d.basis} onChange={put('basis')} />}
        </Field>
        <Field id="saved-advice" label={w('saved_advice')} error={error('advice')}>
          {(aria) => <Input.TextArea {...aria} rows={3} value={d.advice} onChange={put('advice')} />}
        </Field>
      </section>
      <Problem error={send.error} />
      <div className="buttons">
        <Send pending={send.isPending}>{w('saved_save')}</Send>
        <Button href="#/saved">{t('cancel')}</Button>
      </div>
    </form>
  )
}
