// How long the server takes over each page, as each role that may open it: node bench.mjs DATA [TIMES]
// DATA is a demonstration that exists. The slowest page first; time from asking to the last byte, on this machine.
import { request } from 'node:http'
import { doors, start } from './lib/service.mjs'
import { chromium } from 'playwright-core'
import { Visitor } from './lib/visitor.mjs'

const times = Number(process.argv[3] ?? 20)
const service = await start(process.argv[2])
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] })
const table = doors().filter((door) => door.method === 'GET' && door.signed_in)
const fits = (door, path) => new RegExp('^' + door.path.replaceAll('.', '\\.').replace(/\{[^}]*\}/g, '[^/]+') + '$').test(path.split(/[?#]/)[0])
const doorOf = (path) => table.filter((door) => fits(door, path)).sort((a, b) => a.path.split('{').length - b.path.split('{').length)[0]

/** Milliseconds, or nothing for what is no page. */
function ask(path, cookie) {
  return new Promise((resolve, reject) => {
    const began = performance.now()
    request(service.address + path, { headers: { cookie } }, (answer) => {
      answer.resume()
      answer.on('end', () => resolve(answer.statusCode === 200 ? performance.now() - began : undefined))
    }).on('error', reject).end()
  })
}

const lines = []
try {
  for (const role of Object.keys(service.accounts)) {
    const visitor = await Visitor.open(service, browser, role)
    const cookie = (await visitor.context.cookies()).map(({ name, value }) => `${name}=${value}`).join('; ')
    const waiting = table.filter((door) => !door.path.includes('{') && (door.roles.length === 0 || door.roles.includes(role))).map((door) => door.path)
    const seen = new Set()
    while (waiting.length > 0) {
      const path = waiting.shift(), door = doorOf(path)
      if (!door || seen.has(door.path) || (door.roles.length > 0 && !door.roles.includes(role))) continue
      seen.add(door.path)
      const took = []
      for (let i = 0; i < times; ++i) took.push(await ask(path, cookie))
      if (took.includes(undefined)) continue
      took.sort((a, b) => a - b)
      lines.push({ role, path: door.path, p50: took[Math.floor(times / 2)], max: took.at(-1) })
      await visitor.visit(path).catch(() => undefined)
      waiting.push(...await visitor.links().catch(() => []))
    }
    await visitor.context.close()
  }
} finally {
  await browser.close()
  await service.stop()
}
for (const { role, path, p50, max } of lines.sort((a, b) => b.p50 - a.p50))
  console.log(`  ${p50.toFixed(0).padStart(6)} ms  ${max.toFixed(0).padStart(6)} ms at most  ${path}  (${role})`)
const over = lines.filter(({ p50 }) => p50 > 300).length
console.log(`${lines.length} pages, each asked ${times} times; ${over} over 300 ms; slowest median ${Math.max(...lines.map(({ p50 }) => p50)).toFixed(0)} ms`)
