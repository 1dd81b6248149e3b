// Asking in three steps: place, question, contact. (B5.2.2, B6.1b)

import type { ComponentChildren } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import * as api from '../../shared/api'
import * as drafts from '../../shared/draft'
import { go } from '../../shared/route'
import { useApp, useSay } from './app'
import { blank, draftKey, region, stepOf, type Draft } from './askdraft'
import { QuestionStep, RegionStep } from './asksteps'
import { Later, settled, type FilesProps } from './files'
import type { KeptProps } from './kept'
import { Field, Heading, Problem, Summary, useSend } from './parts'
import { PhoneAndCode, signInErrors } from './signin'

type Errors = Record<string, string>

/** The control's id for a field of the wire. */
const control: Record<string, string> = {
  region: 'province',
  question: 'question',
  problem_type: 'type',
  'contact.name': 'name',
  'contact.phone': 'phone',
}

export function AskPage() {
  const t = useSay()
  const { lang, me, setMe, refresh } = useApp()
  const [d, setD] = useState<Draft>(() => drafts.load(draftKey, blank()))
  const [code, setCode] = useState('')
  const [errors, setErrors] = useState<Errors>({})
  const { busy, error, send, setError } = useSend()
  const [shown, setShown] = useState<{ foot?: ComponentChildren; closed?: boolean }>({})
  // kept.tsx keeps what is typed in the account of who is signed in; it is fetched for him.
  const hold: KeptProps['hold'] = useRef(null)
  const alive = useRef(true)
  const sent = useRef(false)
  useEffect(() => () => void (alive.current = false), [])
  const swap = (next: Draft) => {
    if (!alive.current) return // signed out: nothing may lie in the tab again
    next = { ...next, name: next.name || me?.name || '' }
    drafts.save(draftKey, next)
    setErrors({})
    setError(undefined)
    setD(next)
    scrollTo(0, 0)
  }

  const put = (change: Partial<Draft>) => {
    // What was wrong with a field is no longer said once it changes.
    setErrors((old) => Object.fromEntries(Object.entries(old).filter(([k]) => !(k in change))))
    setD((old) => {
      const next = { ...old, ...change }
      drafts.save(draftKey, next)
      return next
    })
  }
  const mark: KeptProps['mark'] = (id, memory) => {
    if (!alive.current) return
    setD((old) => {
      if (old.id !== id) return old
      const next = { ...old, ...memory }
      drafts.save(draftKey, next)
      return next
    })
  }
  const putFiles: FilesProps['put'] = (change) => {
    setErrors(({ files: _, ...rest }) => rest)
    setD((old) => {
      const next = { ...old, files: change(old.files) }
      drafts.save(draftKey, next)
      return next
    })
  }
  useEffect(() => drafts.save(draftKey, d), [])
  useEffect(() => {
    if (me?.name && !d.name) put({ name: me.name })
  }, [me])
  const typeCode = (s: string) => {
    setCode(s)
    setErrors(({ code: _, ...rest }) => rest)
  }
  const step = Math.min(Math.max(d.step, 1), 3)
  const toStep = (n: number) => {
    setErrors({})
    setError(undefined)
    put({ step: n })
    scrollTo(0, 0)
    document.querySelector('h1')?.focus({ preventScroll: true })
  }

  const missing = (n: number): Errors => {
    const wrong: Errors = {}
    if (n === 1 && !d.place) wrong[d.province ? (d.city ? 'county' : 'city') : 'province'] = t('region_needed')
    if (n === 2 && !d.question.trim()) wrong.question = t('question_needed')
    if (n === 2 && !d.type) wrong.type = t('type_needed')
    if (n === 3 && !d.name.trim()) wrong.name = t('name_needed')
    if (n === 3 && !me && !d.phone.trim()) wrong.phone = t('phone_needed')
    if (n === 3 && !me && !/^\d{6}$/.test(code.trim())) wrong.code = t('code_needed')
    return wrong
  }

  /** Puts the server's field messages at the controls, at the first step that has one. */
  const showRefusal = (err: unknown): boolean => {
    if (!(err instanceof api.Refusal) || !err.fields.size) return false
    const first = Math.min(...[...err.fields.keys()].map(stepOf))
    const wrong: Errors = {}
    for (const [field, message] of err.fields) if (stepOf(field) === first) wrong[field.startsWith('attachments') ? 'files' : (control[field] ?? field)] = message
    if (first !== step) put({ step: first })
    setErrors(wrong)
    return true
  }

  const sendAll = () =>
    send(async () => {
      if (!me) {
        try {
          const { person } = await api.signIn(d.phone.trim(), code.trim())
          setMe({ ...person, unread: person.unread ?? 0 })
        } catch (err) {
          const at = signInErrors(err)
          setErrors(at)
          if (Object.keys(at).length) return
          throw err
        }
      }
      if (hold.current && !(await hold.current.ready())) return
      try {
        const attachments = await settled(d.id, d.files, putFiles)
        const order = await api.ask({
          id: d.id,
          region: region(d),
          question: d.question,
          problem_type: d.type,
          language: lang,
          contact: { name: d.name.trim() },
          source: 'web',
          ...(attachments.length && { attachments }),
        })
        hold.current?.end()
        sent.current = true
        drafts.drop(draftKey)
        void refresh()
        go(`/orders/${order.id}/sent`, true)
      } catch (err) {
        if (!showRefusal(err)) throw err
      }
    })

  const submit = (e: Event) => {
    e.preventDefault()
    const wrong = missing(step)
    setErrors(wrong)
    setError(undefined)
    if (Object.keys(wrong).length) return
    if (step < 3) toStep(step + 1)
    else void sendAll()
  }

  return (
    <>
      {!shown.closed && <p class="steps">{t('step', { n: step })}</p>}
      <Heading>{t(shown.closed ? 'sent_title' : step === 1 ? 'step_1' : step === 2 ? 'step_2' : 'step_3')}</Heading>
      {!shown.closed && <progress class="progress" max={3} value={step} aria-label={t('step', { n: step })} />}
      {me?.roles.includes('citizen') && <Later quiet load={() => import('./kept')} props={{ d, busy: busy || sent.current, swap, mark, show: setShown, hold }} />}
      <form class="card" onSubmit={submit} noValidate hidden={shown.closed}>
        <Summary errors={errors} />
        {step === 1 && <RegionStep d={d} put={put} errors={errors} />}
        {step === 2 && <QuestionStep d={d} put={put} putFiles={putFiles} errors={errors} />}
        {step === 3 && <ContactStep {...{ d, put, code, setCode: typeCode, errors, toStep }} />}
        <Problem error={error} />
        <div class="buttons">
          <button class="primary" disabled={busy}>
            {busy ? t('sending') : step < 3 ? t('next') : t('send')}
          </button>
          {step > 1 && (
            <button type="button" onClick={() => toStep(step - 1)}>
              {t('back')}
            </button>
          )}
        </div>
      </form>
      {shown.foot ?? (step > 1 && !shown.closed && <p class="hint">{t('saved')}</p>)}
    </>
  )
}

interface ContactProps {
  d: Draft
  put: (c: Partial<Draft>) => void
  code: string
  setCode: (s: string) => void
  errors: Errors
  toStep: (n: number) => void
}

function ContactStep({ d, put, code, setCode, errors, toStep }: ContactProps) {
  const t = useSay()
  const { me } = useApp()
  return (
    <>
      <Field id="name" label={t('your_name')} hint={t('name_hint')} error={errors.name}>
        {(aria) => <input {...aria} autocomplete="name" value={d.name} onInput={(e) => put({ name: e.currentTarget.value })} />}
      </Field>
      {me ? (
        <p class="note">{t('phone_signed_in')}</p>
      ) : (
        <PhoneAndCode phone={d.phone} setPhone={(phone) => put({ phone })} code={code} setCode={setCode} hint={t('phone_hint')} errors={errors} />
      )}
      <section class="review" aria-labelledby="review">
        <h2 id="review">{t('review')}</h2>
        <p>
          {d.place}{' '}
          <button type="button" class="link" onClick={() => toStep(1)} aria-label={`${t('change')}: ${t('step_1')}`}>
            {t('change')}
          </button>
        </p>
        <p>
          <b>{d.typeName}</b>{' '}
          <button type="button" class="link" onClick={() => toStep(2)} aria-label={`${t('change')}: ${t('step_2')}`}>
            {t('change')}
          </button>
        </p>
        <p class="quote">{d.question}</p>
        {d.files.length > 0 && (
          <p>
            <span class="hint">{t('files')}</span> {d.files.map((f) => f.name).join(', ')}
          </p>
        )}
      </section>
    </>
  )
}
