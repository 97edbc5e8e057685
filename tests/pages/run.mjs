// Every page that somebody may open, as every role that may, and the states that walks make of them.
//   node run.mjs [--screenshots FOLDER] [--only ROLE,ROLE]
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium } from 'playwright-core'
import { accessible, keep, keyboard, narrow, valid } from './lib/checks.mjs'
import { doors, start } from './lib/service.mjs'
import { Visitor } from './lib/visitor.mjs'

const option = (name) => { const at = process.argv.indexOf(name); return at < 0 ? undefined : process.argv[at + 1] }
const screenshots = option('--screenshots'), only = option('--only')?.split(',')
const roles = ['', 'provider-submitter', 'provider-manager', 'contract-monitoring-officer', 'complaints-officer', 'auditor',
  'guardian', 'administrator', 'outside-reader']

// Not pages: files that pages name, and what machines read.
const files = new Set(['/assets/{file}', '/assets/colour/{file}', '/.well-known/security.txt'])

// Of findings that were chosen: only a walk opens it.
const asked = new Set(['/findings/act'])

const table = doors().filter((door) => door.method === 'GET' && !files.has(door.path))
const fits = (door, path) => new RegExp('^' + door.path.replaceAll('.', '\\.').replace(/\{[^}]*\}/g, '[^/]+') + '$').test(path.split(/[?#]/)[0])
const admits = (door, role) => !door.signed_in || (role && (door.roles.length === 0 || door.roles.includes(role)))
/** The door a path goes through; a fixed part goes before one in braces. */
const doorOf = (path) => table.filter((door) => fits(door, path)).sort((a, b) => a.path.split('{').length - b.path.split('{').length)[0]

const folder = mkdtempSync(join(tmpdir(), 'answerable-html-'))
const service = await start()
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] })
if (screenshots) { rmSync(screenshots, { recursive: true, force: true }); mkdirSync(screenshots, { recursive: true }) }

/** The checkers are scripts: they run on a copy of a page, in a browser window where scripts are on, beside what goes on. */
class Desk {
  #page
  #last = Promise.resolve()
  #copied = ''

  static async open() {
    const desk = new Desk()
    desk.#page = await (await browser.newContext()).newPage()
    await desk.#page.route(`${service.address}/copy-of-page`, (route) => route.fulfill({ contentType: 'text/html; charset=utf-8', body: desk.#copied }))
    return desk
  }

  /** Checks it once what was given before is done. */
  check(title, html) {
    this.#last = this.#last.then(async () => {
      this.#copied = html
      await this.#page.setViewportSize({ width: 1280, height: 900 })
      await this.#page.goto(`${service.address}/copy-of-page`)
      const wrong = [...await accessible(this.#page), ...await keyboard(this.#page), ...await narrow(this.#page)]
      for (const sentence of wrong) faults.push(`${title}: ${sentence}`)
      if (process.env.VERBOSE) console.error(seconds(), 'checked', title, ...wrong)
    }).catch((error) => { faults.push(`${title}: could not be checked: ${error.stack.split('\n').slice(0, 4).join(' ')}`) })
  }
  done() { return this.#last }
}
const desks = [await Desk.open(), await Desk.open()]

const tallest = 12_000  // pixels of a picture: the guides are longer, and all alike further down
const faults = [], looked = new Map(), checked = new Set(), frames = new Set(), reached = new Set(), linked = new Map()

/** Looks at the page the visitor has open. Equal pages (but for who is signed in) are checked once. */
async function look(visitor, name, html) {
  const { page, role } = visitor
  if (process.env.VERBOSE) console.error(seconds(), role || 'nobody', name)
  const title = `${role || 'nobody'} ${name}`
  const file = `${title.replaceAll(/[^a-zA-Z0-9]+/g, '-')}.html`
  html ??= await page.content()
  looked.set(file, title)
  keep(folder, file, html)
  // What differs between two pages in nothing but their words is checked once; so are the parts around it, once a role.
  const shape = html.replaceAll(/>[^<]*</g, '><').replaceAll(/ (value|href|id|for|name|action|datetime|aria-[a-z]*|[xyd]|width|height)="[^"]*"/g, '')
  // A document that stands alone has no parts around it.
  const main = shape.slice(Math.max(shape.indexOf('<main'), 0)), frame = shape.includes('app-sign-out') ? role : ''
  if (screenshots) {
    for (const [width, height, end] of [[320, 640, '-320.png'], [1280, 900, '.png']]) {
      await page.setViewportSize({ width, height })
      await page.screenshot({ path: join(screenshots, file.replace('.html', end)), fullPage: true, timeout: 120_000,
        clip: { x: 0, y: 0, width, height: Math.min(await page.evaluate(() => document.documentElement.scrollHeight), tallest) } })
    }
    return
  }
  if (checked.has(main) && frames.has(frame)) return
  checked.add(main)
  frames.add(frame)
  desks[checked.size % desks.length].check(title, html)
}

/** Every door without braces, then one page behind each door with them that links lead to: those of walks come last. */
async function crawl(visitor) {
  const waiting = table.filter((door) => !door.path.includes('{') && !asked.has(door.path) && admits(door, visitor.role)).map((door) => door.path)
  const seen = new Set(), later = (linked.get(visitor.role) ?? []).filter((path) => doorOf(path) && !reached.has(`${visitor.role} ${doorOf(path).path}`))
  while (waiting.length + later.length > 0) {
    const path = waiting.shift() ?? later.shift(), door = doorOf(path)
    if (!door || seen.has(door.path) || !admits(door, visitor.role)) continue
    seen.add(door.path)
    const response = await visitor.page.request.get(path)
    reached.add(`${visitor.role} ${door.path}`)
    if (response.status() >= 400) faults.push(`${visitor.role || 'nobody'} ${path}: answered ${response.status()}`)
    if (!(response.headers()['content-type'] ?? '').startsWith('text/html')) continue
    if (screenshots) await visitor.visit(path)
    const html = await response.text()
    await look(visitor, door.path === '/' ? 'home' : door.path, html)
    waiting.push(...[...html.matchAll(/ href="(\/[^"]*)"/g)].map(([, href]) => href.replaceAll('&amp;', '&')))
  }
}

const started = Date.now(), seconds = () => ((Date.now() - started) / 1000).toFixed(1)
const walks = readdirSync(new URL('./walks', import.meta.url)).filter((file) => file.endsWith('.mjs')).sort()
try {
  const visitors = new Map()
  const as = async (role) => {
    if (!visitors.has(role)) visitors.set(role, await Visitor.open(service, browser, role))
    return visitors.get(role)
  }
  const expect = (holds, sentence) => { if (!holds) faults.push(sentence) }
  const wanted = (role) => !only || only.includes(role || 'nobody')
  for (const file of walks) {
    const { walk } = await import(`./walks/${file}`)
    try {
      await walk({ as, browser, service, expect, wanted, look: async (visitor, name) => {
        const path = new URL(visitor.page.url()).pathname
        if (doorOf(path)) reached.add(`${visitor.role} ${doorOf(path).path}`)
        linked.set(visitor.role, [...linked.get(visitor.role) ?? [], ...await visitor.links()])
        await look(visitor, name)
      } })
    } catch (error) {
      faults.push(`walk ${file}: ${error.stack.split('\n').slice(0, 4).join(' ')}`)
    }
  }
  for (const role of roles.filter(wanted)) {
    try {
      await crawl(await as(role))
    } catch (error) {
      faults.push(`${role || 'nobody'}: ${error.stack.split('\n').slice(0, 4).join(' ')}`)
    }
  }
  for (const door of table)
    if (!only && !roles.some((role) => reached.has(`${role} ${door.path}`)))
      faults.push(`${door.path}: no link leads there, and no walk opens it`)
  await Promise.all(desks.map((desk) => desk.done()))
  if (!screenshots)
    for (const [file, sentences] of Object.entries(valid(folder, [...looked.keys()])))
      for (const sentence of new Set(sentences)) faults.push(`${looked.get(file)}: not valid: ${sentence}`)
} finally {
  await browser.close()
  await service.stop()
  rmSync(folder, { recursive: true, force: true })
}
for (const fault of faults) console.log(fault)
console.log(`${looked.size} pages looked at, ${checked.size} of them unlike each other; ${table.length} doors; ${faults.length} faults; ${seconds()} s`)
process.exit(faults.length === 0 ? 0 : 1)
