// How long the server takes over each page, as each role that may open it: node bench.mjs DATA [TIMES]
// DATA is a demonstration that exists; the walks make its states first. A page is asked once to warm it, then TIMES. Its time is
// from asking to the last byte; beside others at work on the machine, what the programs and their database spent of the processor
// says more. The slowest page first, when its first byte came, and how many rows it shows. Searches within records come after the
// pages: for words that most records hold, that some do, and that none does.
import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, readlinkSync, realpathSync } from 'node:fs'
import { request } from 'node:http'
import { join } from 'node:path'
import { chromium } from 'playwright-core'
import { doors, start } from './lib/service.mjs'
import { Visitor } from './lib/visitor.mjs'

const limit = 300
const times = Number(process.argv[3] ?? 7)
const most_kinds = 12 // of questions asked of one door
const purposes = { 'contract-monitoring-officer': 'monitoring', 'complaints-officer': 'complaint', auditor: 'audit', guardian: 'audit',
  'outside-reader': 'complaint' }

const service = await start(process.argv[2])
const cluster = realpathSync(join(process.argv[2], 'postgres'))
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] })
const table = doors().filter((door) => door.method === 'GET' && door.signed_in)
const fits = (door, path) => new RegExp('^' + door.path.replaceAll('.', '\\.').replace(/\{[^}]*\}/g, '[^/]+') + '$').test(path.split(/[?#]/)[0])
const doorOf = (path) => table.filter((door) => fits(door, path)).sort((a, b) => a.path.split('{').length - b.path.split('{').length)[0]
const admits = (door, role) => door.roles.length === 0 || door.roles.includes(role)

/** The door, and which questions are asked of it: filters, a page's number, an order. */
function kindOf(door, path) {
  const asked = [...new URL(path, service.address).searchParams].filter(([, value]) => value).map(([name]) => name)
  return asked.length > 0 ? `${door.path}?${[...new Set(asked)].sort().join('&')}` : door.path
}

/** {took, first, rows}: milliseconds to the last byte and to the first, and rows of tables and lists; nothing for what is no page.
 *  With a form it is posted. */
function ask(path, cookie, form) {
  return new Promise((resolve, reject) => {
    const began = performance.now()
    const type = form && { 'content-type': 'application/x-www-form-urlencoded', origin: service.address }
    request(service.address + path, { method: form ? 'POST' : 'GET', headers: { cookie, ...type } }, (answer) => {
      const pieces = []
      let first
      answer.on('data', (piece) => { first ??= performance.now() - began; pieces.push(piece) })
      answer.on('end', () => {
        const took = performance.now() - began, text = Buffer.concat(pieces).toString('latin1')
        const lines = (answer.headers['content-type'] ?? '').startsWith('text/html') ? text.match(/<tr|<li/g) : text.match(/\n/g)
        resolve(answer.statusCode === 200 ? { took, first: first ?? took, rows: lines?.length ?? 0 } : undefined)
      })
    }).on('error', reject).end(form)
  })
}

/** Milliseconds of processor spent so far by the service and by the database in DATA. */
function spent() {
  let ticks = 0
  for (const process of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const stat = readFileSync(`/proc/${process}/stat`, 'utf8'), fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
      const ours = process === String(service.pid) || fields[1] === String(service.pid) || readlinkSync(`/proc/${process}/cwd`) === cluster
      if (ours) ticks += Number(fields[11]) + Number(fields[12])
    } catch { /* it has ended */ }
  }
  return ticks * 10
}

async function measure(path, cookie, form) {
  const warm = await ask(path, cookie, form)
  if (!warm) return undefined
  const took = [], first = [], before = spent()
  for (let i = 0; i < times; ++i) {
    const answer = await ask(path, cookie, form) ?? warm
    took.push(answer.took)
    first.push(answer.first)
  }
  const processor = (spent() - before) / times
  for (const all of [took, first]) all.sort((a, b) => a - b)
  return { processor, p50: took[Math.floor(times / 2)], first: first[Math.floor(times / 2)], max: Math.max(warm.took, took.at(-1)), rows: warm.rows }
}

/** Searches within records, whose words are read after an intake: nothing is searched before that is done. */
async function searches(visitor, role, cookie) {
  await visitor.visit('/search')
  const csrf = await visitor.page.locator('form[action="/search/records"] [name=csrf]').getAttribute('value')
  for (const within of ['system', 'review plan', 'mornings are hardest', 'unheard-of']) {
    const form = new URLSearchParams({ csrf, within, purpose: purposes[role], reference: 'C-00001' }).toString()
    const measured = await measure('/search/records', cookie, form)
    if (measured) lines.push({ role, page: `/search/records for "${within}"`, ...measured })
  }
}

/** Until the words of all records are read. */
async function read() {
  const waiting = () => execFileSync('psql', ['-X', '-At', '-h', join(process.argv[2], 'run'), '-U', 'answerable_owner', 'answerable', '-c',
    'SELECT count(*) FROM answerable.counter LEFT JOIN answerable.words_read USING (authority) WHERE coalesce(below, 0) < next_record'], { encoding: 'utf8' }).trim()
  while (waiting() !== '0') await new Promise((resolve) => setTimeout(resolve, 1000))
}

/** What people do makes pages that links alone do not lead to. On a council that was walked before, little is left to do. */
async function walk(as) {
  const walks = readdirSync(new URL('./walks', import.meta.url)).filter((file) => file.endsWith('.mjs')).sort()
  for (const file of walks) {
    const { walk } = await import(`./walks/${file}`)
    await walk({ as, browser, service, expect: () => {}, wanted: () => true, look: async () => {} })
      .catch((error) => console.error(`walk ${file} ended early: ${error.message.split('\n')[0]}`))
  }
  for (const [role, purpose] of Object.entries(purposes)) {
    const visitor = await as(role)
    await visitor.visit('/people/open')
    await visitor.send({ identifier: 'case:C-00001', purpose, reference: 'C-00001' }, 'Open')
    visitor.opened = new URL(visitor.page.url()).pathname
  }
}

const lines = []
try {
  const visitors = new Map()
  const as = async (role) => {
    if (!visitors.has(role)) visitors.set(role, await Visitor.open(service, browser, role))
    return visitors.get(role)
  }
  await walk(as)
  await read()
  for (const role of Object.keys(service.accounts)) {
    const visitor = await as(role)
    const cookie = (await visitor.context.cookies()).map(({ name, value }) => `${name}=${value}`).join('; ')
    const waiting = table.filter((door) => !door.path.includes('{') && admits(door, role)).map((door) => door.path)
    if (visitor.opened) waiting.push(visitor.opened)
    if (purposes[role] && role !== 'outside-reader') await searches(visitor, role, cookie)
    const seen = new Set(), kinds = new Map()
    while (waiting.length > 0) {
      const path = waiting.shift(), door = doorOf(path)
      if (!door || !admits(door, role) || seen.has(kindOf(door, path)) || (kinds.get(door) ?? 0) >= most_kinds) continue
      const page = kindOf(door, path), measured = await measure(path, cookie)
      if (!measured) continue
      seen.add(page)
      kinds.set(door, (kinds.get(door) ?? 0) + 1)
      lines.push({ role, page, ...measured })
      await visitor.visit(path).catch(() => undefined)
      waiting.push(...await visitor.links().catch(() => []))
    }
  }
} finally {
  await browser.close()
  await service.stop()
}
lines.sort((a, b) => b.p50 - a.p50)
const show = ({ role, page, p50, first, max, processor, rows }) =>
  console.log(`  ${p50.toFixed(0).padStart(6)} ms  ${max.toFixed(0).padStart(6)} ms at most  first byte ${first.toFixed(0).padStart(4)} ms  ${processor.toFixed(0).padStart(5)} ms of processor  ${String(rows).padStart(6)} rows  ${page}  (${role})`)
lines.forEach(show)
console.log('The slowest ten:')
lines.slice(0, 10).forEach(show)
const over = lines.filter(({ p50 }) => p50 > limit).length, costly = lines.filter(({ processor }) => processor > limit).length
console.log(`${lines.length} pages, each asked ${times} times; ${over} over ${limit} ms, ${costly} by processor time; slowest median ${lines[0].p50.toFixed(0)} ms`)
