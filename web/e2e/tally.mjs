// What a shift did, counted by itself: it knows what was asked, answered and rated and
// when, and nothing of the program. Ratios as the requirements write them (T6): two
// decimals, half up, n/a of nothing.

const limit = 120 * 60_000
const good = ['very_satisfied', 'satisfied']

export const rate = (num, den) => {
  const hundredths = den && Math.floor((num * 20_000 + den) / (den * 2))
  return { num, den, text: den ? `${Math.floor(hundredths / 100)}.${String(hundredths % 100).padStart(2, '0')} %` : 'n/a' }
}

export class Tally {
  #orders = new Map()
  #complaints = { received: 0, closed: 0 }
  #quality = { inspected: 0, fatal: 0, minor: 0 }

  ids() {
    return [...this.#orders.keys()]
  }

  get(id) {
    return this.#orders.get(id)
  }

  asked(id, at, question) {
    this.#orders.set(id, { asked: at, question })
  }

  /** by: who answered. */
  answered(id, at, by) {
    if (this.get(id).answered) throw new Error('answered twice')
    Object.assign(this.get(id), { answered: at, by })
  }

  breached(id) {
    this.get(id).breached = true
  }

  rated(id, level) {
    this.get(id).level = level
  }

  calledBack(id) {
    this.get(id).called = true
  }

  complained() {
    this.#complaints.received++
  }

  complaintClosed() {
    this.#complaints.closed++
  }

  inspected(inspected, fatal, minor) {
    this.#quality = { inspected, fatal, minor }
  }

  #count(fits) {
    return [...this.#orders.values()].filter(fits).length
  }

  /** How many replies are drawn of each lawyer: 5 % of those rated below satisfied and of the others, rounded up. */
  drawn() {
    const by = new Map()
    for (const o of this.#orders.values()) {
      const n = by.get(o.by) ?? [0, 0]
      n[o.level && !good.includes(o.level) ? 0 : 1]++
      by.set(o.by, n)
    }
    return [...by.values()].flat().reduce((sum, n) => sum + Math.ceil(n * 0.05), 0)
  }

  /** Lawyers with at least 5 ratings of which fewer than 95 % are satisfied. */
  below() {
    const lawyers = [...new Set([...this.#orders.values()].map((o) => o.by))]
    return lawyers.filter((by) => {
      const rated = this.#count((o) => o.by === by && o.level)
      return rated >= 5 && this.#count((o) => o.by === by && good.includes(o.level)) * 100 < rated * 95
    })
  }

  #figures() {
    const n = {
      consultations: this.#orders.size,
      answered: this.#count((o) => o.answered),
      in_time: this.#count((o) => o.answered && o.answered - o.asked <= limit),
      rated: this.#count((o) => o.level),
      satisfied: this.#count((o) => good.includes(o.level)),
      called: this.#count((o) => o.called),
      breaches: this.#count((o) => o.breached || (o.answered && o.answered - o.asked > limit)),
    }
    return { ...n, unhappy: n.rated - n.satisfied }
  }

  /** The cards of the board; on the next day those of the day are of a day without questions. */
  board(sameDay) {
    const f = this.#figures()
    const { inspected, fatal, minor } = this.#quality
    const none = rate(0, 0)
    return {
      waiting: 0,
      in_hand: 0,
      clock_120: 0,
      callbacks_open: f.unhappy - f.called,
      callbacks_overdue: 0,
      consultations: sameDay ? f.consultations : 0,
      answered: sameDay ? f.answered : 0,
      breaches: sameDay ? f.breaches : 0,
      timely_answer_rate: sameDay ? rate(f.in_time, f.answered) : none,
      participation: sameDay ? rate(f.rated, f.answered) : none,
      satisfaction: sameDay ? rate(f.satisfied, f.rated) : none,
      callback_rate: sameDay ? rate(f.called, f.unhappy) : none,
      complaints_received: sameDay ? this.#complaints.received : 0,
      complaints_open: this.#complaints.received - this.#complaints.closed,
      complaints_overdue: 0,
      fatal_error_rate: rate(fatal, inspected),
      non_fatal_error_rate: rate(minor, inspected),
      lawyers_online: 2,
      lawyers_away: 10,
    }
  }

  /**
   * The figures of a report. day, night: of the day of the questions, as it stands now and
   * as it was reported; next: of the day after.
   */
  report(which) {
    const f = which === 'next' ? { consultations: 0, answered: 0, in_time: 0, rated: 0, satisfied: 0, called: 0, breaches: 0, unhappy: 0 } : this.#figures()
    const q = which === 'night' ? { inspected: 0, fatal: 0, minor: 0 } : this.#quality
    const c = which === 'next' ? { received: 0, closed: 0 } : this.#complaints
    const called = which === 'next' ? this.#complaints.received : 0 // their working day ends on the next
    return {
      consultations: f.consultations,
      answered: f.answered,
      open: 0,
      reply_rate: rate(f.answered, f.consultations),
      answered_within_120min: f.in_time,
      timely_answer_rate: rate(f.in_time, f.answered),
      breaches: f.breaches,
      completed: f.answered,
      rated: f.rated,
      participation: rate(f.rated, f.answered),
      satisfied: f.satisfied,
      satisfaction: rate(f.satisfied, f.rated),
      non_satisfied: f.unhappy,
      callbacks_due: f.unhappy,
      callbacks_done: f.called,
      callbacks_late: 0,
      callback_rate: rate(f.called, f.unhappy),
      abandoned: 0,
      inspected: q.inspected,
      fatal_error_rate: rate(q.fatal, q.inspected),
      non_fatal_error_rate: rate(q.minor, q.inspected),
      complaints_received: c.received,
      suggestions: 0,
      complaint_callback_rate: rate(called, called),
      complaints_closed: c.closed,
      complaints_open: this.#complaints.received - this.#complaints.closed,
      complaints_overdue: 0,
      complaints_sensitive: 0,
    }
  }
}
