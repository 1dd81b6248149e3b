import { useEffect, useState } from 'preact/hooks'
import * as api from '../../shared/api'
import { go } from '../../shared/route'
import { useApp, useSay } from './app'
import { Field, Heading, Problem, Summary, useSend } from './parts'

interface CodeProps {
  phone: string
  setPhone: (s: string) => void
  code: string
  setCode: (s: string) => void
  hint?: string
  errors: Record<string, string>
}

/** Phone, the button that sends a code, and the code. Used here and as part of the question. */
export function PhoneAndCode({ phone, setPhone, code, setCode, hint, errors }: CodeProps) {
  const t = useSay()
  const { busy, error, send, setError } = useSend()
  const [wait, setWait] = useState(0)
  const [sent, setSent] = useState(false)
  const [missing, setMissing] = useState('')
  useEffect(() => {
    if (!wait) return
    const timer = setTimeout(() => setWait(wait - 1), 1000)
    return () => clearTimeout(timer)
  }, [wait])
  const sendCode = () => {
    if (!phone.trim()) {
      setMissing(t('phone_needed'))
      document.getElementById('phone')?.focus()
      return
    }
    setMissing('')
    void send(async () => {
      await api.sendCode(phone.trim())
      setSent(true)
      setWait(60)
      document.getElementById('code')?.focus()
    })
  }
  const atPhone = error instanceof api.Refusal ? error.at('phone') : undefined
  return (
    <>
      <Field id="phone" label={t('phone')} hint={hint} error={errors.phone || missing || atPhone}>
        {(aria) => (
          <input
            {...aria}
            type="tel"
            autocomplete="tel"
            value={phone}
            onInput={(e) => {
              setPhone(e.currentTarget.value)
              setMissing('')
              setError(undefined)
            }}
          />
        )}
      </Field>
      <p>
        <button type="button" disabled={busy || wait > 0} onClick={sendCode}>
          {wait > 0 ? t('code_wait', { n: wait }) : sent ? t('code_resend') : t('code_send')}
        </button>
      </p>
      {!atPhone && <Problem error={error} />}
      {sent && !error && (
        <p class="note good" role="status">
          {t('code_sent')}
        </p>
      )}
      <Field id="code" label={t('code')} hint={t('code_hint')} error={errors.code}>
        {(aria) => (
          <input
            {...aria}
            class="short"
            inputMode="numeric"
            autocomplete="one-time-code"
            maxLength={8}
            value={code}
            onInput={(e) => setCode(e.currentTarget.value)}
          />
        )}
      </Field>
    </>
  )
}

/** Messages of a refused sign-in, by the id of the control. */
export function signInErrors(e: unknown): Record<string, string> {
  const out: Record<string, string> = {}
  if (!(e instanceof api.Refusal)) return out
  const phone = e.at('phone')
  const code = e.at('code')
  if (phone) out.phone = phone
  if (code) out.code = code
  return out
}

export function SignInPage({ next }: { next: string }) {
  const t = useSay()
  const { me, setMe, refresh } = useApp()
  const [phone, setPhone] = useState('')
  const [code, setCode] = useState('')
  const [errors, setErrors] = useState<Record<string, string>>({})
  const { busy, error, send, setError } = useSend()
  const to = next.startsWith('/') ? next : '/'
  useEffect(() => {
    if (me) go(to === '/' ? '/orders' : to, true)
  }, [me])
  const submit = (e: Event) => {
    e.preventDefault()
    const wrong: Record<string, string> = {}
    if (!phone.trim()) wrong.phone = t('phone_needed')
    if (!/^\d{6}$/.test(code.trim())) wrong.code = t('code_needed')
    setErrors(wrong)
    setError(undefined)
    if (Object.keys(wrong).length) return
    void send(async () => {
      try {
        const { person } = await api.signIn(phone.trim(), code.trim())
        setMe({ ...person, unread: person.unread ?? 0 })
        void refresh()
      } catch (err) {
        const at = signInErrors(err)
        setErrors(at)
        if (!Object.keys(at).length) throw err
      }
    })
  }
  return (
    <>
      <Heading>{t('sign_in_title')}</Heading>
      <p class="lead">{to === '/' ? t('sign_in_lead') : t('sign_in_first')}</p>
      <form class="card" onSubmit={submit} noValidate>
        <Summary errors={errors} />
        <PhoneAndCode {...{ phone, setPhone, code, setCode, errors }} />
        <Problem error={error} />
        <button class="primary" disabled={busy}>
          {busy ? t('sending') : t('sign_in')}
        </button>
      </form>
    </>
  )
}
